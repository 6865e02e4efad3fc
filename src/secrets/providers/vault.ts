// `secret://NAME[#FIELD]`: our own vault.

import { SecretctlError } from '../../errors.js';
import { isOwnSecret, isSecretField, OWN_SECRETS, type SecretValue } from '../../vault/entry.js';
import { requireAllowed } from '../../vault/restrictions.js';
import { oneByOne, type ProvidedSecret, type Provider } from '../provider.js';

export const vaultProvider: Provider = {
  hint: ({ body }) => `secretctl set ${body}`,
  refusesPin: () => undefined,
  resolve: oneByOne(async ({ body }, { vault, asker }) => {
    if (isOwnSecret(body))
      throw new SecretctlError('not-permitted', `secrets under ${OWN_SECRETS} are secretctl's own`);
    if (vault === undefined) throw new SecretctlError('vault-not-found', 'there is no vault');
    const entry = vault.get(body);
    if (entry === undefined) return undefined;
    requireAllowed(entry, asker);
    return provided(entry.value);
  }),
};

function provided(value: SecretValue): ProvidedSecret {
  if (typeof value === 'string') return { kind: 'value', value };
  const fields = [...value].map(([field, text]) => [field, { value: text, secret: isSecretField(field) }] as const);
  return { kind: 'fields', fields: new Map(fields) };
}
