// The table of providers, by the scheme of their references.

import type { Providers } from '../provider.js';
import { vaultProvider } from './vault.js';

export const PROVIDERS = {
  secret: vaultProvider,
} as const satisfies Providers;
