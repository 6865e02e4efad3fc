// The table of providers, by the scheme of their references. Each but our own vault is loaded when a profile names it.

import type { Providers } from '../provider.js';
import { vaultProvider } from './vault.js';

export const PROVIDERS = {
  secret: () => vaultProvider,
  ENC: async () => (await import('./sealed.js')).sealedProvider,
  op: async () => (await import('./op.js')).opProvider,
  env: async () => (await import('./env.js')).envProvider,
  file: async () => (await import('./file.js')).fileProvider,
  exec: async () => (await import('./exec.js')).execProvider,
  keyring: async () => (await import('./keyring.js')).keyringProvider,
  pass: async () => (await import('./pass.js')).passProvider,
  vault: async () => (await import('./hashicorp.js')).vaultServerProvider,
  bao: async () => (await import('./hashicorp.js')).baoServerProvider,
} as const satisfies Providers;
