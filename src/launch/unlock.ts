// Opens the vault for a command. Keys that need nobody come first; a passphrase is asked on the controlling terminal only.

import { existsSync } from 'node:fs';
import type { Host } from '../system/host.js';
import { openTerminal } from '../system/terminal.js';
import { isPersonal, openVault, readVaultHeader } from '../vault/store.js';
import type { Vault } from '../vault/store.js';
import type { VaultFacts } from '../trust/gate.js';

/** `prompt` undefined: nobody may be asked. Throws `vault-not-found`, `locked`, `vault-damaged`, … */
export async function unlockVault(host: Host, prompt: string | undefined): Promise<Vault> {
  return openVault({
    places: host.places,
    uid: host.uid,
    passphrase: async () => (prompt === undefined ? undefined : askPassphrase(host, prompt)),
  });
}

async function askPassphrase(host: Host, prompt: string): Promise<Buffer | undefined> {
  const terminal = openTerminal(host.platform);
  if (terminal === undefined) return undefined;
  try {
    const typed = await terminal.askHidden(prompt);
    return typed === undefined || typed === '' ? undefined : Buffer.from(typed);
  } finally {
    terminal.close();
  }
}

/** What the header tells without a key. */
export function vaultFacts(host: Host): VaultFacts {
  if (!existsSync(host.places.vault)) return { exists: false, personal: false };
  return { exists: true, personal: isPersonal(readVaultHeader(host.places.vault, host.uid)) };
}
