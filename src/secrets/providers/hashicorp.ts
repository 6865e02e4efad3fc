import type { Provider } from '../provider.js';

export const vaultServerProvider: Provider = {
  hint: () => undefined,
  refusesPin: () => 'not yet',
  resolve: async (references) => references.map(() => undefined),
};
export const baoServerProvider = vaultServerProvider;
