// What the vault makes of the primitives: where an entry stands, and the MAC of the file.

import { deriveKey, hmac } from '../system/crypto.js';

/** Base64url of 16 bytes. The name alone gives it, so that one entry is found without opening the others. */
export function entryIdOf(masterKey: Buffer, name: string): string {
  return hmac(deriveKey(masterKey, 'name'), name).subarray(0, 16).toString('base64url');
}

/** Over all bytes before the `mac` line. */
export function vaultMac(masterKey: Buffer, bytes: Buffer): Buffer {
  return hmac(deriveKey(masterKey, 'mac'), bytes);
}
