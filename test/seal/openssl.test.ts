// Messages that stand for one value, both ways with the real OpenSSL.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addRecipient, decryptWith, encryptFor } from '../../src/seal/cms.js';
import { at, fromDer, toDer } from '../../src/seal/der.js';
import { randomPassword } from '../support/credentials.js';
import { smallIdentity } from '../support/identities.js';

const [ada, ci, eve] = [smallIdentity(), smallIdentity(), smallIdentity()];
const PEOPLE = { ada, ci, eve };
const OAEP = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];
const value = Buffer.from(randomPassword());

let folder = '';
const file = (name: string): string => join(folder, name);
const openssl = (args: readonly string[], input?: Buffer): Buffer =>
  execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-openssl-'));
  for (const [name, { privateKey }] of Object.entries(PEOPLE)) {
    writeFileSync(file(`${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    openssl(['req', '-x509', '-key', file(`${name}.pem`), '-subj', `/CN=${name}`, '-out', file(`${name}.crt`)]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const encrypted = (people: readonly string[], ...options: string[]): Buffer => {
  const recipients = people.flatMap((name) => ['-recip', file(`${name}.crt`), ...OAEP]);
  return openssl(['cms', '-encrypt', '-binary', '-aes-256-gcm', '-outform', 'DER', ...options, ...recipients], value);
};

test.each([
  ['issuer and serial number', []],
  ['key identifier', ['-keyid']],
])('a message of OpenSSL by %s is opened', (_, options) => {
  const der = encrypted(['ada', 'ci'], ...options);
  for (const identity of [ada, ci]) expect(decryptWith(der, identity, 'openssl')).toEqual(value);
  expect(decryptWith(der, eve, 'openssl')).toBeUndefined();
  expect(decryptWith(der, ada)).toBeUndefined();
});

test('a message of OpenSSL takes one more, and OpenSSL opens it', () => {
  const wider = addRecipient(encrypted(['ada']), ada, eve, 'openssl') ?? Buffer.alloc(0);
  for (const name of ['ada', 'eve']) {
    expect(openssl(['cms', '-decrypt', '-binary', '-inform', 'DER', '-inkey', file(`${name}.pem`)], wider)).toEqual(
      value,
    );
  }
  expect(decryptWith(wider, eve, 'openssl')).toEqual(value);
});

test('OpenSSL opens a message of ours', () => {
  const der = encryptFor([ada, ci], value);
  expect(openssl(['cms', '-decrypt', '-binary', '-inform', 'DER', '-inkey', file('ci.pem')], der)).toEqual(value);
});

test.each([
  ['PKCS #1 v1.5 padding', ['-aes-256-gcm']],
  ['AES-128', ['-aes-128-gcm', ...OAEP]],
  ['CBC', ['-aes-256-cbc', ...OAEP]],
])('with %s it is refused', (_, options) => {
  const [cipher = '', ...more] = options;
  const der = openssl(
    ['cms', '-encrypt', '-binary', cipher, '-outform', 'DER', '-recip', file('ada.crt'), ...more],
    value,
  );
  expect(decryptWith(der, ada, 'openssl')).toBeUndefined();
});

test('every bit of it counts', () => {
  const der = encrypted(['ada']);
  // What names the certificate is the one part that decides nothing; the mac of the document covers it.
  const rid = at(fromDer(der), 1, 0, 1, 0, 1);
  const name = rid === undefined ? Buffer.alloc(0) : toDer(rid);
  const from = der.indexOf(name);
  for (let bit = 0; bit < der.length * 8; bit += 7) {
    const byte = bit >> 3;
    const flipped = Buffer.from(der);
    flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (bit & 7));
    const opened = decryptWith(flipped, ada, 'openssl');
    if (opened !== undefined) expect([opened, byte >= from && byte < from + name.length]).toEqual([value, true]);
  }
});
