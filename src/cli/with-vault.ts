// The vault for the time of one command.

import { unlockByPassphrase, unlockVault } from '../launch/unlock.js';
import type { Host } from '../system/host.js';
import { requireTerminal, type Terminal } from '../system/terminal.js';
import { isPersonal, readVaultHeader, type Vault } from '../vault/store.js';

export const PROMPT = 'Passphrase of the vault: ';

export async function withVault<T>(host: Host, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  return closing(await unlockVault(host, PROMPT), use);
}

/**
 * For what only the owner may do. A vault with a passphrase asks for it on the terminal, whatever key file lies there; in
 * a vault without one the key file is the owner. `what` names the act: `reading a secret`. Throws `no-terminal`, `locked`.
 */
export async function withOwnersVault<T>(host: Host, what: string, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  if (!isPersonal(readVaultHeader(host.places.vault, host.uid))) return withVault(host, use);
  const hint = 'run the command in a terminal of your own';
  const terminal = requireTerminal(host.platform, `${what} of a vault with a passphrase`, hint);
  try {
    return await closing(await confirmByPassphrase(host, terminal), use);
  } finally {
    terminal.close();
  }
}

/** A fresh factor: the passphrase is asked even where a key file would open the vault. Throws `locked`. */
export function confirmByPassphrase(host: Host, terminal: Terminal): Promise<Vault> {
  return unlockByPassphrase(host, terminal, PROMPT);
}

async function closing<T>(vault: Vault, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  try {
    return await use(vault);
  } finally {
    vault.close();
  }
}
