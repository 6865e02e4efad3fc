// A copy of the last generation in the keychain: who puts back the vault and the record beside it is noticed all the same.
// It is looked at where the keychain has opened the vault already: nobody is asked a question more for it.

import { SecretctlError } from '../errors.js';
import type { Keychain } from '../system/keychain.js';
import type { VaultDocument } from './format.js';
import { SERVICE } from './keychain-item.js';
import { loadHead } from './open.js';
import { decimal } from './text.js';

type VaultHead = Omit<VaultDocument, 'entries'>;

/** Undefined when there is none yet. Throws what the keychain throws, and `rollback` for an item that is none of ours. */
export async function keptGeneration(keychain: Keychain, vaultId: string): Promise<number | undefined> {
  const item = await keychain.get(SERVICE, accountOf(vaultId));
  if (item === undefined) return undefined;
  const generation = decimal(item.toString('latin1'));
  if (generation !== undefined) return generation;
  throw new SecretctlError('rollback', `the keychain's item ${SERVICE}/${accountOf(vaultId)} was changed`);
}

/**
 * Nobody waits for the lock here, so another writer may have kept a later one before ours: then the vault says so, and
 * whoever is the last looks after it. A vault without a slot for the keychain has none. Never fails: the next open that can
 * write to the keychain catches up.
 */
export async function keepInKeychain(
  keychain: Keychain,
  path: string,
  uid: number | undefined,
  document: VaultHead,
): Promise<void> {
  if (!hasKeychainSlot(document)) return forgetKeptGeneration(keychain, document.id);
  await keepGeneration(keychain, document.id, document.generation);
  const now = headNow(path, uid);
  if (now?.id === document.id && now.generation > document.generation) await keepInKeychain(keychain, path, uid, now);
}

function headNow(path: string, uid: number | undefined): VaultHead | undefined {
  try {
    return loadHead(path, uid);
  } catch (error) {
    if (error instanceof SecretctlError) return undefined;
    throw error;
  }
}

export function hasKeychainSlot({ slots }: VaultHead): boolean {
  return slots.some(({ type }) => type === 'keychain');
}

async function keepGeneration(keychain: Keychain, vaultId: string, generation: number): Promise<void> {
  await quietly(() => keychain.set(SERVICE, accountOf(vaultId), Buffer.from(String(generation))));
}

async function forgetKeptGeneration(keychain: Keychain, vaultId: string): Promise<void> {
  await quietly(() => keychain.delete(SERVICE, accountOf(vaultId)));
}

async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
  }
}

function accountOf(vaultId: string): string {
  return `gen:${vaultId}`;
}
