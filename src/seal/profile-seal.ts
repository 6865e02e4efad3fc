// A sealed profile, version 1: values under the profile key, the profile key for each recipient, and a MAC over the whole
// document, so that nobody without the profile key changes a command, a host or a recipient unnoticed.

import { createHash, randomBytes } from 'node:crypto';
import { canonicalBytes } from '../canonical.js';
import { SecretctlError } from '../errors.js';
import type { SealedText } from '../profile/sealed-text.js';
import type { ProfileDocument, SealSection } from '../profile/types.js';
import { deriveKey, hmac, isEqual, KEY_BYTES, seal, unseal } from '../system/crypto.js';
import { decryptWith, encryptFor, parseEnvelope, type Recipient } from './cms.js';
import type { Identity } from './identity.js';
import { fromPem, toPem } from './pem.js';
import { spkiText } from './recipient.js';

/** The content of the CMS message: what opens and signs a profile. */
export interface ProfileKey {
  /** 32 bytes. */
  readonly key: Buffer;
  /** 16 bytes; binds values to their profile. */
  readonly id: Buffer;
}

const ID_BYTES = 16;
const LABEL = 'CMS';

export function newProfileKey(): ProfileKey {
  return { key: randomBytes(KEY_BYTES), id: randomBytes(ID_BYTES) };
}

/** The PEM text for `sealed.key`. */
export function sealProfileKey({ key, id }: ProfileKey, recipients: readonly Recipient[]): string {
  return pemOf(encryptFor(recipients, Buffer.concat([key, id])));
}

export function pemOf(der: Buffer): string {
  return toPem(LABEL, der);
}

/** DER of `sealed.key`; throws `bad-data` for anything but a message of ours. */
export function envelopeOf({ key }: Pick<SealSection, 'key'>): Buffer {
  const der = fromPem(LABEL, key.endsWith('\n') ? key : `${key}\n`);
  if (der === undefined || parseEnvelope(der) === undefined) throw broken();
  return der;
}

/**
 * Throws `locked` when the identity is not among the recipients, else one and the same `bad-data` whatever does not fit.
 * `document` is the whole profile as plain values. Nothing of it may be used before this returns.
 */
export function openSeal(section: SealSection, document: ProfileDocument, identity: Identity): ProfileKey {
  const der = envelopeOf(section);
  const profileKey = openEnvelope(section, der, identity);
  const given = Buffer.from(section.mac, 'base64');
  const isCanonical = given.toString('base64') === section.mac;
  if (!isCanonical || !isEqual(given, macOf(document, der, profileKey)) || !hasSameRecipients(section, der))
    throw broken();
  return profileKey;
}

/** The key alone, whatever became of the document: for those who seal it anew. Throws as `openSeal`. */
export function openProfileKey(section: SealSection, identity: Identity): ProfileKey {
  return openEnvelope(section, envelopeOf(section), identity);
}

function openEnvelope(section: SealSection, der: Buffer, identity: Identity): ProfileKey {
  requireRecipient(section, identity);
  const content = decryptWith(der, identity);
  if (content?.length !== KEY_BYTES + ID_BYTES) throw broken();
  return { key: content.subarray(0, KEY_BYTES), id: content.subarray(KEY_BYTES) };
}

/** Base64 for `sealed.mac`: HMAC-SHA256 over the document without `/sealed/mac`, `/sealed/key` as the digest of its DER. */
export function sealMac(document: ProfileDocument, der: Buffer, profileKey: ProfileKey): string {
  return macOf(document, der, profileKey).toString('base64');
}

/** `place`: JSON pointer of the field. */
export function sealValue({ key, id }: ProfileKey, place: string, text: string): SealedText {
  return { kind: 'v1', bytes: seal(deriveKey(key, 'value'), Buffer.from(text), associated(id, place)) };
}

/** As a message of its own, which `openssl cms -decrypt` alone turns into the value. Only the mac binds it to its place. */
export function sealAlone(recipients: readonly Recipient[], text: string): SealedText {
  return { kind: 'CMS', bytes: encryptFor(recipients, Buffer.from(text)) };
}

/** What opens the values of one profile. */
export interface SealKeys {
  readonly profileKey: ProfileKey;
  readonly identity: Identity;
}

/** Throws the one `bad-data` of a seal that does not fit. */
export function openValue({ profileKey, identity }: SealKeys, place: string, { kind, bytes }: SealedText): string {
  const { key, id } = profileKey;
  const plaintext =
    kind === 'v1'
      ? unseal(deriveKey(key, 'value'), bytes, associated(id, place))
      : decryptWith(bytes, identity, 'openssl');
  if (plaintext === undefined) throw broken();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch {
    throw broken();
  } finally {
    plaintext.fill(0);
  }
}

function associated(id: Buffer, place: string): string {
  return `${id.toString('base64url')}|${place}|v1`;
}

function macOf(document: ProfileDocument, der: Buffer, { key }: ProfileKey): Buffer {
  const { sealed, ...rest } = document;
  const section = typeof sealed === 'object' && sealed !== null && !Array.isArray(sealed) ? sealed : {};
  const { mac: _, ...covered } = Object.fromEntries(Object.entries(section));
  const digest = `sha256:${createHash('sha256').update(der).digest('hex')}`;
  return hmac(deriveKey(key, 'mac'), canonicalBytes({ ...rest, sealed: { ...covered, key: digest } }));
}

function requireRecipient({ recipients }: SealSection, identity: Identity): void {
  const mine = spkiText(identity.spki);
  if (recipients.some(({ spki }) => spki === mine)) return;
  const names = recipients.map(({ name }) => name).join(', ');
  throw new SecretctlError(
    'locked',
    `the profile is sealed for ${names}, and not for this identity (${mine})`,
    'ask one of them: secretctl recipients add PATH NAME FILE',
  );
}

/**
 * For a document that was changed on purpose: a list of recipients that is not that of its key would be signed, and launched
 * by nobody.
 */
export function requireSameRecipients(section: SealSection): void {
  if (hasSameRecipients(section, envelopeOf(section))) return;
  const message = 'the recipients in the section "sealed" are not those that its key is sealed for';
  throw new SecretctlError('bad-data', message, 'put them back; "secretctl recipients add" and "remove" change them');
}

/** Each wrapped key has its name in the list, and the reverse. */
function hasSameRecipients({ recipients }: SealSection, der: Buffer): boolean {
  const wrapped = (parseEnvelope(der)?.wrapped ?? []).map(({ spki }) => spkiText(spki));
  const named = recipients.map(({ spki }) => spki);
  return wrapped.toSorted().join() === named.toSorted().join();
}

/** One text for all failures: a reader of logs learns nothing about padding or tags. */
function broken(): SecretctlError {
  const message = 'the seal of the profile does not fit: it was changed without its key, or is damaged';
  return new SecretctlError('bad-data', message, 'git diff, and when the change is meant: secretctl seal PATH');
}
