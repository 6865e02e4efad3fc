// Makes the test vectors of sealed profiles: `node dist/test/support/make-seal-vectors.js`. They are made once and kept.
// Whatever is wrong with one is all that is wrong with it: its mac is the one that a holder of the key would write.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../../src/profile/parse.js';
import { formatSealed } from '../../src/profile/sealed-text.js';
import { explicit, implicitOctets, integer, nothing, octets, oid, sequence } from '../../src/seal/der.js';
import { toPem } from '../../src/seal/pem.js';
import { type ProfileKey, sealMac, sealValue } from '../../src/seal/profile-seal.js';
import { spkiText } from '../../src/seal/recipient.js';
import { deriveKey, seal } from '../../src/system/crypto.js';
import { type Cms, cms, hash, KEY, oaep, OIDS, OTHER, person } from './forge-cms.js';
import { SEAL_VECTORS, type SealVector } from './seal-vectors.js';

const VALUES = { '/env/TOKEN': 'a value with é, \u{1F600} and "quotes"', '/secrets/db/password': 'second' };

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

const enc = (place: string, text: string, key = KEY): string => formatSealed(sealValue(key, place, text));
const TOKEN = enc('/env/TOKEN', VALUES['/env/TOKEN']);
const PASSWORD = enc('/secrets/db/password', VALUES['/secrets/db/password']);

