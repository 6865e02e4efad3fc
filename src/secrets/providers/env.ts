// `env://NAME[#FIELD]`: a variable of the launcher's own environment.

import { SecretctlError } from '../../errors.js';
import { oneByOne, type Provider } from '../provider.js';

export const envProvider: Provider = {
  hint: ({ body }) => `export ${body}=… where the launcher is started`,
  refusesPin: () => 'variables of the environment are not read under a pin',
  resolve: oneByOne(async ({ body }, { env }) => {
    if (body.startsWith('SECRETCTL_')) {
      throw new SecretctlError('not-permitted', 'settings of secretctl are never handed on');
    }
    const value = env[body];
    if (value === '') throw new SecretctlError('bad-data', 'the variable is empty');
    return value === undefined ? undefined : { kind: 'value', value };
  }),
};
