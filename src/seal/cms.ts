// CMS AuthEnvelopedData (RFC 5083, RFC 5084) for RSA recipients, in one suite only: RSAES-OAEP with SHA-256, AES-256-GCM.
// `openssl cms -decrypt` opens it. The reader takes the message apart and builds it anew: any other byte is refused. Of
// messages that somebody has made with OpenSSL, which stand for one value, recipients may be named as OpenSSL names them.

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
  /** The KeyTransRecipientInfo as it came, or as we write it. */
  readonly info: Node;
  /** Of the recipient; empty where its certificate is named instead. */
  readonly spki: Buffer;
  readonly encryptedKey: Buffer;
}

/** Whose messages: `ours` as `encryptFor` writes them, byte for byte, or also those of `openssl cms -encrypt`. */
export type Maker = 'ours' | 'openssl';

export const MAX_RECIPIENTS = 64;
const SPKI_BYTES = 32;
/** Of 2,048 bits. */
const MIN_RSA_BYTES = 256;

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
export function addRecipient(
  der: Buffer,
  identity: Recipient & PrivateHalf,
  recipient: Recipient,
  maker: Maker = 'ours',
): Buffer | undefined {
  const envelope = parseEnvelope(der, maker);
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
export function decryptWith(der: Buffer, identity: Recipient & PrivateHalf, maker: Maker = 'ours'): Buffer | undefined {
  const envelope = parseEnvelope(der, maker);
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

/** Undefined for anything but a message of this maker. */
export function parseEnvelope(der: Buffer, maker: Maker = 'ours'): Envelope | undefined {
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
  if (!isSized || wrapped.length === 0 || !wrapped.every((each) => isMadeBy(maker, each))) return undefined;
  return isDistinct(wrapped) && serialise(envelope).equals(der) ? envelope : undefined;
}

function wrappedKeyOf(info: Node): WrappedKey {
  return { info, spki: bytesOf(at(info, 1)), encryptedKey: bytesOf(at(info, 3)) };
}

/** Nobody is named twice. */
function isDistinct(wrapped: readonly WrappedKey[]): boolean {
  const names = wrapped.flatMap(({ info }) => {
    const rid = at(info, 1);
    return rid === undefined ? [] : [toDer(rid).toString('hex')];
  });
  return new Set(names).size === wrapped.length;
}

function isMadeBy(maker: Maker, { info, spki, encryptedKey }: WrappedKey): boolean {
  if (encryptedKey.length < MIN_RSA_BYTES) return false;
  const written = toDer(info);
  if (spki.length === SPKI_BYTES && toDer(recipientInfo(spki, encryptedKey)).equals(written)) return true;
  const rid = at(info, 1);
  if (maker === 'ours' || rid === undefined) return false;
  // RFC 5652 §6.2.1: version 0 with issuer and serial number, 2 with a key identifier.
  const version = itemsOf(rid).length > 0 ? 0 : 2;
  return [true, false].some((withNull) => toDer(keyTransport(version, rid, encryptedKey, withNull)).equals(written));
}

function wrapFor({ key, spki }: Recipient, contentKey: Buffer): WrappedKey {
  const encryptedKey = publicEncrypt({ key, ...OAEP }, contentKey);
  return { info: recipientInfo(spki, encryptedKey), spki, encryptedKey };
}

function contentKeyOf({ wrapped }: Envelope, { privateKey, spki }: Recipient & PrivateHalf): Buffer | undefined {
  const mine = wrapped.filter((each) => each.spki.equals(spki));
  // Who is named by a certificate is found by trying.
  const tried = mine.length > 0 ? mine : wrapped.filter((each) => each.spki.length !== SPKI_BYTES);
  for (const { encryptedKey } of tried) {
    const key = unwrapped(privateKey, encryptedKey);
    if (key?.length === KEY_BYTES) return key;
  }
  return undefined;
}

function unwrapped(privateKey: KeyObject, encryptedKey: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key: privateKey, ...OAEP }, encryptedKey);
  } catch {
    return undefined;
  }
}

function serialise({ wrapped, nonce, ciphertext, tag }: Envelope): Buffer {
  const cipher = sequence(oid(OID.aes256gcm), sequence(octets(nonce), integer(TAG_BYTES)));
  const content = sequence(oid(OID.data), cipher, implicitOctets(0, ciphertext));
  const body = sequence(integer(0), setOf(wrapped.map(({ info }) => info)), content, octets(tag));
  return toDer(sequence(oid(OID.authEnvelopedData), explicit(0, body)));
}

function recipientInfo(spki: Buffer, encryptedKey: Buffer): Node {
  return keyTransport(2, implicitOctets(0, spki), encryptedKey, true);
}

/** KeyTransRecipientInfo (RFC 5652 §6.2.1). RFC 4055 §2.1 has the NULL of the hashes both ways; OpenSSL leaves it out. */
function keyTransport(version: number, rid: Node, encryptedKey: Buffer, withNull: boolean): Node {
  const sha256 = (): Node => sequence(oid(OID.sha256), ...(withNull ? [nothing()] : []));
  // RFC 4055 §4.1.
  const parameters = sequence(explicit(0, sha256()), explicit(1, sequence(oid(OID.mgf1), sha256())));
  return sequence(integer(version), rid, sequence(oid(OID.oaep), parameters), octets(encryptedKey));
}
