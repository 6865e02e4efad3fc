// Makes the test vectors of the vault format: `node dist/test/support/make-vault-vectors.js FOLDER`, one JSON file each.
// They are made once and kept: a reader of any later version, or another implementation, must agree with all of them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VaultEntry } from '../../src/vault/entry.js';
import { parseVault, serialiseBody, type SlotLine, type VaultDocument, withMac } from '../../src/vault/format.js';
import { deriveKey, seal } from '../../src/system/crypto.js';
import { entryIdOf, vaultMac } from '../../src/vault/keys.js';
import { sealEntry } from '../../src/vault/sealed-entry.js';
import { wrapWithKeyFile, wrapWithPassphrase } from '../../src/vault/slots.js';
import { KEY_FILES, type Vector } from './vault-vectors.js';
import { CHEAP } from './vault-home.js';

const VAULT_ID = Buffer.alloc(16, 0x5a).toString('base64url');
const MASTER_KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i));
const TIME = '2030-01-31T12:00:00.000Z';

const entry = (name: string, value: VaultEntry['value'], more: Partial<VaultEntry> = {}): VaultEntry => {
  const type = typeof value === 'string' ? 'string' : 'fields';
  return { name, value, meta: { type, tags: [] }, restrictions: {}, version: 1, created: TIME, history: [], ...more };
};

const TOKEN = entry('token', 'a value with \u00e9, \u{1F600} and\na second line');
const CONNECTION = new Map([
  ['engine', 'postgres'],
  ['host', 'db.example'],
  ['password', 'p@s:s/w0rd#7%'],
]);
const DATABASE = entry('db/dev', CONNECTION, {
  meta: { type: 'connection', tags: ['dev'], note: 'a note', expires: TIME },
  restrictions: { onlyFor: ['postgres'] },
  version: 3,
  history: [{ value: 'earlier', version: 2, created: TIME }],
});

const keyFileSlot = (name: keyof typeof KEY_FILES = 'counting'): SlotLine =>
  wrapWithKeyFile(VAULT_ID, MASTER_KEY, KEY_FILES[name]);
const foreignSlot = (type: SlotLine['type'], params: string, length = 60): SlotLine => ({
  type,
  params,
  wrapped: Buffer.alloc(length, 9),
});
const filled = (length: number): string => Buffer.alloc(length, 3).toString('base64url');

function documentOf(slots: readonly SlotLine[], entries: readonly VaultEntry[], generation = 7): VaultDocument {
  const lines = entries.map((each) => sealEntry(MASTER_KEY, VAULT_ID, each));
  return { id: VAULT_ID, generation, slots, entries: new Map(lines.map((line) => [line.id, line])) };
}

function textOf(document: VaultDocument): string {
  const body = serialiseBody(document);
  return withMac(body, vaultMac(MASTER_KEY, body)).toString('latin1');
}

/** Any body, with the mac that a holder of the key would put under it. */
function withTrueMac(body: string): string {
  return withMac(Buffer.from(body, 'latin1'), vaultMac(MASTER_KEY, Buffer.from(body, 'latin1'))).toString('latin1');
}

const bodyOf = (text: string): string => text.slice(0, text.lastIndexOf('mac '));

const plain = textOf(documentOf([keyFileSlot()], [TOKEN, DATABASE]));
const tokenId = entryIdOf(MASTER_KEY, 'token');

/** The entry `token` with another plaintext, sealed as it should be. */
function withPlaintext(change: (fields: Record<string, unknown>) => Record<string, unknown>): string {
  const fields = {
    name: 'token',
    value: 'x',
    meta: { type: 'string', tags: [] },
    restrictions: {},
    version: 1,
    created: TIME,
    history: [],
  };
  const key = deriveKey(MASTER_KEY, `entry|${tokenId}|1`);
  const blob = seal(key, Buffer.from(JSON.stringify(change(fields))), `secretctl/1|${VAULT_ID}|${tokenId}|1`);
  return textOf({
    ...documentOf([keyFileSlot()], []),
    entries: new Map([[tokenId, { id: tokenId, version: 1, blob: blob.toString('base64url') }]]),
  });
}

