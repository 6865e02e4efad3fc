// A secret once it is resolved: the only form in which a value goes to templates, the child and the scrubber.

import { SecretctlError } from '../errors.js';

export interface ResolvedField {
  readonly value: string;
  /** False for what only says where a connection goes, and for plain text of the profile. */
  readonly secret: boolean;
}

/** Exactly one of `value` and `fields` is there. */
export interface ResolvedSecret {
  /** The profile's name for it. */
  readonly name: string;
  /** As written; empty for fields that have references of their own. */
  readonly reference: string;
  readonly value?: string;
  /** Set when `value` is a field that is not secret: a host, a port. */
  readonly plain?: true;
  readonly fields?: ReadonlyMap<string, ResolvedField>;
}

/** By the profile's names. */
export type ResolvedSecrets = ReadonlyMap<string, ResolvedSecret>;

/** What a template's `${name}` or `${name.field}` stands for. Throws `bad-profile` when the secret is not of that form. */
export function fieldOf(secret: ResolvedSecret, field?: string): ResolvedField {
  const { name, value, fields } = secret;
  if (field === undefined) {
    if (value !== undefined) return { value, secret: secret.plain !== true };
    const example = [...(fields?.keys() ?? [])].at(-1) ?? 'password';
    throw new SecretctlError(
      'bad-profile',
      `\${${name}} names a secret with fields`,
      `name a field, as in \${${name}.${example}}`,
    );
  }
  const found = fields?.get(field);
  if (found !== undefined) return found;
  const known = fields === undefined ? 'it is one text without fields' : `it has ${[...fields.keys()].join(', ')}`;
  throw new SecretctlError('bad-profile', `the secret ${name} has no field ${field}: ${known}`);
}
