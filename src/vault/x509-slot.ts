// A key slot for a public key: the master key and the vault's id in a CMS message, which `openssl cms -decrypt` opens too.
// The only part of the vault that loads node-forge.

import type { Recipient } from '../seal/cms.js';
import type { Identity } from '../seal/identity.js';
import { KEY_BYTES } from '../system/crypto.js';
import type { SlotLine, VaultDocument } from './format.js';
import { encode } from './text.js';

export async function wrapForRecipient(vaultId: string, masterKey: Buffer, recipient: Recipient): Promise<SlotLine> {
  const { encryptFor } = await import('../seal/cms.js');
  const content = Buffer.concat([masterKey, Buffer.from(vaultId, 'base64url')]);
  const wrapped = encryptFor([recipient], content);
  content.fill(0);
  return { type: 'x509', params: encode(recipient.spki), wrapped };
}

export interface OpenedSlot {
  readonly slot: SlotLine;
  readonly masterKey: Buffer;
}

/** Undefined when no slot is for this identity, or the one that is does not open to a key of this vault. */
export async function openByIdentity(
  { id, slots }: VaultDocument,
  identity: Identity,
): Promise<OpenedSlot | undefined> {
  const slot = slots.find(({ type, params }) => type === 'x509' && params === encode(identity.spki));
  if (slot === undefined) return undefined;
  const { decryptWith } = await import('../seal/cms.js');
  const content = decryptWith(slot.wrapped, identity);
  const isOurs = content?.length === KEY_BYTES + 16 && content.subarray(KEY_BYTES).toString('base64url') === id;
  return isOurs ? { slot, masterKey: content.subarray(0, KEY_BYTES) } : undefined;
}
