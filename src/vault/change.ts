// What `set` does to an entry, and what may be stored at all. Pure: the time is a parameter.

import { SecretctlError } from '../errors.js';
import type { EntryMeta, SecretType, SecretValue, VaultEntry } from './entry.js';

/** What is not named stays as it was; `null` takes a thing away. */
export interface EntryChange {
  /** Replaces the whole value. */
  readonly value?: SecretValue;
  /** Sets these fields and keeps the others. */
  readonly fields?: ReadonlyMap<string, string>;
  /** Marks fields as a connection; otherwise the type follows the value. */
  readonly type?: 'connection';
  readonly tags?: readonly string[];
  readonly note?: string | null;
  /** ISO 8601, UTC. */
  readonly expires?: string | null;
  readonly restrictions?: VaultEntry['restrictions'];
}

/** Linux takes at most 131,072 bytes for one variable, its name included. */
export const MAX_VALUE_BYTES = 131_000;
const MAX_HISTORY = 10;
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;
export const FIELD = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const FIELD_HINT = 'a field is 1 to 64 letters, digits and . _ - and begins with a letter, a digit or _';

/** The next version of `previous`, or the first one. Throws `bad-data` or `usage`; no text of it holds a value. */
export function applyChange(
  name: string,
  previous: VaultEntry | undefined,
  change: EntryChange,
  now: Date,
): VaultEntry {
  checkName(name);
  const value = nextValue(name, previous?.value, change);
  const meta = nextMeta(previous, value, change);
  const restrictions = change.restrictions ?? previous?.restrictions ?? {};
  const version = (previous?.version ?? 0) + 1;
  const created = now.toISOString();
  if (previous === undefined) return { name, value, meta, restrictions, version, created, history: [] };
  if (isSameValue(previous.value, value)) return { ...previous, meta, restrictions, version };
  const past = { value: previous.value, version: previous.version, created: previous.created };
  const history = [past, ...previous.history].slice(0, MAX_HISTORY);
  return { name, value, meta, restrictions, version, created, history };
}

export function checkName(name: string): void {
  if (NAME.test(name)) return;
  const hint = 'a name is 1 to 128 letters, digits and . _ / - and begins with a letter or digit';
  throw new SecretctlError('usage', `"${name}" is no name of a secret`, hint);
}

function nextValue(name: string, previous: SecretValue | undefined, change: EntryChange): SecretValue {
  const value =
    change.fields === undefined
      ? (change.value ?? previous)
      : withFields(name, change.value ?? previous, change.fields);
  if (value === undefined) throw new SecretctlError('usage', `the secret ${name} has no value yet`);
  checkValue(name, value);
  return value;
}

function withFields(name: string, previous: SecretValue | undefined, fields: ReadonlyMap<string, string>): SecretValue {
  if (typeof previous !== 'string') return new Map([...(previous ?? []), ...fields]);
  const hint = `"secretctl set ${name}" replaces the text; to give it fields, first "secretctl delete ${name}"`;
  throw new SecretctlError('usage', `the secret ${name} is one text without fields`, hint);
}

function checkValue(name: string, value: SecretValue): void {
  if (typeof value === 'string') return checkText(name, value);
  if (value.size === 0) throw new SecretctlError('bad-data', `the secret ${name} has no field`);
  for (const [field, text] of value) {
    if (!FIELD.test(field)) throw new SecretctlError('usage', `"${field}" is no name of a field`, FIELD_HINT);
    checkText(`${name}#${field}`, text);
  }
}

function checkText(what: string, text: string): void {
  const refuse = (why: string): SecretctlError => new SecretctlError('bad-data', `the value of ${what} ${why}`);
  if (text === '') throw refuse('is empty');
  if (text.includes('\0')) throw refuse('holds a NUL, which no environment variable can carry');
  if (/\p{Cs}/u.test(text)) throw refuse('is not valid text');
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES) throw refuse(`is longer than ${MAX_VALUE_BYTES} bytes`);
}

function nextMeta(previous: VaultEntry | undefined, value: SecretValue, change: EntryChange): EntryMeta {
  const note = change.note === undefined ? previous?.meta.note : change.note;
  const expires = change.expires === undefined ? previous?.meta.expires : change.expires;
  if (typeof expires === 'string') checkTime(expires);
  return {
    type: nextType(previous?.meta.type, value, change),
    tags: change.tags ?? previous?.meta.tags ?? [],
    ...(typeof note === 'string' && { note }),
    ...(typeof expires === 'string' && { expires }),
  };
}

function nextType(previous: SecretType | undefined, value: SecretValue, change: EntryChange): SecretType {
  if (typeof value === 'string') return 'string';
  const staysConnection = previous === 'connection' && change.value === undefined;
  return change.type ?? (staysConnection ? 'connection' : 'fields');
}

function checkTime(text: string): void {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && time.toISOString() === text) return;
  throw new SecretctlError('usage', `"${text}" is no time in UTC such as 2030-01-31T00:00:00.000Z`);
}

export function isSameValue(one: SecretValue, other: SecretValue): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.size === other.size && [...one].every(([field, text]) => other.get(field) === text);
}
