// pass:// with pass and gpg in a home of their own.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunTool } from '../../src/process/tool.js';
import { SecretctlError } from '../../src/errors.js';
import { pick } from '../../src/secrets/pick.js';
import type { Answer } from '../../src/secrets/provider.js';
import { passProvider } from '../../src/secrets/providers/pass.js';
import { run } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { notRun } from '../support/errors.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { providerContext } from '../support/provider-context.js';

const missing = ['pass', 'gpg', 'gpgconf'].find((name) => spawnSync(name, ['--version']).error !== undefined);
const WITHOUT = missing === undefined ? undefined : `the program "${missing}" is not installed`;
const PASSWORD = randomPassword();
const PASSPHRASE = randomPassword();
const ENTRY = `${PASSWORD}\nuser: ada\nurl:https://example.org:8443/x\nclient id:  7\nuser: second\nempty:\n`;

type Env = Record<string, string>;

let folder: TemporaryFolder;
const keyrings: Env[] = [];
let open: Env;
beforeAll(async () => {
  folder = await temporaryFolder('secretctl-pass-');
  if (WITHOUT !== undefined) return;
  open = await newStore('open', '');
  await insert(open, 'web/github', ENTRY);
  await insert(open, 'one line', PASSWORD);
  await insert(open, '-dash', `${PASSWORD}\n`);
  await insert(open, 'dos', `${PASSWORD}\r\nuser: ada\r\n`);
  await insert(open, 'blank', '\nsecond\n');
}, 60_000);
afterAll(async () => {
  for (const env of keyrings) await run('gpgconf', ['--kill', 'all'], { env });
  await folder.remove();
});

/** What a person has: a key, with this passphrase, and a store that is encrypted to it. */
async function newStore(name: string, passphrase: string): Promise<Env> {
  const home = join(folder.path, name);
  mkdirSync(join(home, 'gnupg'), { recursive: true, mode: 0o700 });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GNUPGHOME: join(home, 'gnupg'),
    PASSWORD_STORE_DIR: join(home, 'store'),
  };
  keyrings.push(env);
  const user = `${name}@example.invalid`;
  const words = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', passphrase, '--quick-gen-key', user];
  await demand('gpg', [...words, 'default', 'default', 'never'], env);
  await demand('pass', ['init', user], env);
  return env;
}

const insert = (env: Env, path: string, text: string) => demand('pass', ['insert', '-m', '--', path], env, text);

