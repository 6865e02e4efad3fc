// Makes a vault with its first key slots. A failure leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Recipient } from '../seal/cms.js';
import { makePrivateFolder, writeFailure } from '../system/atomic-write.js';
import { withLock } from '../system/lock.js';
import type { Keychain } from '../system/keychain.js';
import { checkSafeFolder } from '../system/safe-file.js';
import type { SlotLine, VaultDocument } from './format.js';
import { checkNewKeyFile, createKeyFile, refuseOverwrite } from './key-file.js';
import { KEY_BYTES } from '../system/crypto.js';
import { deleteItem, makeKeychainSlot } from './keychain-item.js';
import type { ScryptCost } from './passphrase.js';
import { refuseInsideWorkTree, type VaultPlaces } from './places.js';
import { wrapWithKeyFile, wrapWithPassphrase, wrapWithRecoveryKey } from './slots.js';
import { encode } from './text.js';
import { writeDocument } from './write.js';
import { wrapForRecipient } from './x509-slot.js';

export type NewSlot =
  | { readonly type: 'scrypt'; readonly passphrase: Buffer; readonly cost?: ScryptCost }
  /** A key file that is made at this path, or, with `bytes`, one that is there. */
  | { readonly type: 'keyfile'; readonly path: string; readonly bytes?: Buffer }
  /** 32 random bytes, which are shown to a person. */
  | { readonly type: 'recovery'; readonly key: Buffer }
  | { readonly type: 'x509'; readonly recipient: Recipient }
  /** An item that is made in this keychain. */
  | { readonly type: 'keychain'; readonly keychain: Keychain };

export interface CreateOptions {
  readonly places: VaultPlaces;
  readonly uid: number | undefined;
  readonly slots: readonly NewSlot[];
}

export interface CreatedVault {
  readonly document: VaultDocument;
  readonly masterKey: Buffer;
}

/** Takes one thing back that was made on the way. */
export type Undo = () => unknown;

/** Throws `usage` when a vault or a key file is there already, `not-permitted`, `unsafe-file`, `io`, `vault-busy`. */
export async function createVaultFile({ places, uid, slots }: CreateOptions): Promise<CreatedVault> {
  if (slots.length === 0)
    throw new SecretctlError('usage', 'a vault needs a passphrase, a key file or a keychain item');
  refuseInsideWorkTree(places);
  refuseOverwrite(places.vault);
  for (const slot of slots) if (slot.type === 'keyfile') checkNewKeyFile(slot.path, 'secretctl init --key-file PATH');
  return undoOnFailure(async (undo) => {
    makeFolder(dirname(places.vault), uid, undo);
    return withLock(`${places.vault}.lock`, { what: 'the vault' }, async (lock) => {
      refuseOverwrite(places.vault);
      const id = encode(randomBytes(16));
      const masterKey = randomBytes(KEY_BYTES);
      const document = {
        id,
        generation: 1,
        slots: await makeSlots(id, masterKey, slots, uid, undo),
        entries: new Map(),
      };
      undo.push(() => rmSync(places.vault, { force: true }));
      writeDocument(places, document, masterKey, lock);
      return { document, masterKey };
    });
  });
}

export async function makeSlots(
  vaultId: string,
  masterKey: Buffer,
  slots: readonly NewSlot[],
  uid: number | undefined,
  undo: Undo[],
): Promise<SlotLine[]> {
  const lines: SlotLine[] = [];
  // oxlint-disable-next-line no-await-in-loop -- each takes 128 MiB: one after the other
  for (const slot of slots) lines.push(await makeSlot(vaultId, masterKey, slot, uid, undo));
  return lines;
}

/** The line of a new slot; a key file or item that it makes is on the list of things to undo. */
export async function makeSlot(
  vaultId: string,
  masterKey: Buffer,
  slot: NewSlot,
  uid: number | undefined,
  undo: Undo[],
): Promise<SlotLine> {
  if (slot.type === 'scrypt') return wrapWithPassphrase(vaultId, masterKey, slot.passphrase, slot.cost);
  if (slot.type === 'keychain') {
    const line = await makeKeychainSlot(vaultId, masterKey, slot.keychain);
    // An item without a slot opens nothing: that it stays is no reason to say anything else than what went wrong.
    undo.push(() => deleteItem(line, slot.keychain).catch(() => undefined));
    return line;
  }
  if (slot.type === 'recovery') return wrapWithRecoveryKey(vaultId, masterKey, slot.key);
  if (slot.type === 'x509') return wrapForRecipient(vaultId, masterKey, slot.recipient);
  if (slot.bytes !== undefined) return wrapWithKeyFile(vaultId, masterKey, slot.bytes);
  checkNewKeyFile(slot.path);
  makeFolder(dirname(slot.path), uid, undo);
  const keyFile = createKeyFile(slot.path);
  undo.push(() => rmSync(slot.path, { force: true }));
  const line = wrapWithKeyFile(vaultId, masterKey, keyFile);
  keyFile.fill(0);
  return line;
}

/** Last made, first taken back. */
export async function undoOnFailure<T>(work: (undo: Undo[]) => Promise<T>): Promise<T> {
  const undo: Undo[] = [];
  try {
    return await work(undo);
  } catch (error) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

function makeFolder(folder: string, uid: number | undefined, undo: Undo[]): void {
  let first: string | undefined;
  try {
    first = makePrivateFolder(folder);
  } catch (error) {
    throw writeFailure(folder, error);
  }
  if (first !== undefined) undo.push(() => removeEmptyFolders(folder, dirname(first)));
  checkSafeFolder(folder, uid);
}

/** From `folder` up to, and without, the one that was there before. */
function removeEmptyFolders(folder: string, kept: string): void {
  for (let current = folder; current !== kept && readdirSync(current).length === 0; current = dirname(current)) {
    rmdirSync(current);
  }
}
