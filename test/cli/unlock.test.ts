// A client starts us with six variables and no terminal: every way in which a vault or a sealed profile opens all the same,
// and what is said where none is there. (The keychain: test/vault/keychain-slot.test.ts.)

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { run, secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { newHome, type Home } from '../support/home.js';
import { bundle } from '../support/project.js';

const VALUE = randomPassword();
let home: Home;
let env: Record<string, string>;
let key: string;
beforeEach(async () => {
  home = await newHome();
  await home.demand(['set', 'api/token'], VALUE);
  key = join(home.path, 'moved.key');
  renameSync(join(home.path, 'vault.key'), key);
  // What the clients of the SDK hand on, and nothing else.
  const { PATH = '', HOME = '' } = home.env;
  env = { PATH, HOME, SHELL: '/bin/sh', TERM: 'xterm', USER: 'x', LOGNAME: 'x', SECRETCTL_HOME: home.path };
});
afterEach(() => home.remove());

/** Prints the hash of what it was given, for the value itself would be masked. */
const HASH = `printf %s "$API_TOKEN" | sha256sum | cut -c1-16`;
const expected = async (): Promise<string> =>
  (await run('/bin/sh', ['-c', HASH], { env: { ...env, API_TOKEN: VALUE } })).stdout;
const inChild = (more: Record<string, string> = {}) =>
  secretctl(['run', '-k', 'api/token', '--', '/bin/sh', '-c', HASH], { env: { ...env, ...more } });

describe('the vault opens', () => {
  test('by a key file that a variable names', async () => {
    expect(await inChild({ SECRETCTL_KEY_FILE: key })).toMatchObject({ status: 0, stdout: await expected() });
  });

  test('by a credential that systemd hands over', async () => {
    const folder = join(home.path, 'credentials');
    mkdirSync(folder, { mode: 0o700 });
    copyFileSync(key, join(folder, 'secretctl.vault.key'));
    expect(await inChild({ CREDENTIALS_DIRECTORY: folder })).toMatchObject({ status: 0, stdout: await expected() });
  });

  test('by a file descriptor, which the child does not get', async () => {
    const command = `exec "$NODE" "$BUNDLE" run -k api/token --key-fd 7 -- /bin/sh -c '${HASH}; : <&7' 7<"$KEY"`;
    const variables = { ...env, NODE: process.execPath, BUNDLE: bundle, KEY: key };
    const { status, stdout, stderr } = await run('/bin/sh', ['-c', command], { env: variables });
    expect([stdout, status]).toEqual([await expected(), expect.any(Number)]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/7.*(?:bad file descriptor|Bad fd)/i);
  });

  test('by an identity', async () => {
    await home.demand(['identity', 'new', '--no-passphrase']);
    const add = ['vault', 'slots', 'add', 'x509', join(home.path, 'identity.pem')];
    expect((await secretctl(add, { env: { ...env, SECRETCTL_KEY_FILE: key } })).status).toBe(0);
    expect(await inChild()).toMatchObject({ status: 0, stdout: await expected() });
  });
});

describe('the vault stays shut', () => {
  test('and the refusal says what opens it', async () => {
    const { status, stdout, stderr } = await inChild();
    expect([status, stdout]).toEqual([77, '']);
    expect(stderr).toMatch(/there is no key file .*vault\.key[^]*SECRETCTL_KEY_FILE/);
  });

  test.each<[string, string, number, RegExp]>([
    ['a descriptor that is not open', '9', 78, /file descriptor 9 cannot be read/],
    ['stdin', '0', 64, /from 3 on/],
    ['no number', 'x', 64, /from 3 on/],
  ])('for %s', async (_, fd, status, says) => {
    const ran = await secretctl(['run', '-k', 'api/token', '--key-fd', fd, '--', 'true'], { env });
    expect([ran.status, ran.stderr]).toEqual([status, expect.stringMatching(says)]);
  });

  test('for a key that is too short, or of another vault', async () => {
    const other = join(home.path, 'other.key');
    writeFileSync(other, readFileSync(key).subarray(0, 20), { mode: 0o600 });
    expect((await inChild({ SECRETCTL_KEY_FILE: other })).status).toBe(65);
    writeFileSync(other, Buffer.alloc(32), { mode: 0o600 });
    expect((await inChild({ SECRETCTL_KEY_FILE: other })).status).toBe(77);
  });
});