async function demand(command: string, args: readonly string[], env: Env, input = ''): Promise<void> {
  const { status, stderr } = await run(command, args, { env, input });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

async function ask(path: string, env: Env, runTool?: RunTool): Promise<Answer> {
  const context = providerContext({ env });
  const reference = { text: `pass://${path}`, scheme: 'pass', body: path };
  return (await passProvider.resolve([reference], { ...context, ...(runTool && { runTool }) }))[0];
}

/** As a profile would get it: the value, or what it is refused with. */
async function valueOf(path: string, field?: string, env = open): Promise<unknown> {
  const answer = await ask(path, env);
  if (answer === undefined || answer instanceof SecretctlError) return answer;
  const reference = { text: '', scheme: 'pass', body: path, ...(field !== undefined && { field }) };
  const picked = pick(reference, answer);
  return 'value' in picked ? picked.value : picked;
}

describe('an entry', () => {
  test.each([
    ['web/github', undefined, PASSWORD],
    ['web/github', '1', PASSWORD],
    ['web/github', 'all', ENTRY.slice(0, -1)],
    ['web/github', '2', 'user: ada'],
    ['web/github', 'user', 'ada'],
    ['web/github', 'url', 'https://example.org:8443/x'],
    ['web/github', 'client id', '7'],
    ['one line', undefined, PASSWORD],
    ['one line', 'all', PASSWORD],
    ['-dash', undefined, PASSWORD],
    ['dos', undefined, PASSWORD],
    ['dos', 'user', 'ada'],
    ['blank', '2', 'second'],
  ])('%s#%s', async (path, field, expected) => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    expect(await valueOf(path, field)).toBe(expected);
  });

  test.each([
    ['web/github', '0'],
    ['web/github', '7'],
    ['web/github', 'User'],
    ['one line', 'user'],
  ])('%s has no #%s', async (path, field) => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const why = { code: 'secret-not-found', message: `nothing in it goes by the name ${field}` };
    expect(await valueOf(path, field)).toMatchObject(why);
  });

  test.each([
    ['blank', undefined],
    ['web/github', 'empty'],
  ])('%s#%s is empty', async (path, field) => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    expect(await valueOf(path, field)).toMatchObject({ code: 'bad-data', message: 'its value is empty' });
  });

  test('is missing, a folder, or outside of the store', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    for (const path of ['nothing', 'web/nothing', 'web/github/x']) expect(await ask(path, open)).toBeUndefined();
    for (const path of ['web', 'web/'])
      expect(await ask(path, open)).toMatchObject({ code: 'bad-data', message: 'it is a folder of entries' });
    expect(await ask('../store/one line', open)).toMatchObject({ code: 'bad-profile' });
    expect(await ask('x', { ...open, PASSWORD_STORE_DIR: join(folder.path, 'nowhere') })).toBeUndefined();
  });

  test('is no text', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const file = join(folder.path, 'bytes');
    writeFileSync(file, Buffer.from([0xff, 0xfe]));
    const out = join(open['PASSWORD_STORE_DIR'] ?? '', 'bytes.gpg');
    await demand('gpg', ['--batch', '-r', 'open@example.invalid', '-o', out, '-e', file], open);
    expect(await ask('bytes', open)).toMatchObject({ code: 'bad-data', message: 'the entry is not UTF-8' });
  });

  test('is read with the options that the person gave to gpg', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    expect(await valueOf('one line', undefined, { ...open, PASSWORD_STORE_GPG_OPTS: '--no-tty' })).toBe(PASSWORD);
    const wrong = await ask('one line', { ...open, PASSWORD_STORE_GPG_OPTS: '--no-such-option' });
    expect(wrong).toMatchObject({ code: 'unavailable', hint: `pass show 'one line'` });
  });
});

describe('a key', () => {
  test('that is not there', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const other = join(folder.path, 'no-key');
    mkdirSync(other, { mode: 0o700 });
    const env = { ...open, GNUPGHOME: other };
    keyrings.push(env);
    const why = { code: 'unavailable', message: 'gpg has no secret key for this entry' };
    expect(await ask('web/github', env)).toMatchObject(why);
  });

  test('that is locked: nobody is asked on a terminal', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const env = await newStore('locked', PASSPHRASE);
    await insert(env, 'web/github', ENTRY);
    await run('gpgconf', ['--kill', 'all'], { env });
    const why = { code: 'locked', message: 'gpg has no way to ask for the passphrase of its key' };
    expect(await ask('web/github', env)).toMatchObject({ ...why, hint: 'pass show web/github' });
  });

  test('that opens no entry that was damaged', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    writeFileSync(join(open['PASSWORD_STORE_DIR'] ?? '', 'damaged.gpg'), 'nothing of gpg');
    const why = { code: 'unavailable', message: 'pass ended with status 2' };
    expect(await ask('damaged', open)).toMatchObject(why);
    const bytes = readFileSync(join(open['PASSWORD_STORE_DIR'] ?? '', 'one line.gpg'));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(join(open['PASSWORD_STORE_DIR'] ?? '', 'altered.gpg'), bytes);
    expect(await ask('altered', open)).toMatchObject(why);
  });
});

const none = async () => Promise.reject(new SecretctlError('command-not-found', 'no such program'));
const late = async () => Promise.reject(new SecretctlError('timeout', 'too late'));

test('without pass it says what is needed', async () => {
  const store = join(folder.path, 'by-hand');
  mkdirSync(store);
  writeFileSync(join(store, 'x.gpg'), '');
  const env = { HOME: folder.path, PASSWORD_STORE_DIR: store };
  expect(await ask('x', env, none)).toMatchObject({
    code: 'command-not-found',
    hint: expect.stringContaining('install pass'),
  });
  expect(await ask('x', env, late)).toMatchObject({ code: 'timeout' });
});

test('a person is told how to make the entry, and a pin does not do', () => {
  const reference = { text: 'pass://a b', scheme: 'pass', body: 'a b' };
  expect(passProvider.hint(reference, 'linux')).toBe(`pass insert -m 'a b'`);
  expect(passProvider.refusesPin(providerContext())).toMatch(/not read under a pin/);
});
