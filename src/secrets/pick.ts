// From what a provider said to what one reference asks for. Pure.

import { SecretctlError } from '../errors.js';
import type { Reference } from '../profile/types.js';
import { yamlTextAt } from '../profile/yaml-value.js';
import type { ProvidedSecret } from './provider.js';
import type { ResolvedField } from './secret.js';

export type Picked = ResolvedField | ReadonlyMap<string, ResolvedField>;

export function isFields(picked: Picked): picked is ReadonlyMap<string, ResolvedField> {
  return picked instanceof Map;
}

const NUL = new SecretctlError('bad-data', 'its value holds a NUL, which no variable can carry');

/** The whole secret, all its fields, or the one that the reference names. */
export function pick({ field }: Reference, secret: ProvidedSecret): Picked | SecretctlError {
  if (field !== undefined) return pickField(field, secret);
  if (secret.kind === 'value') return notEmpty({ value: secret.value, secret: true });
  const unusable = [...secret.fields.values()].find(({ value }) => value.includes('\0'));
  return unusable === undefined ? secret.fields : NUL;
}

/** The same, where only one text will do. */
export function pickOne(reference: Reference, secret: ProvidedSecret): ResolvedField | SecretctlError {
  const picked = pick(reference, secret);
  if (picked instanceof SecretctlError || !isFields(picked)) return picked;
  const hint = `add one, as in ${reference.text}#password`;
  return new SecretctlError('bad-profile', `it is a secret with fields (${namesOf(picked)})`, hint);
}

function pickField(field: string, secret: ProvidedSecret): ResolvedField | SecretctlError {
  if (secret.kind === 'value')
    return secret.part ? pickPart(field, secret.part(field)) : pickInText(field, secret.value);
  // A pointer's first part is a field, what follows leads into its JSON.
  const [name = '', ...rest] = field.startsWith('/') ? field.slice(1).split('/') : [field];
  const found = secret.fields.get(field) ?? secret.fields.get(unescaped(name));
  if (found === undefined)
    return new SecretctlError('secret-not-found', `it has no field ${field}, but ${namesOf(secret.fields)}`);
  return rest.length === 0 ? notEmpty(found) : pickInText(`/${rest.join('/')}`, found.value);
}

function pickPart(field: string, part: string | undefined): ResolvedField | SecretctlError {
  if (part !== undefined) return notEmpty({ value: part, secret: true });
  return new SecretctlError('secret-not-found', `nothing in it goes by the name ${field}`);
}

/** Of a text that is JSON or YAML: `#key` is `#/key`, a pointer leads to any depth (RFC 6901). */
function pickInText(field: string, text: string): ResolvedField | SecretctlError {
  const keys = (field.startsWith('/') ? field.slice(1) : field).split('/').map(unescaped);
  const found = isJson(text) ? jsonTextAt(JSON.parse(text), keys) : yamlTextAt(text, keys);
  if (typeof found === 'string') return notEmpty({ value: found, secret: true });
  if (found === null) return new SecretctlError('bad-data', `what stands at #${field} is no text`);
  return new SecretctlError('secret-not-found', `it is one text, and no JSON or YAML with the field ${field}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Undefined when nothing is there, null for what is no text. A number that JSON would change is none. */
function jsonTextAt(value: unknown, keys: readonly string[]): string | null | undefined {
  let place = value;
  for (const key of keys) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
    place = new Map<string, unknown>(Object.entries(place)).get(key);
  }
  if (typeof place === 'number' && Number.isSafeInteger(place)) return String(place);
  return typeof place === 'string' ? place : null;
}

/** RFC 6901 §4. */
function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A server started with an empty credential fails in ways that nobody understands; a NUL would end its variable early. */
function notEmpty(field: ResolvedField): ResolvedField | SecretctlError {
  if (field.value === '') return new SecretctlError('bad-data', 'its value is empty');
  return field.value.includes('\0') ? NUL : field;
}

function namesOf(fields: ReadonlyMap<string, ResolvedField>): string {
  return [...fields.keys()].join(', ');
}
