// A new master key: every entry sealed anew, every slot made anew. Who kept the old master key, from a slot that was removed
// or a copy of the file, opens nothing that is written from then on.

import { randomBytes } from 'node:crypto';
import { KEY_BYTES } from '../system/crypto.js';
import type { VaultDocument } from './format.js';
import { openEntry, sealEntry } from './sealed-entry.js';

export function newMasterKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** Pure. `slots` wrap the new key already. */
export function resealed(
  document: VaultDocument,
  from: Buffer,
  to: Buffer,
  slots: VaultDocument['slots'],
): VaultDocument {
  const lines = [...document.entries.values()].map((line) =>
    sealEntry(to, document.id, openEntry(from, document.id, line)),
  );
  return { ...document, slots, entries: new Map(lines.map((line) => [line.id, line])) };
}
