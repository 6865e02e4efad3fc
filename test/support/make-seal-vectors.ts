// Makes the test vectors of sealed profiles: `node dist/test/support/make-seal-vectors.js`. They are made once and kept.
// Whatever is wrong with one is all that is wrong with it: its mac is the one that a holder of the key would write.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explicit, implicitOctets, integer, nothing, octets, oid, sequence } from '../../src/seal/der.js';
import { toPem } from '../../src/seal/pem.js';
import { spkiText } from '../../src/seal/recipient.js';
import { cms, hash, KEY, oaep, OIDS, OTHER, person } from './forge-cms.js';
import {
  VALUES,
  enc,
  TOKEN,
  PASSWORD,
  profile,
  swap,
  tampered,
  edited,
  message,
  bytes,
  longLength,
  indefinite,
  hexOf,
  GOOD,
  stray,
  base64,
  withAad,
  ISSUER,
  withAlone,
  id,
} from './forge-profile.js';
import { SEAL_VECTORS, type SealVector } from './seal-vectors.js';

type Row = readonly [about: string, profile: string, as?: string];

const OK: Record<string, Row> = {
  'ok-value-cms': ['a value that is a message of its own', withAlone()],
  'ok-value-cms-openssl': ['a message that names its readers by issuer and number, without NULLs', withAlone(ISSUER)],
  'ok-value-cms-key-id': [
    'a message that names its readers by key identifiers of 20 bytes',
    withAlone({ ...ISSUER, recipientVersion: 2, rid: ({ spki }) => implicitOctets(0, spki.subarray(0, 20)) }),
  ],
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
  'profile-enc-cms-empty': ['a message without a byte', edited(/TOKEN: .*/, 'TOKEN: ENC[CMS,]', { unsigned: true })],
  'profile-enc-cms-padding': [
    'a message in base64 without its padding',
    edited(/TOKEN: .*/, `TOKEN: ENC[CMS,${base64(400).replaceAll('=', '')}]`, { unsigned: true }),
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
  'value-cms-tag': [
    'a message with another tag, under a true mac',
    withAlone({ tag: (tag) => Buffer.concat([tag.subarray(1), Buffer.of(1)]) }),
  ],
  'value-cms-not-for-reader': ['a message for somebody else, under a true mac', withAlone({ people: ['ci', 'eve'] })],
  'value-cms-openssl-not-for-reader': [
    'a message by issuer and number for somebody else',
    withAlone({ ...ISSUER, people: ['ci'] }),
  ],
  'value-cms-sha1': [
    'a message whose OAEP is of SHA-1',
    withAlone({ ...ISSUER, oaepHash: 'sha1', keyAlgorithm: oaep(OIDS.sha1, false) }),
  ],
  'value-cms-mixed-hash': ['a message that says SHA-256 and means SHA-1', withAlone({ ...ISSUER, oaepHash: 'sha1' })],
  'value-cms-version': ['a message by issuer and number, of version 2', withAlone({ ...ISSUER, recipientVersion: 2 })],
  'value-cms-twice': ['a message that names its reader twice', withAlone({ people: ['ada', 'ada'] })],
  'value-cms-unsorted': ['a message whose recipients are not in the order of DER', withAlone({ unsorted: true })],
  'value-cms-aes128': ['a message under AES-128', withAlone({ cek: Buffer.alloc(16, 0x55), cipherId: OIDS.aes128 })],
  'value-cms-icv': [
    'a message with a tag of 12 bytes',
    withAlone({ icv: [integer(12)], tag: (tag) => tag.subarray(4) }),
  ],
  'value-cms-enveloped': [
    'a message without authentication: EnvelopedData',
    withAlone({ contentType: OIDS.enveloped }),
  ],
  'value-cms-trailing': ['a byte behind a message', withAlone({}, (der) => Buffer.concat([der, Buffer.of(0)]))],
  'value-cms-indefinite': ['a message of indefinite length', withAlone({}, indefinite)],
  'value-cms-no-utf8': ['a message whose content is no UTF-8', withAlone({ content: Buffer.from([0xc3, 0x28]) })],
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
