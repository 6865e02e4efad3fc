// An identity: the RSA key pair that opens what is sealed for it. Its file holds two PEM blocks, the public key and the
// private key in PKCS#8; OpenSSL reads both.

import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { promisify } from 'node:util';
import { SecretctlError } from '../errors.js';
import type { PrivateHalf, Recipient } from './cms.js';
import { integer, octets, oid, sequence, toDer } from './der.js';
import { findPem, toPem } from './pem.js';
import { publicPem, recipientOf } from './recipient.js';

export type Identity = Recipient & PrivateHalf;

const BITS = 3072;
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';

// As much work as N=2^17, p=1 (OWASP's list has both), in the 16 MiB that OpenSSL grants a key file.
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const OID = {
  pbes2: '1.2.840.113549.1.5.13',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  aes256cbc: '2.16.840.1.101.3.4.1.42',
} as const;

export async function newIdentity(): Promise<Identity> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  return { ...recipientOf(publicKey, 'the new identity'), privateKey };
}

/** The text of its file. Without a passphrase whoever reads the file has the key. */
export function formatIdentity({ key, privateKey }: Identity, passphrase?: Buffer): string {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const secret = passphrase === undefined ? toPem('PRIVATE KEY', der) : toPem(ENCRYPTED, encrypted(der, passphrase));
  der.fill(0);
  return publicPem(key) + secret;
}

/** Does it take a passphrase to read this text? */
export function isEncrypted(text: string): boolean {
  return text.includes(`-----BEGIN ${ENCRYPTED}-----`);
}

/** The public half, for which no passphrase is needed; undefined when the text has none. */
export function publicHalf(text: string): Recipient | undefined {
  const pem = findPem('PUBLIC KEY', text);
  return pem === undefined ? undefined : recipientOf(createPublicKey(pem), 'the identity');
}

/** Undefined when the passphrase is wrong. Throws `bad-data` for what is no key of ours. */
export function readIdentity(text: string, passphrase?: Buffer): Identity | undefined {
  const pem = [ENCRYPTED, 'PRIVATE KEY', 'RSA PRIVATE KEY'].map((label) => findPem(label, text)).find((found) => found);
  if (pem === undefined) throw new SecretctlError('bad-data', 'the identity file holds no private key', HINT);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    if (isEncrypted(text)) return undefined;
    throw new SecretctlError('bad-data', 'the private key in the identity file cannot be read', HINT);
  }
  return { ...recipientOf(createPublicKey(privateKey), 'the identity'), privateKey };
}

const HINT = 'secretctl identity new';

/** EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2 (RFC 8018 §6.2) with scrypt (RFC 7914 §7). */
function encrypted(der: Buffer, passphrase: Buffer): Buffer {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = scryptSync(passphrase, salt, 32, COST);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(der), cipher.final()]);
  key.fill(0);
  const derivation = sequence(octets(salt), integer(COST.N), integer(COST.r), integer(COST.p));
  const scheme = sequence(oid(OID.aes256cbc), octets(iv));
  const algorithm = sequence(oid(OID.pbes2), sequence(sequence(oid(OID.scrypt), derivation), scheme));
  return toDer(sequence(algorithm, octets(ciphertext)));
}
