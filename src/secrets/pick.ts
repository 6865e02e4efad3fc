// From what a provider said to what one reference asks for. Pure.

import { SecretctlError } from '../errors.js';
import type { Reference } from '../profile/types.js';
import type { ProvidedSecret } from './provider.js';
import type { ResolvedField } from './secret.js';

export type Picked = ({ readonly kind: 'value' } & ResolvedField) | (ProvidedSecret & { readonly kind: 'fields' });

/** The whole, or the field that the reference names. */
export function pick({ field }: Reference, secret: ProvidedSecret): Picked | SecretctlError {
  if (field === undefined) return secret.kind === 'fields' ? secret : oneValue({ value: secret.value, secret: true });
  return pickField(field, secret);
}

/** The same, where only one text will do. */
export function pickValue(reference: Reference, secret: ProvidedSecret): ResolvedField | SecretctlError {
  const picked = pick(reference, secret);
  if (picked instanceof SecretctlError || picked.kind === 'value') return picked;
  const known = [...picked.fields.keys()].join(', ');
  return new SecretctlError(
    'bad-profile',
    `it is a secret with fields (${known})`,
    `add one, as in ${reference.text}#password`,
  );
}

function pickField(field: string, secret: ProvidedSecret): Picked | SecretctlError {
  if (secret.kind === 'value') return new SecretctlError('secret-not-found', 'it is one text without fields');
  const found = secret.fields.get(field);
  if (found !== undefined) return oneValue(found);
  const known = [...secret.fields.keys()].join(', ');
  return new SecretctlError('secret-not-found', `it has no field ${field}, but ${known}`);
}

/** A server started with an empty credential fails in ways that nobody understands. */
function oneValue(field: ResolvedField): Picked | SecretctlError {
  return field.value === '' ? new SecretctlError('bad-data', 'its value is empty') : { kind: 'value', ...field };
}
