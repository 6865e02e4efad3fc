// CMS EnvelopedData (RFC 5652 §6), as `openssl smime -encrypt` and hiera-eyaml write it: RSA with PKCS #1 v1.5 padding, CBC.
// Nothing in it is authentic, so that values are taken over from it once and never launched from.

import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import { at, bytesOf, fromDer, itemsOf, type Node, oid, toDer } from './der.js';

const ENVELOPED = '1.2.840.113549.1.7.3';
const RSA = '1.2.840.113549.1.1.1';
const CIPHERS = [
  { id: '2.16.840.1.101.3.4.1.42', name: 'aes-256-cbc', keyBytes: 32 },
  { id: '2.16.840.1.101.3.4.1.22', name: 'aes-192-cbc', keyBytes: 24 },
  { id: '2.16.840.1.101.3.4.1.2', name: 'aes-128-cbc', keyBytes: 16 },
  { id: '1.2.840.113549.3.7', name: 'des-ede3-cbc', keyBytes: 24 },
] as const;
const MIN_PADDING = 8;

/** Undefined for whatever reason the content cannot be had. DER, or BER of indefinite length. */
export function decryptEnveloped(message: Buffer, privateKey: KeyObject): Buffer | undefined {
  const root = fromDer(message);
  const body = at(root, 1, 0);
  const encrypted = at(body, 2);
  const cipher = CIPHERS.find(({ id }) => isOid(at(encrypted, 1, 0), id));
  if (!isOid(at(root, 0), ENVELOPED) || cipher === undefined) return undefined;
  const infos = itemsOf(at(body, 1)).filter((info) => isOid(at(info, 2, 0), RSA));
  for (const info of infos) {
    const key = contentKey(bytesOf(at(info, 3)), privateKey, cipher.keyBytes);
    if (key === undefined) continue;
    const content = decrypted(cipher.name, key, bytesOf(at(encrypted, 1, 1)), contentOf(at(encrypted, 2)));
    key.fill(0);
    return content;
  }
  return undefined;
}

function isOid(node: Node | undefined, dotted: string): boolean {
  return node !== undefined && toDer(node).equals(toDer(oid(dotted)));
}

/** One piece, or, of indefinite length, several. */
function contentOf(node: Node | undefined): Buffer {
  const pieces = itemsOf(node);
  return pieces.length === 0 ? bytesOf(node) : Buffer.concat(pieces.map(bytesOf));
}

/**
 * RFC 8017 §7.2.2: 00 02, bytes that are not zero, 00, the key. Node refuses this padding since it made an oracle of servers;
 * here the message is a file of the owner's, and all failures are one. All bytes are looked at, whatever the first ones are.
 */
function contentKey(encryptedKey: Buffer, privateKey: KeyObject, keyBytes: number): Buffer | undefined {
  const block = decryptedBlock(encryptedKey, privateKey);
  const end = block.length - keyBytes - 1;
  if (end < 2 + MIN_PADDING) return undefined;
  const wrong = block.subarray(0, end + 1).reduce((sum, byte, index) => sum + wrongAt(index, end, byte), 0);
  return wrong === 0 ? block.subarray(end + 1) : undefined;
}

/** 1 where the padding is not as it has to be. */
function wrongAt(index: number, end: number, byte: number): number {
  if (index === 1) return Number(byte !== 2);
  return Number((byte === 0) !== (index === 0 || index === end));
}

/** As many bytes as the key has; none of what is no number below its modulus. */
function decryptedBlock(encryptedKey: Buffer, privateKey: KeyObject): Buffer {
  try {
    return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encryptedKey);
  } catch {
    return Buffer.alloc(0);
  }
}

function decrypted(cipher: string, key: Buffer, iv: Buffer, content: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(content), decipher.final()]);
  } catch {
    return undefined;
  }
}
