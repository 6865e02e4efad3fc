// From what a provider said to what one reference asks for. Pure.

import { SecretctlError } from '../errors.js';
import type { Reference } from '../profile/types.js';
import type { ProvidedSecret } from './provider.js';
import type { ResolvedField } from './secret.js';

export type Picked = ResolvedField | ReadonlyMap<string, ResolvedField>;

export function isFields(picked: Picked): picked is ReadonlyMap<string, ResolvedField> {
  return picked instanceof Map;
}

/** The whole secret, all its fields, or the one that the reference names. */
export function pick({ field }: Reference, secret: ProvidedSecret): Picked | SecretctlError {
  if (field !== undefined) return pickField(field, secret);
  return secret.kind === 'fields' ? secret.fields : usable({ value: secret.value, secret: true });
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
  const found = secret.fields.get(field);
  if (found !== undefined) return usable(found);
  return new SecretctlError('secret-not-found', `it has no field ${field}, but ${namesOf(secret.fields)}`);
}

function pickPart(field: string, part: string | undefined): ResolvedField | SecretctlError {
  if (part !== undefined) return usable({ value: part, secret: true });
  return new SecretctlError('secret-not-found', `nothing in it goes by the name ${field}`);
}

/** Of a text that is JSON: `#key` is `#/key`, a pointer leads to any depth (RFC 6901). */
function pickInText(field: string, text: string): ResolvedField | SecretctlError {
  const found = valueAt(parsed(text), field.startsWith('/') ? field : `/${field}`);
  if (typeof found === 'string') return usable({ value: found, secret: true });
  if (typeof found === 'number' && Number.isSafeInteger(found)) return { value: String(found), secret: true };
  if (found !== undefined) return new SecretctlError('bad-data', `what stands at #${field} is no text`);
  return new SecretctlError('secret-not-found', `it is one text, and no JSON with the field ${field}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, pointer: string): unknown {
  let place = value;
  for (const token of pointer.slice(1).split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined;
    place = new Map<string, unknown>(Object.entries(place)).get(key);
  }
  return place;
}

/** A server started with an empty credential fails in ways that nobody understands, with a NUL it does not start at all. */
function usable(field: ResolvedField): ResolvedField | SecretctlError {
  if (field.value.includes('\0'))
    return new SecretctlError('bad-data', 'its value holds a NUL, which no variable can carry');
  return field.value === '' ? new SecretctlError('bad-data', 'its value is empty') : field;
}

function namesOf(fields: ReadonlyMap<string, ResolvedField>): string {
  return [...fields.keys()].join(', ');
}
