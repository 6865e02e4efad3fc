import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encryptFor } from '../../src/seal/cms.js';
import { formatIdentity, isEncrypted, newIdentity, publicHalf, readIdentity } from '../../src/seal/identity.js';
import { toPem } from '../../src/seal/pem.js';
import { publicPem, readRecipient } from '../../src/seal/recipient.js';
import { notRun, refusal } from '../support/errors.js';
import { randomPassword } from '../support/credentials.js';
import { smallIdentity } from '../support/identities.js';

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const withOpenssl = openssl.startsWith('OpenSSL 3') ? test : test.skip;
if (!openssl.startsWith('OpenSSL 3')) notRun('OpenSSL 3 is not installed');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-identity-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const identity = smallIdentity();
const passphrase = Buffer.from(randomPassword());

describe('an identity', () => {
  test('has 3,072 bits', async () => {
    const { key } = await newIdentity();
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
  });

  test('is read back, with its passphrase only', () => {
    const text = formatIdentity(identity, passphrase);
    expect(isEncrypted(text)).toBe(true);
    expect(publicHalf(text)?.spki).toEqual(identity.spki);
    expect(readIdentity(text, passphrase)?.spki).toEqual(identity.spki);
    expect(readIdentity(text, Buffer.from('another'))).toBeUndefined();
    expect(readIdentity(text)).toBeUndefined();
  });

  test('may be plain', () => {
    const text = formatIdentity(identity);
    expect(isEncrypted(text)).toBe(false);
    expect(readIdentity(text)?.privateKey.equals(identity.privateKey)).toBe(true);
  });

  test.each(['', 'x', publicPem(identity.key), toPem('PRIVATE KEY', Buffer.alloc(20))])('%# is none', async (text) => {
    expect((await refusal(() => readIdentity(text))).code).toBe('bad-data');
  });

  withOpenssl('opens with OpenSSL what is sealed for it', () => {
    const content = Buffer.alloc(48, 7);
    writeFileSync(join(folder, 'me.pem'), formatIdentity(identity, passphrase), { mode: 0o600 });
    writeFileSync(join(folder, 'key.cms'), toPem('CMS', encryptFor([smallIdentity(), identity], content)));
    const command = 'cms -decrypt -binary -inform PEM -in key.cms -inkey me.pem -passin stdin'.split(' ');
    const { stdout, stderr } = spawnSync('openssl', command, { cwd: folder, input: passphrase });
    expect([stderr.toString(), stdout]).toEqual(['', content]);
  });

  withOpenssl('is encoded by OpenSSL to the same bytes', () => {
    const der = encryptFor([smallIdentity(), identity, smallIdentity()], Buffer.alloc(48, 7));
    const command = 'cms -cmsout -inform DER -outform DER'.split(' ');
    expect(spawnSync('openssl', command, { input: der }).stdout).toEqual(der);
  });
});

describe('a recipient', () => {
  withOpenssl('may be a certificate', () => {
    writeFileSync(join(folder, 'key.pem'), formatIdentity(identity), { mode: 0o600 });
    const command = 'req -x509 -new -key key.pem -subj /CN=ci -days 1'.split(' ');
    const certificate = spawnSync('openssl', command, { cwd: folder, encoding: 'utf8' }).stdout;
    expect(readRecipient(certificate, 'ci.pem').spki).toEqual(identity.spki);
  });

  test('is an RSA key of 2,048 bits or more', async () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const curve = generateKeyPairSync('ed25519').publicKey;
    expect((await refusal(() => readRecipient(publicPem(small), 'x.pem'))).message).toMatch(/1024 bits/);
    expect((await refusal(() => readRecipient(publicPem(curve), 'x.pem'))).message).toMatch(/no RSA key/);
    expect((await refusal(() => readRecipient('x', 'x.pem'))).hint).toContain('secretctl identity show');
  });
});
