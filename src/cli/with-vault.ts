// The vault for the time of one command.

import { unlockVault } from '../launch/unlock.js';
import type { Host } from '../system/host.js';
import type { Vault } from '../vault/store.js';

export async function withVault<T>(host: Host, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  const vault = await unlockVault(host, 'Passphrase of the vault: ');
  try {
    return await use(vault);
  } finally {
    vault.close();
  }
}