function profile(making: Making = {}): string {
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

const swap = (text: string, from: string | RegExp, to: string): string => {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${String(from)} changes nothing`);
  return changed;
};
const tampered = (from: string | RegExp, to: string): string => profile({ tamper: (text) => swap(text, from, to) });
const edited = (from: string | RegExp, to: string, more: Making = {}): string =>
  profile({ ...more, edit: (text) => swap(text, from, to) });
const message = (some: Cms): string => profile({ der: cms(some) });
const bytes = (change: (der: Buffer) => Buffer): string => profile({ der: change(cms()) });
/** The outermost length, in more bytes than it needs. */
const longLength = (der: Buffer): Buffer => Buffer.concat([Buffer.from([0x30, 0x83, 0]), der.subarray(2)]);
const indefinite = (der: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.alloc(2)]);
const hexOf = (name: string): string => person(name).spki.toString('hex');

const GOOD = profile();
/** The next digit: two bits of it mean nothing. */
const stray = (text: string): string =>
  text.replace(/mac: (.*)(.)=\n/, (_, start: string, last: string) => `mac: ${start}${next(last)}=\n`);
const next = (digit: string): string => String.fromCharCode(digit.charCodeAt(0) + 1);
const base64 = (length: number): string => Buffer.alloc(length, 7).toString('base64');
const withAad = (aad: string): string =>
  formatSealed(seal(deriveKey(KEY.key, 'value'), Buffer.from(VALUES['/env/TOKEN']), aad));
const id = KEY.id.toString('base64url');

type Row = readonly [about: string, profile: string, as?: string];

const OK: Record<string, Row> = {
  'ok-plain': ['two recipients, two values', GOOD],
  'ok-second-recipient': ['read by the second recipient', GOOD, 'ci'],
  'ok-one-recipient': ['one recipient', profile({ people: ['ada'] })],
  'ok-three-recipients': ['three recipients', profile({ people: ['ada', 'ci', 'eve'] }), 'eve'],
  'ok-comments': ['comments came in after it was sealed', tampered('name: shop', '# more\nname: shop # of it')],
  'ok-quotes': ['other quotes', tampered('name: shop', "name: 'shop'")],
  'ok-key-order': ['another order of keys', tampered('secretctl: 1\nname: shop\n', 'name: shop\nsecretctl: 1\n')],
  'ok-section-order': [
    'the seal before the rest',
    profile({ tamper: (text) => `${text.slice(text.indexOf('sealed:'))}${text.slice(0, text.indexOf('sealed:'))}` }),
  ],
  'ok-crlf': ['lines that end in CR LF', GOOD.replaceAll('\n', '\r\n')],
  'ok-flow': ['maps written in braces', tampered('tools:\n  readOnly: true\n', 'tools: { readOnly: true }\n')],
  'ok-recipients-block': [
    'recipients as blocks',
    tampered(/- \{ name: "ada", spki: ("[^"]*") \}/, '- name: ada\n      spki: $1'),
  ],
  'ok-recipients-order': [
    'recipients listed in another order',
    profile({ listed: ['ci', 'ada'].map((name) => ({ name, spki: spkiText(person(name).spki) })) }),
  ],
};

const PROFILE: Record<string, Row> = {
  'profile-no-seal': ['sealed values without a seal', GOOD.slice(0, GOOD.indexOf('sealed:'))],
  'profile-no-mac': ['no mac', tampered(/\n {2}mac: .*/, '')],
  'profile-no-key': ['no key', tampered(/\n {2}key: \|\n(?: {4}.*\n)+/, '\n')],
  'profile-no-recipients': ['no recipients', tampered(/\n {2}recipients:\n(?: {4}.*\n)+/, '\n')],
  'profile-empty-recipients': [
    'an empty list of recipients',
    tampered(/recipients:\n(?: {4}.*\n)+/, 'recipients: []\n'),
  ],
  'profile-unknown-member': ['a member of no version', tampered('  mac:', '  version: 1\n  mac:')],
  'profile-enc-version': ['a value of version 2', tampered('TOKEN: ENC[v1', 'TOKEN: ENC[v2')],
  'profile-enc-algorithm': ['a value in another algorithm', tampered('TOKEN: ENC[v1,AESGCM', 'TOKEN: ENC[v1,AESCBC')],
  'profile-enc-open': ['a value without its end', tampered(/(TOKEN: ENC\[.*)\]/, '$1')],
  'profile-enc-short': [
    'a value that is too short for nonce and tag',
    edited(/TOKEN: .*/, `TOKEN: ENC[v1,AESGCM,${base64(28)}]`, { unsigned: true }),
  ],
  'profile-enc-padding': [
    'base64 without its padding',
    edited(/TOKEN: .*/, `TOKEN: ENC[v1,AESGCM,${base64(40).replaceAll('=', '')}]`, { unsigned: true }),
  ],
  'profile-enc-stray-bits': [
    'base64 whose last digit holds bits of no byte',
    edited(/TOKEN: .*/, `TOKEN: ENC[v1,AESGCM,${base64(40).replace(/.==$/, 'd==')}]`, { unsigned: true }),
  ],
  'profile-enc-alphabet': [
    'base64 in the alphabet for URLs',
    edited(/TOKEN: .*/, `TOKEN: ENC[v1,AESGCM,${base64(40).replace('B', '-')}]`, { unsigned: true }),
  ],
  'profile-enc-space': ['a blank inside a value', tampered('TOKEN: ENC[v1,', 'TOKEN: ENC[v1, ')],
  'profile-enc-pkcs7': [
    'a value of hiera-eyaml',
    edited(/TOKEN: .*/, `TOKEN: ENC[PKCS7,${base64(40)}]`, { unsigned: true }),
  ],
  'profile-enc-argument': ['a sealed value as an argument', edited('[server.js', `["${TOKEN}"`, { unsigned: true })],
  'profile-enc-command': [
    'a sealed value as the command',
    edited('command: node', `command: ${TOKEN}`, { unsigned: true }),
  ],
  'profile-to-be-sealed': [
    'a value that is not sealed yet',
    edited(/TOKEN: .*/, 'TOKEN: SEAL[text]', { unsigned: true }),
  ],
  'profile-mac-short': ['a mac of 31 bytes', tampered(/mac: .*/, `mac: ${base64(31)}`)],
  'profile-mac-no-padding': ['a mac without its padding', tampered(/mac: (.*)=/, 'mac: $1')],
  'profile-spki-uppercase': [
    'digits in upper case',
    tampered(`sha256:${hexOf('ada')}`, `sha256:${hexOf('ada').toUpperCase()}`),
  ],
  'profile-spki-prefix': ['a digest that does not say of what kind', tampered('spki: "sha256:', 'spki: "')],
  'profile-recipient-name': ['a blank in a name', tampered('name: "ada"', 'name: "a da"')],
  'profile-recipient-member': ['a member more of a recipient', tampered('{ name: "ada"', '{ role: x, name: "ada"')],
  'profile-pem-label': ['another label', tampered(/BEGIN CMS/, 'BEGIN PKCS7')],
  'profile-float': ['a number with a fraction', edited('5432]', '1.5]', { unsigned: true })],
  'profile-null': ['a value that is nothing', edited('PGHOST: db.internal', 'PGHOST:', { unsigned: true })],
  'profile-key-twice': [
    'a key that stands twice',
    tampered('  PGHOST: db.internal\n', '  PGHOST: db.internal\n  PGHOST: evil\n'),
  ],
  'profile-mac-twice': ['two macs', tampered(/( {2}mac: .*\n)/, '$1$1')],
  'profile-anchor': ['an anchor', tampered('name: shop', 'name: &a shop')],
  'profile-tag': ['a tag', tampered('name: shop', 'name: !!str shop')],
  'profile-merge-key': ['a merge key', tampered('env:\n', 'env:\n  <<: {}\n')],
  'profile-two-documents': ['a second document', `${GOOD}---\n${GOOD}`],
  'profile-directive': ['a directive', `%YAML 1.1\n---\n${GOOD}`],
};

const RECIPIENT: Record<string, Row> = {
  'recipient-none': ['an identity that is not named', GOOD, 'eve'],
  'recipient-in-message-only': [
    'an identity in the message that is not named',
    profile({ people: ['ada'], der: cms({ people: ['ada', 'eve'] }) }),
    'eve',
  ],
};

const SEAL: Record<string, Row> = {
  'seal-host': ['another host', tampered('PGHOST: db.internal', 'PGHOST: evil.internal')],
  'seal-field': ['another field of a secret', tampered('host: db.internal', 'host: evil.internal')],
  'seal-command': ['another command', tampered('command: node', 'command: nodf')],
  'seal-argument': ['another argument', tampered('5432]', '5433]')],
  'seal-argument-type': ['a text in the place of a number', tampered('5432]', '"5432"]')],
  'seal-arguments-joined': ['two arguments as one', tampered('[server.js, 5432]', '["server.js5432"]')],
  'seal-truth-value': ['another truth value', tampered('readOnly: true', 'readOnly: false')],
  'seal-name': ['another name', tampered('name: shop', 'name: shoq')],
  'seal-more': ['a variable more', tampered('env:\n', 'env:\n  MORE: x\n')],
  'seal-less': ['a variable less', tampered('  PGHOST: db.internal\n', '')],
  'seal-renamed': ['a variable with another name', tampered('PGHOST:', 'PGHOSU:')],
  'seal-moved-out': ['a field moved to the variables', tampered('{ host: db.internal, password', '{ password')],
  'seal-normalised': [
    'text in another Unicode normal form',
    profile({
      edit: (text) => swap(text, 'PGHOST: db.internal', 'PGHOST: \u00e9'),
      tamper: (text) => swap(text, '\u00e9', 'e\u0301'),
    }),
  ],
  'seal-value': ['another ciphertext', tampered(/TOKEN: ENC\[.*/, `TOKEN: ${enc('/env/TOKEN', 'other')}`)],
  'seal-values-swapped': [
    'two values in each other’s places',
    profile({ tamper: (text) => text.replace(TOKEN, '@').replace(PASSWORD, TOKEN).replace('@', PASSWORD) }),
  ],
  'seal-recipient-renamed': ['another name of a recipient', tampered('name: "ci"', 'name: "cj"')],
  'seal-recipient-unlisted': ['a recipient taken off the list', tampered(/ {4}- \{ name: "ci".*\n/, '')],
  'seal-recipient-listed': [
    'a recipient put on the list',
    tampered('  mac:', `    - { name: "eve", spki: "sha256:${hexOf('eve')}" }\n  mac:`),
  ],
  'seal-list-short': [
    'a message for more than the list says, under a true mac',
    profile({ people: ['ada'], der: cms({ people: ['ada', 'eve'] }) }),
  ],
  'seal-list-long': [
    'a list of more than the message is for, under a true mac',
    profile({ people: ['ada', 'eve'], der: cms({ people: ['ada'] }) }),
  ],
  'seal-list-twice': [
    'a recipient listed twice, under a true mac',
    profile({
      listed: ['ada', 'ada', 'ci'].map((name, index) => ({
        name: `${name}${index}`,
        spki: spkiText(person(name).spki),
      })),
    }),
  ],
  'seal-mac-other-key': ['a mac under another key', profile({ signedWith: OTHER })],
  'seal-mac-stray-bits': ['a mac whose last digit holds bits of no byte', profile({ tamper: stray })],
  'seal-mac-zero': ['a mac of zeros', profile({ unsigned: true })],
  'seal-key-of-another': [
    'the message of another profile',
    profile({ der: cms({ content: Buffer.concat([OTHER.key, OTHER.id]) }) }),
  ],
  'seal-content-short': ['a content of 47 bytes', message({ content: Buffer.alloc(47) })],
  'seal-content-long': [
    'a content of 49 bytes',
    message({ content: Buffer.concat([KEY.key, KEY.id, Buffer.alloc(1)]) }),
  ],
  'seal-cek-short': ['a content key of 16 bytes', message({ cek: Buffer.alloc(16, 5) })],
  'seal-pem-columns': [
    'PEM in 76 columns',
    profile({
      pem: (pem) =>
        pem
          .replace(/\n(?!-|$)/g, '')
          .replace(/(-----BEGIN CMS-----)/, '$1\n')
          .replace(/([A-Za-z0-9+/=]{76})/g, '$1\n'),
    }),
  ],
  'seal-pem-one-line': [
    'PEM in one line',
    profile({ pem: (pem) => pem.replace(/\n(?!-|$)/g, '').replace(/(-----BEGIN CMS-----)/, '$1\n') }),
  ],
  'seal-pem-empty-line': ['an empty line in PEM', profile({ pem: (pem) => swap(pem, /\n/, '\n\n') })],
  'seal-der-trailing': ['a byte after the message', bytes((der) => Buffer.concat([der, Buffer.of(0)]))],
  'seal-der-truncated': ['a byte less', bytes((der) => der.subarray(0, -1))],
  'seal-ber-length': ['a length in more bytes than it needs', bytes(longLength)],
  'seal-ber-indefinite': ['an indefinite length', bytes(indefinite)],
  'seal-type': ['EnvelopedData', message({ contentType: OIDS.enveloped })],
  'seal-version': ['version 1', message({ version: 1 })],
  'seal-recipient-version': ['a recipient of version 0', message({ recipientVersion: 0 })],
  'seal-rid-issuer': [
    'a recipient named by issuer and serial number',
    message({ rid: () => sequence(sequence(), integer(1)) }),
  ],
  'seal-rid-octets': ['a recipient named by a plain OCTET STRING', message({ rid: ({ spki }) => octets(spki) })],
  'seal-rid-short': ['half a digest', message({ rid: ({ spki }) => implicitOctets(0, spki.subarray(0, 16)) })],
  'seal-oaep-without-null': ['OAEP whose hashes have no NULL', message({ keyAlgorithm: oaep(OIDS.sha256, false) })],
  'seal-oaep-sha1': ['OAEP with SHA-1', message({ keyAlgorithm: oaep(OIDS.sha1), oaepHash: 'sha1' })],
  'seal-oaep-defaults': [
    'OAEP without parameters',
    message({ keyAlgorithm: sequence(oid(OIDS.oaep), sequence()), oaepHash: 'sha1' }),
  ],
  'seal-oaep-label': [
    'OAEP with a label',
    message({
      keyAlgorithm: sequence(
        oid(OIDS.oaep),
        sequence(
          explicit(0, hash(OIDS.sha256)),
          explicit(1, sequence(oid(OIDS.mgf1), hash(OIDS.sha256))),
          explicit(2, octets(Buffer.from('x'))),
        ),
      ),
    }),
  ],
  'seal-pkcs1': ['RSA of PKCS #1 version 1.5', message({ keyAlgorithm: sequence(oid(OIDS.rsa), nothing()) })],
  'seal-content-id': ['a content of another type', message({ contentId: OIDS.enveloped })],
  'seal-aes128': ['AES-128', message({ cipherId: OIDS.aes128, cek: Buffer.alloc(16, 5) })],
  'seal-icv-omitted': ['no length of the tag', message({ icv: [] })],
  'seal-icv-12': ['a tag of 12 bytes, as it says', message({ icv: [integer(12)], tag: (tag) => tag.subarray(0, 12) })],
  'seal-tag-short': ['a tag of 15 bytes', message({ tag: (tag) => tag.subarray(0, 15) })],
  'seal-tag-long': ['a tag of 17 bytes', message({ tag: (tag) => Buffer.concat([tag, Buffer.of(0)]) })],
  'seal-tag': [
    'another tag',
    message({ tag: (tag) => Buffer.concat([tag.subarray(0, 15), Buffer.of((tag[15] ?? 0) ^ 1)]) }),
  ],
  'seal-nonce-short': ['a nonce of 11 bytes', message({ nonce: Buffer.alloc(11, 6) })],
  'seal-nonce-long': ['a nonce of 16 bytes', message({ nonce: Buffer.alloc(16, 6) })],
  'seal-content-explicit': [
    'a ciphertext with an explicit tag',
    message({ encrypted: (text) => explicit(0, octets(text)) }),
  ],
  'seal-content-untagged': ['a ciphertext without a tag', message({ encrypted: (text) => octets(text) })],
  'seal-originator': ['originatorInfo', message({ beforeRecipients: [explicit(0, sequence())] })],
  'seal-authenticated-attributes': ['authenticated attributes', message({ beforeTag: [explicit(1, sequence())] })],
  'seal-unauthenticated-attributes': ['unauthenticated attributes', message({ afterTag: [explicit(2, sequence())] })],
  'seal-recipients-unsorted': ['recipients that are not in DER order', message({ unsorted: true })],
  'seal-recipients-twice': ['a recipient twice', message({ people: ['ada', 'ada'] })],
  'seal-no-recipients': ['a message for nobody', message({ people: [] })],
  'seal-own-wrapped-key': [
    'another wrapped key of the reader',
    message({
      wrapped: (name, key) =>
        name === 'ada' ? Buffer.concat([key.subarray(0, -1), Buffer.of((key.at(-1) ?? 0) ^ 1)]) : key,
    }),
  ],
  'seal-others-wrapped-key': [
    'another wrapped key of somebody else',
    profile({ der: cms(), tamper: (text) => otherDer(text) }),
  ],
  'seal-wrapped-key-short': ['a wrapped key that is too short', message({ wrapped: (_, key) => key.subarray(1) })],
};

const VALUE: Record<string, Row> = {
  'value-other-id': [
    'the same key with another id in the message',
    profile({ der: cms({ content: Buffer.concat([KEY.key, OTHER.id]) }) }),
  ],
  'value-place': ['sealed for another place, under a true mac', profile({ token: enc('/env/OTHER', 'x') })],
  'value-section': ['sealed for another section, under a true mac', profile({ token: enc('/secrets/TOKEN', 'x') })],
  'value-swapped': ['two values that changed places, under a true mac', profile({ token: PASSWORD, password: TOKEN })],
  'value-profile-id': [
    'sealed for another profile, under a true mac',
    profile({ token: enc('/env/TOKEN', 'x', { key: KEY.key, id: OTHER.id }) }),
  ],
  'value-other-key': ['sealed with another key, under a true mac', profile({ token: enc('/env/TOKEN', 'x', OTHER) })],
  'value-version': ['sealed for version 2, under a true mac', profile({ token: withAad(`${id}|/env/TOKEN|v2`) })],
  'value-no-place': ['sealed without a place, under a true mac', profile({ token: withAad(`${id}||v1`) })],
  'value-tag': [
    'another tag, under a true mac',
    profile({
      token: TOKEN.replace(/(.)(=*\])$/, (_, last: string, end: string) => `${last === 'g' ? 'w' : 'g'}${end}`),
    }),
  ],
};

/** The message with a bit flipped in what is the other recipient's; the mac stays. */
function otherDer(text: string): string {
  const flipped = cms({
    wrapped: (name, key) =>
      name === 'ci' ? Buffer.concat([key.subarray(0, -1), Buffer.of((key.at(-1) ?? 0) ^ 1)]) : key,
  });
  const pem = toPem('CMS', flipped)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return swap(text, / {4}-----BEGIN CMS-----[^]*?END CMS-----/, pem);
}

const SETS = { ok: OK, profile: PROFILE, recipient: RECIPIENT, seal: SEAL, value: VALUE } as const;
for (const [stage, rows] of Object.entries(SETS) as [SealVector['expect'], Record<string, Row>][]) {
  for (const [name, [about, text, as = 'ada']] of Object.entries(rows)) {
    const path = join(SEAL_VECTORS, `${name}.json`);
    // What is there is frozen.
    if (existsSync(path)) continue;
    const vector: SealVector = { about, expect: stage, as, profile: text, ...(stage === 'ok' && { values: VALUES }) };
    writeFileSync(path, `${JSON.stringify(vector, undefined, 2)}\n`);
  }
}
