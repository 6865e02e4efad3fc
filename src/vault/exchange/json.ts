// JSON: what `formatExport` writes, with all that belongs to a secret; or simply names with a text or texts by field.

import { SecretctlError } from '../../errors.js';
import { FIELD, NAME } from '../change.js';
import type { SecretValue } from '../entry.js';
import type { Imported, ImportResult, Skipped } from './imported.js';
import { isObject, parseJson, type JsonObject } from './json-values.js';

/** The version of the format; it stands first in a file. */
export const JSON_VERSION = 1;
const MEMBERS = ['value', 'fields', 'type', 'tags', 'note', 'expires'];

export function fromJson(text: string): ImportResult {
  const file = parseJson(text);
  if (!isObject(file)) throw new SecretctlError('bad-data', 'the JSON is no object of secrets by name');
  const { secretctl, secrets } = file;
  if (typeof secretctl !== 'number')
    return collect(file, (name, value) => ({ name, value: valueOf(name, value), tags: [] }));
  if (secretctl !== JSON_VERSION) {
    throw new SecretctlError('not-supported', 'a newer secretctl wrote this file', 'update secretctl');
  }
  if (!isObject(secrets)) throw new SecretctlError('bad-data', 'the file has no object "secrets"');
  return collect(secrets, ownSecret);
}

function collect(file: JsonObject, read: (name: string, value: unknown) => Imported): ImportResult {
  const secrets: Imported[] = [];
  const skipped: Skipped[] = [];
  for (const [name, plain] of Object.entries(file)) {
    if (!NAME.test(name)) throw new SecretctlError('bad-data', `"${name}" is no name of a secret`);
    const secret = read(name, plain);
    if (isEmpty(secret.value)) skipped.push({ name, why: 'it has no value' });
    else secrets.push(secret);
  }
  return { secrets, skipped };
}

function isEmpty(value: SecretValue): boolean {
  return typeof value === 'string' ? value === '' : value.size === 0;
}

function ownSecret(name: string, plain: unknown): Imported {
  if (!isObject(plain)) throw refuse(name, 'is no object');
  const stranger = Object.keys(plain).find((key) => !MEMBERS.includes(key));
  if (stranger !== undefined) throw refuse(name, `has "${stranger}", which means nothing here`);
  const { value, fields, type, tags = [], note, expires } = plain;
  if ((typeof value === 'string') === isObject(fields)) throw refuse(name, 'needs either a text "value" or "fields"');
  if (type !== undefined && !isTypeOf(type, value)) throw refuse(name, 'has a "type" that does not fit its value');
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string'))
    throw refuse(name, 'has "tags" that are no list of texts');
  return {
    name,
    value: valueOf(name, value ?? fields),
    tags,
    ...optionalText(name, 'note', note),
    ...optionalText(name, 'expires', expires),
    ...(type === 'connection' && { isConnection: true }),
  };
}

function isTypeOf(type: unknown, value: unknown): boolean {
  return typeof value === 'string' ? type === 'string' : type === 'fields' || type === 'connection';
}

function optionalText(name: string, key: 'note' | 'expires', text: unknown): { note?: string; expires?: string } {
  if (text === undefined) return {};
  if (typeof text !== 'string') throw refuse(name, `has a "${key}" that is no text`);
  return { [key]: text };
}

/** Fields without a text are left out, as a secret without one is. */
function valueOf(name: string, plain: unknown): SecretValue {
  if (!isObject(plain)) return plainText(name, plain);
  const fields = Object.entries(plain).map(([field, text]) => {
    if (!FIELD.test(field)) throw refuse(name, `has the field "${field}", which is no name of one`);
    return [field, plainText(`${name}#${field}`, text)] as const;
  });
  return new Map(fields.filter(([, text]) => text !== ''));
}

/** Numbers are taken as they are written (a port); nothing else is guessed. */
function plainText(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw refuse(what, 'is no text');
}

function refuse(what: string, why: string): SecretctlError {
  return new SecretctlError('bad-data', `${what} ${why}`);
}
