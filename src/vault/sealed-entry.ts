// The line of an entry in the vault: sealed under a key of its own, bound to the vault, its place and its version.

import { damaged } from './damage.js';
import type { VaultEntry } from './entry.js';
import { decodeEntry, encodeEntry } from './entry-json.js';
import type { EntryLine } from './format.js';
import { deriveKey, seal, unseal } from '../system/crypto.js';
import { entryIdOf } from './keys.js';
import { encode } from './text.js';

export function sealEntry(masterKey: Buffer, vaultId: string, entry: VaultEntry): EntryLine {
  const id = entryIdOf(masterKey, entry.name);
  const plaintext = encodeEntry(entry);
  const blob = seal(entryKey(masterKey, id, entry.version), plaintext, associated(vaultId, id, entry.version));
  plaintext.fill(0);
  return { id, version: entry.version, blob: encode(blob) };
}

/** Throws `vault-damaged` (entry): the line was made for another place, or by another hand. */
export function openEntry(masterKey: Buffer, vaultId: string, { id, version, blob }: EntryLine): VaultEntry {
  const plaintext = unseal(
    entryKey(masterKey, id, version),
    Buffer.from(blob, 'base64url'),
    associated(vaultId, id, version),
  );
  if (plaintext === undefined) throw damaged('entry', 'an entry cannot be decrypted');
  const entry = decodeEntry(plaintext);
  plaintext.fill(0);
  const isInPlace = entry !== undefined && entry.version === version && entryIdOf(masterKey, entry.name) === id;
  if (!isInPlace) throw damaged('entry', 'an entry does not say what its place says');
  return entry;
}

/** Every write raises the version, so each of these keys encrypts once. */
function entryKey(masterKey: Buffer, id: string, version: number): Buffer {
  return deriveKey(masterKey, `entry|${id}|${version}`);
}

function associated(vaultId: string, id: string, version: number): string {
  return `secretctl/1|${vaultId}|${id}|${version}`;
}
