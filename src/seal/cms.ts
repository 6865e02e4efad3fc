// CMS AuthEnvelopedData (RFC 5083, RFC 5084) for RSA recipients, in one suite only: RSAES-OAEP with SHA-256, AES-256-GCM.
// `openssl cms -decrypt` opens it. The reader takes the message apart and builds it anew: any other byte is refused.

import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from '../system/crypto.js';
import {
  at,
  bytesOf,
  explicit,
  fromDer,
  implicitOctets,
  integer,
  itemsOf,
  type Node,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  toDer,
} from './der.js';

export interface Recipient {
  /** RSA, public. */
  readonly key: KeyObject;
  /** SHA-256 of the DER SubjectPublicKeyInfo: 32 bytes. */
  readonly spki: Buffer;
}

/** The parts of a message; nothing of them is authentic before it is decrypted. */
export interface Envelope {
  readonly wrapped: readonly WrappedKey[];
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The content key for one recipient. */
interface WrappedKey {
  readonly spki: Buffer;
  readonly encryptedKey: Buffer;
}

export const MAX_RECIPIENTS = 64;

const OID = {
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  data: '1.2.840.113549.1.7.1',
  oaep: '1.2.840.113549.1.1.7',
  mgf1: '1.2.840.113549.1.1.8',
  sha256: '2.16.840.1.101.3.4.2.1',
  aes256gcm: '2.16.840.1.101.3.4.1.46',
} as const;

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

/** DER. */
export function encryptFor(recipients: readonly Recipient[], content: Buffer): Buffer {
  const contentKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contentKey, nonce, { authTagLength: TAG_BYTES });
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const wrapped = recipients.map((recipient) => wrapFor(recipient, contentKey));
  contentKey.fill(0);
  return serialise({ wrapped, nonce, ciphertext, tag: cipher.getAuthTag() });
}

/** The same message for one more, made by someone who can open it. Undefined when this key does not. */
export function addRecipient(der: Buffer, identity: Recipient & PrivateHalf, recipient: Recipient): Buffer | undefined {
  const envelope = parseEnvelope(der);
  const contentKey = envelope === undefined ? undefined : contentKeyOf(envelope, identity);
  if (envelope === undefined || contentKey === undefined) return undefined;
  const wrapped = [...envelope.wrapped, wrapFor(recipient, contentKey)];
  contentKey.fill(0);
  return serialise({ ...envelope, wrapped });
}

/** Of two messages that grew out of one: everybody who can open either. Undefined when they are not of one content key. */
export function mergeRecipients(one: Buffer, other: Buffer): Buffer | undefined {
  const [mine, theirs] = [parseEnvelope(one), parseEnvelope(other)];
  if (mine === undefined || theirs === undefined) return undefined;
  const isOne =
    mine.nonce.equals(theirs.nonce) && mine.ciphertext.equals(theirs.ciphertext) && mine.tag.equals(theirs.tag);
  if (!isOne) return undefined;
  const added = theirs.wrapped.filter(({ spki }) => !mine.wrapped.some((each) => each.spki.equals(spki)));
  return serialise({ ...mine, wrapped: [...mine.wrapped, ...added] });
}

export interface PrivateHalf {
  readonly privateKey: KeyObject;
}

/** The content; undefined for whatever reason it cannot be had: no reason is told, because each would be an oracle. */
export function decryptWith(der: Buffer, identity: Recipient & PrivateHalf): Buffer | undefined {
  const envelope = parseEnvelope(der);
  const contentKey = envelope === undefined ? undefined : contentKeyOf(envelope, identity);
  if (envelope === undefined || contentKey === undefined) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', contentKey, envelope.nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(envelope.tag);
    return Buffer.concat([decipher.update(envelope.ciphertext), decipher.final()]);
  } catch {
    return undefined;
  } finally {
    contentKey.fill(0);
  }
}

/** Undefined for anything but a message as `encryptFor` writes it, byte for byte. */
export function parseEnvelope(der: Buffer): Envelope | undefined {
  const root = fromDer(der);
  const body = at(root, 1, 0);
  const encrypted = at(body, 2);
  const envelope = {
    wrapped: itemsOf(at(body, 1)).map(wrappedKeyOf),
    nonce: bytesOf(at(encrypted, 1, 1, 0)),
    ciphertext: bytesOf(at(encrypted, 2)),
    tag: bytesOf(at(body, 3)),
  };
  const { wrapped, nonce, tag } = envelope;
  const isSized = nonce.length === NONCE_BYTES && tag.length === TAG_BYTES && wrapped.length <= MAX_RECIPIENTS;
  const isDistinct = new Set(wrapped.map(({ spki }) => spki.toString('hex'))).size === wrapped.length;
  if (!isSized || !isDistinct || wrapped.length === 0) return undefined;
  if (!wrapped.every(({ spki, encryptedKey }) => spki.length === 32 && encryptedKey.length >= 256)) return undefined;
  return serialise(envelope).equals(der) ? envelope : undefined;
}

function wrappedKeyOf(node: Node): WrappedKey {
  return { spki: bytesOf(at(node, 1)), encryptedKey: bytesOf(at(node, 3)) };
}

function wrapFor({ key, spki }: Recipient, contentKey: Buffer): WrappedKey {
  return { spki, encryptedKey: publicEncrypt({ key, ...OAEP }, contentKey) };
}

function contentKeyOf({ wrapped }: Envelope, { privateKey, spki }: Recipient & PrivateHalf): Buffer | undefined {
  const mine = wrapped.find((each) => each.spki.equals(spki));
  if (mine === undefined) return undefined;
  try {
    const key = privateDecrypt({ key: privateKey, ...OAEP }, mine.encryptedKey);
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

function serialise({ wrapped, nonce, ciphertext, tag }: Envelope): Buffer {
  const cipher = sequence(oid(OID.aes256gcm), sequence(octets(nonce), integer(TAG_BYTES)));
  const content = sequence(oid(OID.data), cipher, implicitOctets(0, ciphertext));
  const body = sequence(integer(0), setOf(wrapped.map(recipientInfo)), content, octets(tag));
  return toDer(sequence(oid(OID.authEnvelopedData), explicit(0, body)));
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1), version 2: the recipient is named by a subjectKeyIdentifier. */
function recipientInfo({ spki, encryptedKey }: WrappedKey): Node {
  const sha256 = (): Node => sequence(oid(OID.sha256), nothing());
  // RFC 4055 §4.1.
  const parameters = sequence(explicit(0, sha256()), explicit(1, sequence(oid(OID.mgf1), sha256())));
  return sequence(integer(2), implicitOctets(0, spki), sequence(oid(OID.oaep), parameters), octets(encryptedKey));
}
