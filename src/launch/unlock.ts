// Opens the vault for a command. Keys that need nobody come first; a passphrase is asked on the controlling terminal only.

import { existsSync } from 'node:fs';
import { SecretctlError } from '../errors.js';
import type { Host } from '../system/host.js';
import { lazyKeychain } from '../system/keychain.js';
import { placesOf } from '../system/places.js';
import { loadIdentity } from './identity.js';
import { openTerminal, type Terminal } from '../system/terminal.js';
import { readHandedKey } from '../vault/key-file.js';
import { isPersonal, type OpenOptions, openVault, readVaultHeader } from '../vault/store.js';
import type { Vault } from '../vault/store.js';
import type { VaultFacts } from '../trust/gate.js';

/**
 * `prompt` undefined: nobody may be asked. `keyFd`: a descriptor from which the bytes of a key file are read. Throws
 * `vault-not-found`, `locked`, `vault-damaged`, …
 */
export async function unlockVault(host: Host, prompt: string | undefined, keyFd?: number): Promise<Vault> {
  return openVault({
    handedKey: keyFd === undefined ? undefined : readHandedKey(keyFd),
    places: host.places,
    uid: host.uid,
    keychain: lazyKeychain(),
    identity: () => loadIdentity(host, { vault: undefined, prompt: undefined }),
    passphrase: async (isAgain) => (prompt === undefined ? undefined : askOnTerminal(host, prompt, isAgain)),
  });
}

/** An older vault that was restored on purpose; a person has said so on the terminal. */
export function unlockRestored(host: Host, terminal: Terminal, prompt: string, generation: number): Promise<Vault> {
  return openVault({ ...askedOn(host, terminal, prompt), acceptRollback: generation });
}

/** Only a person opens it now: the passphrase is asked even where a key file or the keychain would do. */
export function unlockByPassphrase(host: Host, terminal: Terminal, prompt: string): Promise<Vault> {
  return openVault({ ...askedOn(host, terminal, prompt), unattended: false });
}

function askedOn({ places, uid }: Host, terminal: Terminal, prompt: string): OpenOptions {
  const passphrase = (isAgain: boolean): Promise<Buffer> => askPassphrase(terminal, prompt, isAgain);
  return { places, uid, keychain: lazyKeychain(), passphrase };
}

async function askOnTerminal(host: Host, prompt: string, isAgain: boolean): Promise<Buffer | undefined> {
  const terminal = openTerminal(host.platform);
  try {
    return terminal === undefined ? undefined : await askPassphrase(terminal, prompt, isAgain);
  } finally {
    terminal?.close();
  }
}

async function askPassphrase(terminal: Terminal, prompt: string, isAgain: boolean): Promise<Buffer> {
  if (isAgain) terminal.print('The passphrase is wrong.\n');
  const typed = (await terminal.askHidden(prompt)) ?? '';
  if (typed === '') throw new SecretctlError('locked', 'no passphrase was typed', 'secretctl vault slots list');
  return Buffer.from(typed);
}

/** What the header tells without a key. */
export function vaultFacts(host: Host): VaultFacts {
  const ownExists = existsSync(placesOf({}, host.accountHome, host.platform).vault);
  if (!existsSync(host.places.vault)) return { exists: false, personal: false, ownExists };
  return { exists: true, personal: isPersonal(readVaultHeader(host.places.vault, host.uid)), ownExists };
}
