// keyring:// with gnome-keyring on a bus of its own: what secret-tool and what keyring libraries store, and every way in
// which it can fail.

import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import type { RunTool, ToolRequest } from '../../src/process/tool.js';
import type { Answer } from '../../src/secrets/provider.js';
import { keyringProvider } from '../../src/secrets/providers/keyring.js';
import { sessionBus } from '../../src/system/keychain.js';
import { run } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { notRun } from '../support/errors.js';
import { keyringSession, noKeyring, type KeyringSession } from '../support/keyring-session.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { root } from '../support/project.js';
import { providerContext } from '../support/provider-context.js';
import { UID } from '../support/vault-home.js';

const WITHOUT = noKeyring();
const VALUE = `${randomPassword()} é`;
const PROBE = join(root, 'dist/test/support/keychain-probe.js');

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('secretctl-keyring-');
});
afterAll(() => folder.remove());

const reference = (body: string) => ({ text: `keyring://${body}`, scheme: 'keyring', body });

async function ask(body: string, env: Readonly<Record<string, string>>, runTool?: RunTool): Promise<Answer> {
  const context = providerContext({ env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env } });
  const [answer] = await keyringProvider.resolve([reference(body)], { ...context, ...(runTool && { runTool }) });
  return answer;
}

async function probe(words: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> {
  const { stdout, stderr } = await run(process.execPath, [PROBE, ...words], { env });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

async function inSession<T>(home: string, state: 'unlocked' | 'locked' | 'no-service', use: (s: KeyringSession) => T) {
  const session = await keyringSession(home, state);
  try {
    return await use(session);
  } finally {
    await session.stop();
  }
}

const tooLate = (): Promise<never> => Promise.reject(new SecretctlError('timeout', 'too late'));

describe('an unlocked keychain', () => {
  let session: KeyringSession | undefined;
  beforeAll(async () => {
    if (WITHOUT === undefined) session = await keyringSession(folder.path, 'unlocked');
  });
  afterAll(() => session?.stop());

  test('gives what secret-tool stored, and nothing else', async () => {
    if (session === undefined) return notRun(WITHOUT ?? '');
    const { env, store } = session;
    await store(['service', 'api', 'account', 'ada'], VALUE);
    await store(['service', 'api', 'account', 'team/ci bot'], `${VALUE}\n`);
    await store(['service', 'api', 'account', 'empty'], '');
    expect(await ask('api/ada', env)).toEqual({ kind: 'value', value: VALUE });
    expect(await ask('api/team/ci bot', env)).toEqual({ kind: 'value', value: `${VALUE}\n` });
    expect(await ask('api/empty', env)).toMatchObject({ code: 'bad-data', message: 'the item is empty' });
    for (const body of ['api/bob', 'other/ada', 'api/--help']) expect(await ask(body, env)).toBeUndefined();
  });

  test('gives what keyring libraries stored, by secret-tool and without it', async () => {
    if (session === undefined) return notRun(WITHOUT ?? '');
    const { env, store } = session;
    await store(['service', 'lib', 'username', 'ada'], VALUE);
    expect(await ask('lib/ada', env)).toEqual({ kind: 'value', value: VALUE });
    expect(await probe(['resolve', 'lib', 'ada'], env)).toBe(VALUE);
    expect(await probe(['resolve', 'lib', 'bob'], env)).toBeNull();
  });

  test('keeps, gives and forgets bytes for the vault', async () => {
    if (session === undefined) return notRun(WITHOUT ?? '');
    const { env } = session;
    expect(await probe(['get', 'secretctl', 'x'], env)).toBeNull();
    expect(await probe(['set', 'secretctl', 'x', '00ff0a80'], env)).toBe('stored');
    expect(await probe(['get', 'secretctl', 'x'], env)).toBe('00ff0a80');
    expect(await probe(['delete', 'secretctl', 'x'], env)).toBe(true);
    expect(await probe(['delete', 'secretctl', 'x'], env)).toBe(false);
  });

  test('what is no text is refused', async () => {
    if (session === undefined) return notRun(WITHOUT ?? '');
    const { env } = session;
    await probe(['set', 'bytes', 'ada', 'ff'], env);
    expect(await ask('bytes/ada', env)).toMatchObject({ code: 'bad-data', message: 'the item is not UTF-8' });
  });
});

describe('a keychain that does not answer', () => {
  const locked = { code: 'locked', message: 'the keychain is locked' };
  const noBus = { code: 'unavailable', message: expect.stringContaining('no D-Bus of a session') };

  test('is locked: an item that is there is told from one that is not', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const home = join(folder.path, 'locked');
    mkdirSync(home, { mode: 0o700 });
    await inSession(home, 'unlocked', async ({ env, store }) => {
      await store(['service', 'api', 'account', 'ada'], VALUE);
      await store(['service', 'lib', 'username', 'ada'], VALUE);
      await probe(['set', 'secretctl', 'x', '00'], env);
    });
    await inSession(home, 'locked', async ({ env }) => {
      for (const body of ['api/ada', 'lib/ada']) expect(await ask(body, env)).toMatchObject(locked);
      expect(await ask('api/bob', env)).toBeUndefined();
      for (const verb of ['get', 'set', 'delete'])
        expect(await probe([verb, 'secretctl', 'x', '01'], env)).toMatchObject(locked);
      expect(await probe(['resolve', 'lib', 'ada'], env)).toMatchObject(locked);
    });
  });

  test('has no collection', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const home = join(folder.path, 'new');
    mkdirSync(home, { mode: 0o700 });
    await inSession(home, 'locked', async ({ env }) => {
      expect(await ask('api/ada', env)).toBeUndefined();
      expect(await probe(['get', 'secretctl', 'x'], env)).toBeNull();
      const why = { code: 'unavailable', message: 'the keychain has no collection to keep items in' };
      expect(await probe(['set', 'secretctl', 'x', '00'], env)).toMatchObject(why);
    });
  });

  test('is not on the bus', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    await inSession(folder.path, 'no-service', async ({ env }) => {
      const why = { code: 'unavailable', message: 'there is no keychain on this D-Bus' };
      expect(await ask('api/ada', env)).toMatchObject(why);
      expect(await probe(['get', 'secretctl', 'x'], env)).toMatchObject(why);
    });
  });

  test('has no bus', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder.path}/no-bus` };
    expect(await ask('api/ada', env)).toMatchObject(noBus);
    expect(await probe(['get', 'secretctl', 'x'], env)).toMatchObject(noBus);
  });

  test('has no bus that is named or ours', async () => {
    const context = { ...providerContext({ env: {} }), uid: undefined, platform: 'linux' } as const;
    expect(await keyringProvider.resolve([reference('api/ada')], context)).toMatchObject([noBus]);
  });

  test('is asked too late', async () => {
    expect(await ask('api/ada', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }, tooLate)).toMatchObject({
      code: 'timeout',
    });
  });
});

describe("the session's bus", () => {
  test('is the named one, or where systemd puts it when that is ours', async () => {
    const named = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' };
    expect(sessionBus(named, UID, folder.path)).toBe('unix:path=/x');
    expect(sessionBus({}, undefined, folder.path)).toBeUndefined();
    expect(sessionBus({}, 7, folder.path)).toBeUndefined();
    mkdirSync(join(folder.path, '7'));
    writeFileSync(join(folder.path, '7', 'bus'), '');
    expect(sessionBus({}, 7, folder.path)).toBeUndefined();
    const own = String(UID);
    mkdirSync(join(folder.path, own));
    const server = createServer().listen(join(folder.path, own, 'bus'));
    await once(server, 'listening');
    expect(sessionBus({ DBUS_SESSION_BUS_ADDRESS: '' }, UID, folder.path)).toBe(`unix:path=${folder.path}/${own}/bus`);
    server.close();
  });

  test('of another user is not used', async () => {
    const other = (UID ?? 0) + 1;
    mkdirSync(join(folder.path, String(other)));
    const server = createServer().listen(join(folder.path, String(other), 'bus'));
    await once(server, 'listening');
    expect(sessionBus({}, other, folder.path)).toBeUndefined();
    server.close();
  });
});

const answers = (status: number, stdout: string) => {
  const asked: ToolRequest[] = [];
  const runTool: RunTool = async (request) => {
    asked.push(request);
    return { status, stdout: Buffer.from(stdout), stderr: '' };
  };
  return { asked, runTool };
};
const askMac = async (runTool: RunTool): Promise<Answer> => {
  const context = { ...providerContext(), runTool, platform: 'darwin' } as const;
  return (await keyringProvider.resolve([reference('api/ada')], context))[0];
};

describe('on macOS, with a program in the place of `security`', () => {
  test('it is asked for the one item', async () => {
    const { asked, runTool } = answers(0, `${VALUE}\n`);
    expect(await askMac(runTool)).toEqual({ kind: 'value', value: VALUE });
    expect(asked.map(({ command, args }) => [command, ...args])).toEqual([
      ['/usr/bin/security', 'find-generic-password', '-s', 'api', '-a', 'ada', '-w'],
    ]);
  });

  test.each([
    [44, undefined],
    [36, { code: 'locked', hint: 'security unlock-keychain' }],
    [51, { code: 'locked' }],
    [1, { code: 'unavailable', message: 'the program "security" ended with status 1' }],
  ])('status %d', async (status, expected) => {
    const answer = await askMac(answers(status, '').runTool);
    if (expected === undefined) expect(answer).toBeUndefined();
    else expect(answer).toMatchObject(expected);
  });
});

const hint = (platform: NodeJS.Platform) => keyringProvider.hint(reference("api/o'neil"), platform);

test('a person is told how to store the item, and a pin does not do', () => {
  expect(hint('linux')).toBe(`secret-tool store --label=api service api account 'o'\\''neil'`);
  expect(hint('darwin')).toMatch(/^security add-generic-password .* -w$/);
  expect(hint('win32')).toMatch(/^cmdkey /);
  expect(keyringProvider.refusesPin(providerContext())).toMatch(/not read under a pin/);
});
