// A profile that is being sealed: its text, what of it can be sealed, and the new text with a seal that fits. The new text
// is checked as a launch would check it before anybody gets to see it.

import { SecretctlError } from '../errors.js';
import { replaceSeal, replaceValue, type ValuePlace, valuePlaces } from '../profile/edit.js';
import { checkProfile, readDocument, type Readable } from '../profile/parse.js';
import { formatSealed, parseSealed, type SealedText } from '../profile/sealed-text.js';
import type { SealSection } from '../profile/types.js';
import { addRecipient, type Recipient } from '../seal/cms.js';
import {
  envelopeOf,
  openValue,
  type ProfileKey,
  sealAlone,
  type SealKeys,
  sealMac,
  sealValue,
} from '../seal/profile-seal.js';
import { spkiText } from '../seal/recipient.js';

export interface Named {
  readonly name: string;
  readonly recipient: Pick<Recipient, 'spki'>;
}

/** Without their public keys, of which the file holds the digests only. */
export function peopleIn({ recipients }: SealSection): Named[] {
  return recipients.map(({ name, spki }) => ({
    name,
    recipient: { spki: Buffer.from(spki.slice('sha256:'.length), 'hex') },
  }));
}

/** What a person writes for a value that is to be sealed. A block text (`|`) ends in a newline that nobody meant. */
const TO_SEAL = /^SEAL\[([^]*)\]\n*$/;

/** Throws `bad-profile` for what is no YAML or no profile; what is not sealed yet is fine. */
export function readSealable(bytes: Buffer, path: string): Readable {
  const read = readDocument(bytes);
  if (!('problem' in read)) return read;
  const { line, column, message } = read.problem;
  throw new SecretctlError('bad-profile', `${path}:${line}:${column}: ${message}`, `secretctl profile check ${path}`);
}

/** Every `SEAL[…]` becomes `ENC[…]`. */
export function sealMarked(text: string, profileKey: ProfileKey): { text: string; places: readonly string[] } {
  const marked = valuePlaces(text).filter((value) => value.text?.startsWith('SEAL[') === true);
  const unfinished = marked.find((value) => !TO_SEAL.test(value.text ?? ''));
  if (unfinished !== undefined) {
    const hint = 'put SEAL[…] as a whole into quotes: " #" begins a comment';
    throw new SecretctlError(
      'bad-data',
      `the value of ${unfinished.place} begins with SEAL[ and has no ] at its end`,
      hint,
    );
  }
  const sealed = marked.toReversed().reduce((current, value) => {
    const plain = TO_SEAL.exec(value.text ?? '')?.[1] ?? '';
    return replaceValue(current, value, sealedText(profileKey, value.place, plain));
  }, text);
  return { text: sealed, places: marked.map(({ place }) => place) };
}

/** Throws `bad-data` for what no variable can carry. */
export function sealedText(profileKey: ProfileKey, place: string, plain: string): string {
  return formatSealed(sealValue(profileKey, place, sealable(place, plain)));
}

/** The same as a message of its own, for these people and nobody who comes later. */
export function sealedAlone(recipients: readonly Recipient[], place: string, plain: string): string {
  return formatSealed(sealAlone(recipients, sealable(place, plain)));
}

function sealable(place: string, plain: string): string {
  if (plain === '') throw new SecretctlError('bad-data', `the value of ${place} is empty`);
  if (plain.includes('\0')) throw new SecretctlError('bad-data', `the value of ${place} holds a NUL`);
  return plain;
}

/** Every `ENC[…]` becomes `SEAL[…]`, to be edited. Throws `bad-data` for a value that a profile cannot hold in plain text. */
export function unsealAll(text: string, keys: SealKeys, path: string): { text: string; places: readonly string[] } {
  const open = replaceSealed(text, ({ place }, sealed) => `SEAL[${openValue(keys, place, sealed)}]`);
  const read = readDocument(Buffer.from(open));
  if ('problem' in read) {
    const { line, message } = read.problem;
    const hint = `secretctl unseal ${path} --field FIELD --stdout`;
    throw new SecretctlError('bad-data', `a value cannot stand in plain text in ${path}:${line}: ${message}`, hint);
  }
  return { text: open, places: sealedPlaces(text).map(({ value }) => value.place) };
}