function swapBlobs(): string {
  const { document } = parseVault(Buffer.from(plain, 'latin1'));
  const [one, two] = [...document.entries.values()];
  if (one === undefined || two === undefined) throw new Error('two entries are needed');
  const entries = [
    { ...one, version: two.version, blob: two.blob },
    { ...two, version: one.version, blob: one.blob },
  ];
  return textOf({ ...document, entries: new Map(entries.map((line) => [line.id, line])) });
}

const flipAt = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
const wrappedAt = plain.indexOf('slot keyfile ') + 40;
const opened = { token: TOKEN.value, 'db/dev': Object.fromEntries(CONNECTION) };

const passphrase = 'correct horse';
const scryptSlot = await wrapWithPassphrase(VAULT_ID, MASTER_KEY, Buffer.from(passphrase), CHEAP);
const scrypt = textOf(documentOf([scryptSlot], [TOKEN]));
const everySlot = [
  foreignSlot('keychain', 'secretctl/me:vault'),
  foreignSlot('recovery', filled(8)),
  foreignSlot('x509', filled(32), 700),
  scryptSlot,
  keyFileSlot('zero'),
  keyFileSlot(),
];

const VECTORS: Record<string, Omit<Vector, 'keyFile'> & { keyFile?: Vector['keyFile'] }> = {
  'ok-empty': { about: 'no entries', expect: 'ok', vault: textOf(documentOf([keyFileSlot()], [])), secrets: {} },
  'ok-entries': {
    about: 'a text, and a connection with history and restrictions',
    expect: 'ok',
    vault: plain,
    secrets: opened,
  },
  'ok-zero-key': {
    about: 'a key file of zero bytes',
    expect: 'ok',
    keyFile: 'zero',
    vault: textOf(documentOf([keyFileSlot('zero')], [TOKEN])),
    secrets: { token: TOKEN.value },
  },
  'ok-every-slot': {
    about: 'all types of slots, two key files',
    expect: 'ok',
    vault: textOf(documentOf(everySlot, [TOKEN])),
    secrets: { token: TOKEN.value },
  },
  'ok-passphrase': {
    about: 'scrypt 2^15, 8, 1',
    expect: 'ok',
    passphrase,
    vault: scrypt,
    secrets: { token: TOKEN.value },
  },
  'ok-last-generation': {
    about: 'the largest generation',
    expect: 'ok',
    vault: textOf(documentOf([keyFileSlot()], [], Number.MAX_SAFE_INTEGER)),
    secrets: {},
  },
  'header-version': {
    about: 'version 2',
    expect: 'header',
    vault: withTrueMac(bodyOf(plain).replace('vault/1', 'vault/2')),
  },
  'header-leading-zero': {
    about: 'a generation with a leading zero',
    expect: 'header',
    vault: withTrueMac(bodyOf(plain).replace('gen=7', 'gen=07')),
  },
  'header-crlf': { about: 'lines that end in CR LF', expect: 'header', vault: plain.replaceAll('\n', '\r\n') },
  'header-unknown-line': {
    about: 'a line of an unknown kind, under a true mac',
    expect: 'header',
    vault: withTrueMac(`${bodyOf(plain)}note x\n`),
  },
  'header-order': {
    about: 'a slot after an entry, under a true mac',
    expect: 'header',
    vault: withTrueMac(`${bodyOf(plain)}${plain.split('\n')[1]}\n`),
  },
  'slot-none': { about: 'no slot', expect: 'slot', vault: withTrueMac(bodyOf(plain).replace(/slot .*\n/, '')) },
  'slot-unknown-type': {
    about: 'a slot of an unknown type beside a good one',
    expect: 'slot',
    vault: withTrueMac(bodyOf(plain).replace('slot keyfile', `slot hardware ${filled(60)}\nslot keyfile`)),
  },
  'slot-padding': {
    about: 'base64 with padding',
    expect: 'slot',
    vault: withTrueMac(bodyOf(plain).replace(/(slot keyfile \S+)/, '$1=')),
  },
  'slot-stray-bits': {
    about: 'base64 whose last character holds bits of no byte',
    expect: 'slot',
    vault: withTrueMac(
      bodyOf(plain).replace(
        /(slot keyfile \S{10})(\S)/,
        (_all, start: string, last: string) => start + String.fromCharCode(last.charCodeAt(0) + 1),
      ),
    ),
  },
  'slot-wrapped-key': { about: 'one character of the wrapped key', expect: 'slot', vault: flipAt(plain, wrappedAt) },
  'slot-other-key-file': { about: 'a key file of another vault', expect: 'slot', keyFile: 'zero', vault: plain },
  'slot-wrong-passphrase': { about: 'another passphrase', expect: 'slot', passphrase: 'wrong', vault: scrypt },
  'slot-moved': {
    about: 'the slot of a vault with another id',
    expect: 'slot',
    vault: withTrueMac(bodyOf(plain).replace(VAULT_ID, filled(16))),
  },
  'mac-generation': { about: 'another generation', expect: 'mac', vault: plain.replace('gen=7', 'gen=8') },
  'mac-entry-dropped': { about: 'an entry taken out', expect: 'mac', vault: plain.replace(/^e .*\n/m, '') },
  'mac-entries-swapped': {
    about: 'two entries in another order',
    expect: 'mac',
    vault: plain.replace(/^(e .*\n)(e .*\n)/m, '$2$1'),
  },
  'mac-slot-added': {
    about: 'a slot put in without the key',
    expect: 'mac',
    vault: plain.replace('slot ', `slot recovery ${filled(8)} ${filled(60)}\nslot `),
  },
  'mac-missing': { about: 'no mac line', expect: 'mac', vault: bodyOf(plain) },
  'mac-truncated': { about: 'no final LF', expect: 'mac', vault: plain.slice(0, -1) },
  'mac-trailing': { about: 'a line after the mac', expect: 'mac', vault: `${plain}\n` },
  'entry-twice': {
    about: 'an entry twice, under a true mac',
    expect: 'entry',
    vault: withTrueMac(bodyOf(plain).replace(/^(e .*\n)/m, '$1$1')),
  },
  'entry-swapped-blobs': {
    about: 'two entries that changed places, under a true mac',
    expect: 'entry',
    vault: swapBlobs(),
  },
  'entry-other-name': {
    about: 'another name than its id says',
    expect: 'entry',
    vault: withPlaintext((fields) => ({ ...fields, name: 'other' })),
  },
  'entry-other-version': {
    about: 'another version than its line says',
    expect: 'entry',
    vault: withPlaintext((fields) => ({ ...fields, version: 2 })),
  },
  'entry-unknown-field': {
    about: 'a plaintext with a field of no version',
    expect: 'entry',
    vault: withPlaintext((fields) => ({ ...fields, colour: 'red' })),
  },
  'entry-number': {
    about: 'a value that is a number',
    expect: 'entry',
    vault: withPlaintext((fields) => ({ ...fields, value: 7 })),
  },
  'limit-scrypt-n': {
    about: 'scrypt with N of 2^40',
    expect: 'limit',
    vault: withTrueMac(bodyOf(scrypt).replace(' 15 8 1 ', ' 40 8 1 ')),
  },
  'limit-scrypt-weak': {
    about: 'scrypt with N of 2^14',
    expect: 'limit',
    vault: withTrueMac(bodyOf(scrypt).replace(' 15 8 1 ', ' 14 8 1 ')),
  },
  'limit-scrypt-memory': {
    about: 'scrypt with 2 GiB',
    expect: 'limit',
    vault: withTrueMac(bodyOf(scrypt).replace(' 15 8 1 ', ' 20 16 1 ')),
  },
  'limit-slots': {
    about: '65 slots',
    expect: 'limit',
    vault: withTrueMac(bodyOf(plain).replace(/slot .*\n/, (slot) => slot.repeat(65))),
  },
};

const [folder = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [name, vector] of Object.entries(VECTORS)) {
  const unlock = vector.passphrase === undefined ? { keyFile: vector.keyFile ?? 'counting' } : {};
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ ...unlock, ...vector }, undefined, 2)}\n`);
}
