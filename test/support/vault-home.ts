// A folder of its own for each test that needs a vault, and the cheapest ways to make one.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewSlot } from '../../src/vault/create.js';
import type { VaultPlaces } from '../../src/vault/places.js';
import { createVault, openVault, type Vault } from '../../src/vault/store.js';

export const UID = process.geteuid?.();
/** The cheapest cost that a reader accepts. */
export const CHEAP = { logN: 15, r: 8, p: 1 };

export interface VaultHome {
  readonly folder: string;
  readonly places: VaultPlaces;
  remove(): void;
}

export function vaultHome(): VaultHome {
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-vault-'));
  return { folder, places: placesIn(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function placesIn(folder: string): VaultPlaces {
  return { vault: join(folder, 'vault.sctl'), keyFile: join(folder, 'vault.key'), state: join(folder, 'state') };
}

export function keyFileVault(places: VaultPlaces): Promise<Vault> {
  return createVault({ places, uid: UID, slots: [{ type: 'keyfile', path: places.keyFile }] });
}

export function passphraseSlot(text: string): NewSlot {
  return { type: 'scrypt', passphrase: Buffer.from(text), cost: CHEAP };
}

export function open(places: VaultPlaces, passphrase?: string): Promise<Vault> {
  const asked = passphrase === undefined ? undefined : async () => Buffer.from(passphrase);
  return openVault({ places, uid: UID, passphrase: asked, slotCost: CHEAP });
}
