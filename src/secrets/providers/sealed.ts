// `ENC[…]`: a value that is sealed in the profile itself. The seal of the whole profile has been checked before.

import { SecretctlError } from '../../errors.js';
import { oneByOne, type Provider } from '../provider.js';

export const sealedProvider: Provider = {
  hint: () => 'secretctl seal PATH',
  refusesPin: () => undefined,
  resolve: oneByOne(async (reference, { unseal }) => {
    if (unseal === undefined) throw new SecretctlError('bad-profile', 'the profile has no seal that opens this value');
    return unseal(reference);
  }),
};
