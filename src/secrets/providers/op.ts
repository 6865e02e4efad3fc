import type { Provider } from '../provider.js';

export const opProvider: Provider = {
  hint: () => undefined,
  refusesPin: () => 'not yet',
  resolve: async (references) => references.map(() => undefined),
};