/** The same values under another profile key, and for these people only. */
export function resealAll(text: string, from: SealKeys, to: ProfileKey, recipients: readonly Recipient[]): string {
  return replaceSealed(text, ({ place }, sealed) => {
    const plain = openValue(from, place, sealed);
    return sealed.kind === 'v1' ? sealedText(to, place, plain) : sealedAlone(recipients, place, plain);
  });
}

/** Values that are messages of their own get one more who can open them. Throws the `bad-data` of a seal that does not fit. */
export function addToMessages(text: string, keys: SealKeys, added: Recipient): string {
  return replaceSealed(text, ({ place }, sealed) => {
    if (sealed.kind === 'v1') return formatSealed(sealed);
    const bytes = addRecipient(sealed.bytes, keys.identity, added, 'openssl');
    if (bytes !== undefined) return formatSealed({ ...sealed, bytes });
    throw new SecretctlError(
      'bad-data',
      `the message at ${place} is not for this identity`,
      'secretctl recipients list PATH',
    );
  });
}

/** Throws `bad-data` for a message that these keys do not open, before it is signed and stops every launch. */
export function requireOpenMessages(text: string, keys: SealKeys): void {
  for (const { value, sealed } of sealedPlaces(text)) {
    if (sealed.kind === 'v1' || canOpen(keys, value.place, sealed)) continue;
    const options = '-binary -aes-256-gcm -outform DER -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256';
    throw new SecretctlError(
      'bad-data',
      `the message at ${value.place} is damaged, made another way, or not for this identity`,
      `openssl cms -encrypt ${options} -recip CERTIFICATE | openssl base64 -A`,
    );
  }
}

function canOpen(keys: SealKeys, place: string, sealed: SealedText): boolean {
  try {
    return openValue(keys, place, sealed) !== '';
  } catch {
    return false;
  }
}

export interface SealedPlace {
  readonly value: ValuePlace;
  readonly sealed: SealedText;
}

export function sealedPlaces(text: string): SealedPlace[] {
  return valuePlaces(text).flatMap((value) => {
    const sealed = value.text?.startsWith('ENC[') === true ? parseSealed(value.text) : 'plain';
    return typeof sealed === 'string' ? [] : [{ value, sealed }];
  });
}

/** What is put there is one line; the rest of the text stays as it is. */
function replaceSealed(text: string, change: (value: ValuePlace, sealed: SealedText) => string): string {
  return sealedPlaces(text)
    .toReversed()
    .reduce((current, { value, sealed }) => replaceValue(current, value, change(value, sealed)), text);
}

/** The text with a seal over all of it. Throws `bad-profile` when the result would not launch. */
export function withSeal(
  text: string,
  pem: string,
  people: readonly Named[],
  profileKey: ProfileKey,
  path: string,
): Buffer {
  const recipients = people.map(({ name, recipient }) => ({ name, spki: spkiText(recipient.spki) }));
  const section = { key: pem, recipients, mac: Buffer.alloc(32).toString('base64') };
  const { document } = readSealable(Buffer.from(replaceSeal(text, formatSection(section))), path);
  const mac = sealMac(document, envelopeOf({ key: pem }), profileKey);
  const bytes = Buffer.from(replaceSeal(text, formatSection({ ...section, mac })));
  const [problem] = checkProfile(bytes).problems;
  if (problem === undefined) return bytes;
  const where = `${path}:${problem.line}:${problem.column}`;
  throw new SecretctlError('bad-profile', `${where}: ${problem.message}`, `secretctl profile check ${path}`);
}

/** One spelling, so that only the lines of what changed change. */
function formatSection({ key, recipients, mac }: SealSection): string {
  return [
    'sealed:',
    '  key: |',
    ...key
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    '  recipients:',
    ...recipients.map(({ name, spki }) => `    - { name: ${name}, spki: "${spki}" }`),
    `  mac: ${mac}`,
    '',
  ].join('\n');
}
