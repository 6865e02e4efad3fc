// Files of hiera-eyaml. OpenSSL encrypts as eyaml does: PKCS #7 for a certificate, of which eyaml looks at the key only.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseImport } from '../../../src/vault/exchange/index.js';
import { secretctl } from '../../support/cli.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { newHome } from '../../support/home.js';
import { smallIdentity } from '../../support/identities.js';

const PASSWORD = `${randomPassword()}é`;
const [mine, other] = [smallIdentity(), smallIdentity()];
const pemOf = ({ privateKey }: typeof mine, type: 'pkcs1' | 'pkcs8' = 'pkcs1'): string =>
  String(privateKey.export({ type, format: 'pem' }));
const KEY = pemOf(mine);

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-eyaml-'));
  writeFileSync(file('key.pem'), KEY, { mode: 0o600 });
  const certificate = ['req', '-x509', '-key', file('key.pem'), '-subj', '/', '-out', file('crt.pem')];
  execFileSync('openssl', certificate, { stdio: 'ignore' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CMS = ['-encrypt', '-binary', '-outform', 'DER', '-aes256'];
const openssl = (args: readonly string[], input: string | Buffer = PASSWORD): Buffer =>
  execFileSync('openssl', args, { input });
const messageOf = (plain: string, ...options: string[]): Buffer =>
  openssl(['smime', ...CMS, ...options, file('crt.pem')], plain);
const enc = (message: Buffer): string => `ENC[PKCS7,${message.toString('base64')}]`;
const flipped = (at: number): Buffer => {
  const message = messageOf(PASSWORD);
  const index = at < 0 ? message.length + at : at;
  return Buffer.from(message.map((byte, place) => (place === index ? byte ^ 1 : byte)));
};
const folded = (text: string): string => (text.match(/.{1,60}/g) ?? []).map((line) => `    ${line}\n`).join('');
const valuesOf = async (text: string, key = KEY): Promise<unknown> =>
  Object.fromEntries((await parseImport('eyaml', text, key)).secrets.map(({ name, value }) => [name, value]));

describe('a file of eyaml', () => {
  test('gives what is encrypted in it, wherever that stands', async () => {
    const text = `---
profile::db::password: ${enc(messageOf(PASSWORD))}
plain: stays behind
nested:
  url: "postgres://app:${enc(messageOf('one'))}@h/${enc(messageOf('two'))}"
  list:
    - text
    - ${enc(messageOf('three\n'))}
  block: >
${folded(enc(messageOf(PASSWORD)))}`;
    expect(await valuesOf(text)).toEqual({
      'profile/db/password': PASSWORD,
      'nested/url': 'postgres://app:one@h/two',
      'nested/list/1': 'three\n',
      'nested/block': PASSWORD,
    });
    expect(await valuesOf(text, pemOf(mine, 'pkcs8'))).toMatchObject({ 'nested/block': PASSWORD });
  });

  test.each([['-aes128'], ['-aes192'], ['-des3'], ['-stream']])('encrypted with %s', async (...options) => {
    expect(await valuesOf(`a: ${enc(messageOf(PASSWORD, ...options))}\n`)).toEqual({ a: PASSWORD });
  });

  test('leaves out what holds nothing', async () => {
    const { secrets, skipped } = await parseImport('eyaml', `a: ${enc(messageOf(''))}\nb: c\n`, KEY);
    expect([secrets, skipped]).toEqual([[], [{ name: 'a', why: 'it has no value' }]]);
  });

  test.each([
    ['another key', () => messageOf(PASSWORD), pemOf(other)],
    [
      'another padding of RSA',
      () => openssl(['cms', ...CMS, '-recip', file('crt.pem'), '-keyopt', 'rsa_padding_mode:oaep']),
      KEY,
    ],
    ['a changed wrapped key', () => flipped(120), KEY],
    ['a changed last block', () => flipped(-1), KEY],
    ['another cipher', () => messageOf(PASSWORD, '-aes-256-ofb'), KEY],
    ['no DER', () => Buffer.alloc(100, 7), KEY],
    ['a message that is cut off', () => messageOf(PASSWORD).subarray(0, -20), KEY],
    ['what is no UTF-8', () => openssl(['smime', ...CMS, file('crt.pem')], Buffer.of(0xff)), KEY],
  ])('with %s is refused in the same words', async (_, message, key) => {
    const error = await refusal(() => parseImport('eyaml', `db: { password: "${enc(message())}" }\n`, key));
    expect([error.code, error.message]).toEqual([
      'bad-data',
      'the value of db.password is damaged, or was encrypted for another key',
    ]);
  });

  test.each([
    ['an alias', 'a: &x b\nc: *x\n', 'line 1'],
    ['a list', '- a\n', 'line 1'],
    ['a key twice', 'a: b\na: c\n', 'line 2'],
  ])('that is %s is refused', async (_, text, where) => {
    expect(await refusal(() => parseImport('eyaml', text, KEY))).toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining(where),
    });
  });

  test.each([['nothing'], [String(mine.key.export({ type: 'spki', format: 'pem' }))]])(
    'needs a private key: %#',
    async (key) => {
      expect((await refusal(() => parseImport('eyaml', 'a: b\n', key))).code).toBe('bad-data');
    },
  );
});

test('the command takes a key that is nobody else’s, and warns', async () => {
  const home = await newHome();
  try {
    writeFileSync(file('a.eyaml'), `a: ${enc(messageOf(PASSWORD))}\n`);
    const take = (...more: string[]) =>
      secretctl(['import', file('a.eyaml'), '--from', 'eyaml', ...more], { env: home.env });
    const { status, stderr } = await take('--key', file('key.pem'));
    expect([status, stderr]).toEqual([0, expect.stringContaining('eyaml does not notice changed values')]);
    expect(await home.demand(['get', 'a', '--stdout'])).toBe(PASSWORD);
    expect((await take()).status).toBe(64);
    writeFileSync(file('open.pem'), KEY, { mode: 0o644 });
    expect((await take('--key', file('open.pem'))).status).toBe(77);
    const wrong = ['import', file('a.eyaml'), '--from', 'json', '--key', file('key.pem')];
    expect((await secretctl(wrong, { env: home.env })).status).toBe(64);
  } finally {
    await home.remove();
  }
});
