// The item of a keychain slot: where the keychain of a machine keeps it, and what happens to it. The slot's line says
// `secretctl/<vault-id>.<which>`: two machines that share a vault have an item each.

import { randomBytes } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import { isEqual, KEY_BYTES } from '../system/crypto.js';
import type { Keychain } from '../system/keychain.js';
import type { SlotLine, VaultDocument } from './format.js';
import { unwrapWithKeychain, wrapWithKeychain } from './slots.js';
import { encode } from './text.js';

/** No vault file gets at the items of other programs. */
export const SERVICE = 'secretctl';

/** Makes the item, and the line that it opens. Throws what the keychain throws, `unavailable`. */
export async function makeKeychainSlot(vaultId: string, masterKey: Buffer, keychain: Keychain): Promise<SlotLine> {
  const account = `${vaultId}.${encode(randomBytes(6))}`;
  const item = randomBytes(KEY_BYTES);
  await keychain.set(SERVICE, account, item);
  const kept = await keychain.get(SERVICE, account);
  if (kept === undefined || !isEqual(kept, item)) {
    // A vault that nothing else opens would be lost.
    throw new SecretctlError('unavailable', 'the keychain did not keep what was stored in it');
  }
  const line = wrapWithKeychain(vaultId, masterKey, `${SERVICE}/${account}`, item);
  for (const bytes of [item, kept]) bytes.fill(0);
  return line;
}

export interface OpenedSlot {
  readonly slot: SlotLine;
  readonly masterKey: Buffer;
}

/** What a keychain opens; undefined when it has no item for the vault. Throws what the keychain throws, `bad-data`. */
export async function openByKeychain(
  { id, slots }: VaultDocument,
  keychain: Keychain,
): Promise<OpenedSlot | undefined> {
  for (const slot of slots) {
    const account = accountOf(slot);
    // oxlint-disable-next-line no-await-in-loop -- one question after the other: each may ask a person
    const item = account === undefined ? undefined : await keychain.get(SERVICE, account);
    if (item === undefined) continue;
    const masterKey = unwrapWithKeychain(id, slot, item);
    item.fill(0);
    if (masterKey !== undefined) return { slot, masterKey };
    throw new SecretctlError('bad-data', `the keychain's item ${slot.params} is not the one of this vault`);
  }
  return undefined;
}

/** For a slot that is gone. Another machine's item stays there. Throws what the keychain throws. */
export async function deleteItem(slot: SlotLine, keychain: Keychain): Promise<void> {
  const account = accountOf(slot);
  if (account !== undefined) await keychain.delete(SERVICE, account);
}

function accountOf({ type, params }: SlotLine): string | undefined {
  const prefix = `${SERVICE}/`;
  return type === 'keychain' && params.startsWith(prefix) ? params.slice(prefix.length) : undefined;
}
