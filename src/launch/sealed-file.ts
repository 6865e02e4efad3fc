// A profile that is being sealed: its text, what of it can be sealed, and the new text with a seal that fits. The new text
// is checked as a launch would check it before anybody gets to see it.

import { SecretctlError } from '../errors.js';
import { replaceSeal, replaceValue, type ValuePlace, valuePlaces } from '../profile/edit.js';
import { checkProfile, readDocument, type Readable } from '../profile/parse.js';
import { formatSealed, parseSealed } from '../profile/sealed-text.js';
import type { SealSection } from '../profile/types.js';
import type { Recipient } from '../seal/cms.js';
import { envelopeOf, openValue, type ProfileKey, sealMac, sealValue } from '../seal/profile-seal.js';
import { spkiText } from '../seal/recipient.js';

export interface Named {
  readonly name: string;
  readonly recipient: Pick<Recipient, 'spki'>;
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

export function sealedText(profileKey: ProfileKey, place: string, plain: string): string {
  if (plain === '') throw new SecretctlError('bad-data', `the value of ${place} is empty`);
  if (plain.includes('\0')) throw new SecretctlError('bad-data', `the value of ${place} holds a NUL`);
  return formatSealed(sealValue(profileKey, place, plain));
}

/** Every `ENC[…]` becomes `SEAL[…]`, to be edited. Throws `bad-data` for a value that a profile cannot hold in plain text. */
export function unsealAll(
  text: string,
  profileKey: ProfileKey,
  path: string,
): { text: string; places: readonly string[] } {
  const sealed = sealedPlaces(text);
  const open = sealed
    .toReversed()
    .reduce(
      (current, { value, base64 }) => replaceValue(current, value, `SEAL[${openAt(profileKey, value.place, base64)}]`),
      text,
    );
  const read = readDocument(Buffer.from(open));
  if ('problem' in read) {
    const { line, message } = read.problem;
    const hint = `secretctl unseal ${path} --field FIELD --stdout`;
    throw new SecretctlError('bad-data', `a value cannot stand in plain text in ${path}:${line}: ${message}`, hint);
  }
  return { text: open, places: sealed.map(({ value }) => value.place) };
}

/** The same values under another profile key. */
export function resealAll(text: string, from: ProfileKey, to: ProfileKey): string {
  return sealedPlaces(text)
    .toReversed()
    .reduce(
      (current, { value, base64 }) =>
        replaceValue(current, value, sealedText(to, value.place, openAt(from, value.place, base64))),
      text,
    );
}

function openAt(profileKey: ProfileKey, place: string, base64: string): string {
  return openValue(profileKey, place, Buffer.from(base64, 'base64'));
}

function sealedPlaces(text: string): { value: ValuePlace; base64: string }[] {
  return valuePlaces(text).flatMap((value) => {
    const parsed = value.text?.startsWith('ENC[') === true ? parseSealed(value.text) : 'plain';
    return typeof parsed === 'string' ? [] : [{ value, base64: parsed.base64 }];
  });
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
