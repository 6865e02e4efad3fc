// Files of hiera-eyaml. OpenSSL encrypts as eyaml does: PKCS #7 for a certificate, of which eyaml looks at the key only.

import { execFileSync } from 'node:child_process';
import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
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
  execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });
const messageOf = (plain: string, ...options: string[]): Buffer =>
  openssl(['smime', ...CMS, ...options, file('crt.pem')], plain);
const enc = (message: Buffer): string => `ENC[PKCS7,${message.toString('base64')}]`;
const flipped = (at: number): Buffer => {
  const message = messageOf(PASSWORD);
  const index = at < 0 ? message.length + at : at;
  return Buffer.from(message.map((byte, place) => (place === index ? byte ^ 1 : byte)));
};
/** The block under RSA, the content key at its end, as `change` leaves it. */
const padded = (change: (block: Buffer) => void): Buffer => {
  const message = messageOf(PASSWORD);
  // It follows the algorithm: rsaEncryption, NULL; OCTET STRING with a length of three bytes (RFC 5652 §6.2.1).
  const algorithm = Buffer.from('06092a864886f70d0101010500', 'hex');
  const start = message.indexOf(algorithm) + algorithm.length + 4;
  const wrapped = message.subarray(start, start + 256);
  const block = privateDecrypt({ key: mine.privateKey, padding: constants.RSA_NO_PADDING }, wrapped);
  change(block);
  publicEncrypt({ key: mine.key, padding: constants.RSA_NO_PADDING }, block).copy(message, start);
  return message;
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
      'nested/list/1': 'three',
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

  test('may leave the scheme unsaid', async () => {
    expect(await valuesOf(`a: ENC[${messageOf(PASSWORD).toString('base64')}]\n`)).toEqual({ a: PASSWORD });
  });

  test.each([['one\n'], ['one\r\n'], ['one\n\n'], ['one\ntwo']])(
    'gives %j without the newline at its end',
    async (plain) => {
      expect(await valuesOf(`a: ${enc(messageOf(plain))}\n`)).toEqual({ a: plain.replace(/\r?\n$/, '') });
    },
  );

  test('keeps the lines around it', async () => {
    const text = `a: |\n  first\n  ${enc(messageOf('x'))}\n  last\n`;
    expect(await valuesOf(text)).toEqual({ a: 'first\nx\nlast' });
  });

  test.each([['ENC[GPG,aGVsbG8=]'], ['ENC[PKCS7,@@]'], ['ENC[PKCS7,AAAA'], ['ENC[]']])(
    'names what is encrypted otherwise: %s',
    async (otherwise) => {
      const text = `a: "${otherwise}"\nb: "u:${enc(messageOf(PASSWORD))}@${otherwise}"\nc: plain\n`;
      const why = 'it is not encrypted with PKCS7';
      expect(await parseImport('eyaml', text, KEY)).toEqual({
        secrets: [],
        skipped: [
          { name: 'a', why },
          { name: 'b', why },
        ],
      });
    },
  );

  test('is opened by what its block ends with', async () => {
    const again = padded((block) => void block.fill(7, 2, 100));
    expect(await valuesOf(`a: ${enc(again)}\n`)).toEqual({ a: PASSWORD });
  });

  test.each([
    ['another type of block', () => padded((block) => void block.writeUInt8(1, 1)), KEY],
    ['a zero in its padding', () => padded((block) => void block.writeUInt8(0, 2)), KEY],
    ['a zero before the end of its padding', () => padded((block) => void block.writeUInt8(0, 222)), KEY],
    ['padding without an end', () => padded((block) => void block.writeUInt8(1, 223)), KEY],
    ['a shorter key', () => padded((block) => void block.fill(1, 223, 224).fill(0, 224, 225)), KEY],
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

  test.each([
    ['nothing', () => 'nothing'],
    ['a public key', () => String(mine.key.export({ type: 'spki', format: 'pem' }))],
    ['a key of another kind', () => String(openssl(['genpkey', '-algorithm', 'ed25519']))],
  ])('needs a private key of RSA, not %s', async (_, key) => {
    expect(await refusal(() => parseImport('eyaml', 'a: b\n', key()))).toMatchObject({
      code: 'bad-data',
      message: 'the key of eyaml is no RSA private key in PEM',
      hint: undefined,
    });
  });

  test.each([
    ['PKCS #8', ['pkcs8', '-topk8']],
    ['PKCS #1', ['rsa', '-traditional', '-aes128']],
  ])('does not ask for the passphrase of a key in %s', async (_, command) => {
    const key = String(openssl([...command, '-in', file('key.pem'), '-passout', 'pass:locked']));
    expect(await refusal(() => parseImport('eyaml', 'a: b\n', key))).toMatchObject({
      code: 'bad-data',
      message: 'the key of eyaml has a passphrase',
      hint: 'openssl pkey -in KEY -out KEY.plain',
    });
  });
});

test('the command takes a key that is nobody else’s, and warns', async () => {
  const home = await newHome();
  try {
    writeFileSync(file('a.eyaml'), `a: ${enc(messageOf(PASSWORD))}\n`);
    const take = (...more: string[]) =>
      secretctl(['import', file('a.eyaml'), '--from', 'eyaml', ...more], { env: home.env });
    const { status, stderr } = await take('--key', file('key.pem'));
    expect([status, stderr]).toEqual([0, expect.stringContaining('warning: eyaml does not notice changed values')]);
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
