// The vault for the time of one command.

import { SecretctlError } from '../errors.js';
import { unlockByPassphrase, unlockVault } from '../launch/unlock.js';
import type { Host } from '../system/host.js';
import { requireTerminal, type Terminal } from '../system/terminal.js';
import { hasPassphrase, isPersonal, readVaultHeader, type Vault } from '../vault/store.js';

export const PROMPT = 'Passphrase of the vault: ';

export async function withVault<T>(host: Host, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  return closing(await unlockVault(host, PROMPT), use);
}

/**
 * For what only the owner may do. A vault with a passphrase asks for it on the terminal, whatever key file lies there, and
 * one that the keychain opens for a word; in any other the key file is the owner. `what` names the act: `reading a secret`.
 * Throws `no-terminal`, `locked`, `not-permitted`.
 */
export async function withOwnersVault<T>(host: Host, what: string, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  const header = readVaultHeader(host.places.vault, host.uid);
  if (!isPersonal(header)) return withVault(host, use);
  const hint = 'run the command in a terminal of your own';
  const isAsked = hasPassphrase(header);
  const terminal = requireTerminal(
    host.platform,
    `${what} of a vault with ${isAsked ? 'a passphrase' : 'an owner'}`,
    hint,
  );
  try {
    const vault = isAsked ? confirmByPassphrase(host, terminal) : confirmByWord(host, terminal, what);
    return await closing(await vault, use);
  } finally {
    terminal.close();
  }
}

/** A fresh factor: the passphrase is asked even where a key file would open the vault. Throws `locked`. */
export function confirmByPassphrase(host: Host, terminal: Terminal): Promise<Vault> {
  return unlockByPassphrase(host, terminal, PROMPT);
}

/** There is no passphrase: what is left is that somebody sits at the terminal. */
async function confirmByWord(host: Host, terminal: Terminal, what: string): Promise<Vault> {
  const typed = await terminal.ask(`The keychain opens this vault. Type "yes" to confirm ${what}: `);
  if (typed?.trim() !== 'yes') throw new SecretctlError('not-permitted', 'nothing was done');
  return unlockVault(host, undefined);
}

async function closing<T>(vault: Vault, use: (vault: Vault) => T | Promise<T>): Promise<T> {
  try {
    return await use(vault);
  } finally {
    vault.close();
  }
}
