// Rewrites a vault as only a holder of its key file can: what a bug of ours, or an insider, could put into the file.

import { readFileSync, writeFileSync } from 'node:fs';
import { parseVault, serialiseBody, type VaultDocument, withMac } from '../../src/vault/format.js';
import { vaultMac } from '../../src/vault/keys.js';
import type { VaultPlaces } from '../../src/vault/places.js';
import { unwrapWithKeyFile } from '../../src/vault/slots.js';

export type Forge = (document: VaultDocument, masterKey: Buffer) => VaultDocument;

/** The first slot must be the key file's. */
export function forge(bytes: Buffer, keyFile: Buffer, change: Forge): Buffer {
  const { document } = parseVault(bytes);
  const [slot] = document.slots;
  const masterKey = slot === undefined ? undefined : unwrapWithKeyFile(document.id, slot, keyFile);
  if (masterKey === undefined) throw new Error('the key file does not open the vault');
  const body = serialiseBody(change(document, masterKey));
  return withMac(body, vaultMac(masterKey, body));
}

export function forgeVault({ vault, keyFile }: VaultPlaces, change: Forge): void {
  writeFileSync(vault, forge(readFileSync(vault), readFileSync(keyFile), change));
}
