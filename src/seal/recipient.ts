// For whom something is sealed: an RSA public key, bare or in an X.509 certificate. Of a certificate nothing but the key
// counts: no chain, no dates.

import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import type { Recipient } from './cms.js';
import { findPem } from './pem.js';

const MIN_BITS = 2048;
const MAX_BITS = 8192;

/** `what` names the text in messages. Throws `bad-data`. */
export function readRecipient(pem: string, what: string): Recipient {
  const key = publicKeyIn(pem);
  if (key === undefined) {
    const hint = 'a recipient is a PEM file with a PUBLIC KEY or a CERTIFICATE: secretctl identity show > alice.pem';
    throw new SecretctlError('bad-data', `${what} holds no public key`, hint);
  }
  return recipientOf(key, what);
}

export function recipientOf(key: KeyObject, what: string): Recipient {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') throw new SecretctlError('bad-data', `the key of ${what} is no RSA key`);
  if (bits < MIN_BITS || bits > MAX_BITS) {
    throw new SecretctlError('bad-data', `the key of ${what} has ${bits} bits: ${MIN_BITS} to ${MAX_BITS} are taken`);
  }
  return { key, spki: createHash('sha256').update(spkiOf(key)).digest() };
}

/** `sha256:<64 hex>`: how a profile names a recipient's key. */
export function spkiText(spki: Buffer): string {
  return `sha256:${spki.toString('hex')}`;
}

export function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** DER of the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function publicKeyIn(text: string): KeyObject | undefined {
  try {
    const certificate = findPem('CERTIFICATE', text);
    if (certificate !== undefined) return new X509Certificate(certificate).publicKey;
    const bare = findPem('PUBLIC KEY', text);
    return bare === undefined ? undefined : createPublicKey(bare);
  } catch {
    return undefined;
  }
}
