// Sealed profiles that are wrong in one way: what a holder of the key could write, and what somebody else could change.

import { readDocument } from '../../src/profile/parse.js';
import { formatSealed } from '../../src/profile/sealed-text.js';
import { integer, sequence } from '../../src/seal/der.js';
import { toPem } from '../../src/seal/pem.js';
import { type ProfileKey, sealMac, sealValue } from '../../src/seal/profile-seal.js';
import { spkiText } from '../../src/seal/recipient.js';
import { deriveKey, seal } from '../../src/system/crypto.js';
import { type Cms, cms, KEY, oaep, OIDS, person } from './forge-cms.js';

export const VALUES = { '/env/TOKEN': 'a value with é, \u{1F600} and "quotes"', '/secrets/db/password': 'second' };

interface Making {
  readonly der?: Buffer;
  readonly pem?: (pem: string) => string;
  readonly people?: readonly string[];
  /** The list in the file, when it is not that of the message. */
  readonly listed?: readonly { readonly name: string; readonly spki: string }[];
  /** Before the seal is computed. */
  readonly edit?: (text: string) => string;
  /** After it. */
  readonly tamper?: (text: string) => string;
  readonly token?: string;
  readonly password?: string;
  readonly signedWith?: ProfileKey;
  /** Computed over this, where the text itself cannot be read. */
  readonly unsigned?: true;
}

export const enc = (place: string, text: string, key = KEY): string => formatSealed(sealValue(key, place, text));
export const TOKEN = enc('/env/TOKEN', VALUES['/env/TOKEN']);
export const PASSWORD = enc('/secrets/db/password', VALUES['/secrets/db/password']);

export function profile(making: Making = {}): string {
  const { people = ['ada', 'ci'], der = cms({ people }), edit = same, tamper = same, pem = same } = making;
  const listed = making.listed ?? people.map((name) => ({ name, spki: spkiText(person(name).spki) }));
  const text = edit(`secretctl: 1
name: shop
server:
  command: node
  args: [server.js, 5432]
tools:
  readOnly: true
secrets:
  db: { host: db.internal, password: "${making.password ?? PASSWORD}" }
env:
  PGHOST: db.internal
  TOKEN: ${making.token ?? TOKEN}
`);
  const key = pem(toPem('CMS', der))
    .split('\n')
    .slice(0, -1)
    .map((line) => `    ${line}`);
  const listLines = listed.map(({ name, spki }) => `    - { name: "${name}", spki: "${spki}" }`);
  const section = (mac: string): string =>
    ['sealed:', '  key: |', ...key, '  recipients:', ...listLines, `  mac: ${mac}`, ''].join('\n');
  const zero = Buffer.alloc(32).toString('base64');
  const read = making.unsigned === true ? undefined : readDocument(Buffer.from(text + section(zero)));
  if (read !== undefined && 'problem' in read) throw new Error(read.problem.message);
  const mac = read === undefined ? zero : sealMac(read.document, der, making.signedWith ?? KEY);
  return tamper(text + section(mac));
}

function same(text: string): string {
  return text;
}

export const swap = (text: string, from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${String(from)} changes nothing`);
  return changed;
};
export const tampered = (from: string | RegExp, to: string): string =>
  profile({ tamper: (text) => swap(text, from, to) });
export const edited = (from: string | RegExp, to: string, more: Making = {}): string =>
  profile({ ...more, edit: (text) => swap(text, from, to) });
export const message = (some: Cms): string => profile({ der: cms(some) });
export const bytes = (change: (der: Buffer) => Buffer): string => profile({ der: change(cms()) });
/** The outermost length, in more bytes than it needs. */
export const longLength = (der: Buffer): Buffer => Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]);
export const indefinite = (der: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.alloc(2)]);
export const hexOf = (name: string): string => person(name).spki.toString('hex');

export const GOOD = profile();
/** The next digit: two bits of it mean nothing. */
export const stray = (text: string): string =>
  text.replace(/mac: (.*)(.)=\n/, (_, start: string, last: string) => `mac: ${start}${next(last)}=\n`);
const next = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 1);
export const base64 = (length: number): string => Buffer.alloc(length, 7).toString('base64');
export const withAad = (aad: string): string =>
  formatSealed({ kind: 'v1', bytes: seal(deriveKey(KEY.key, 'value'), Buffer.from(VALUES['/env/TOKEN']), aad) });
/** The token as a message of its own. */
const alone = (some: Cms = {}, change: (der: Buffer) => Buffer = (der) => der): string =>
  formatSealed({ kind: 'CMS', bytes: change(cms({ content: Buffer.from(VALUES['/env/TOKEN']), ...some })) });
/** As OpenSSL names who may read: an issuer and a number, which nobody needs to know. */
export const ISSUER: Cms = {
  recipientVersion: 0,
  rid: ({ spki }) => sequence(sequence(), integer(spki.readUInt16BE() >> 1)),
  keyAlgorithm: oaep(OIDS.sha256, false),
};
export const withAlone = (some: Cms = {}, change?: (der: Buffer) => Buffer): string =>
  profile({ token: alone(some, change) });
export const id = KEY.id.toString('base64url');
