// One profile, one line for each store: our own vault, 1Password, HashiCorp Vault, the keychain of the system. 1Password and
// Vault are stand-ins (see their files); the keychain is a real gnome-keyring.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { parseJson } from '../support/data.js';
import { notRun } from '../support/errors.js';
import { newHome, type Home } from '../support/home.js';
import { keyringSession, noKeyring, type KeyringSession } from '../support/keyring-session.js';
import { bundle, root } from '../support/project.js';
import { noTerminal, terminal } from '../support/terminal.js';
import { type VaultStandIn, vaultStandIn } from '../support/vault-stand-in.js';

const VALUES = { OWN: randomPassword(), OP: randomPassword(), KV: randomPassword(), RING: randomPassword() };
/** Says what it was given, hashed: a plain value would be masked. */
const SERVER = `const { createHash } = require('node:crypto');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const hashes = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, createHash('sha1').update(value).digest('hex')]));
  console.log(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(line).id, result: { hashes, plain: process.env } })); });`;
const PROFILE = `secretctl: 1
name: all
server:
  command: ${JSON.stringify(process.execPath)}
  args: ["-e", ${JSON.stringify(SERVER)}]
secrets:
  made: vault://database/creds/readonly
env:
  OWN: secret://api/own
  OP: op://dev/github/token
  KV: ref+vault://kv2/app#password
  USER_NAME: \${made.username}
  PASSWORD: \${made.password}
`;

const missing = noKeyring() ?? noTerminal();
let home: Home;
let vault: VaultStandIn;
let keyring: KeyringSession | undefined;
let env: Record<string, string>;

beforeAll(async () => {
  home = await newHome();
  await home.demand(['set', 'api/own'], VALUES.OWN);
  vault = await vaultStandIn();
  vault.write('kv2/app', { password: VALUES.KV });
  const bin = join(home.path, 'bin');
  mkdirSync(bin, { mode: 0o700 });
  writeFileSync(
    join(bin, 'stand-in.mjs'),
    readFileSync(join(root, 'test/support/op-stand-in.mjs'), 'utf8').replace(/^.*\n/, ''),
  );
  writeFileSync(join(bin, 'op'), `#!/bin/sh\nexec "${process.execPath}" "${bin}/stand-in.mjs" "$@"\n`);
  chmodSync(join(bin, 'op'), 0o755);
  writeFileSync(join(home.path, 'items.json'), JSON.stringify({ items: { dev: { github: { token: VALUES.OP } } } }));
  env = {
    ...home.env,
    PATH: `${bin}:${home.env['PATH'] ?? ''}`,
    OP_STAND_IN: join(home.path, 'items.json'),
    OP_SERVICE_ACCOUNT_TOKEN: 'none',
    VAULT_ADDR: vault.address,
    VAULT_ROLE_ID: vault.roleId,
    VAULT_SECRET_ID: vault.secretId,
  };
  if (missing !== undefined) return notRun(missing);
  const folder = join(home.path, 'keyring');
  mkdirSync(folder, { mode: 0o700 });
  keyring = await keyringSession(folder, 'unlocked');
  await keyring.store(['service', 'github.com', 'account', 'ada'], VALUES.RING);
  env['DBUS_SESSION_BUS_ADDRESS'] = keyring.env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
});
afterAll(async () => {
  await keyring?.stop();
  await vault.close();
  await home.remove();
});

test('each reference is one line, resolved together, and none of the launcher’s own credentials reaches the server', async () => {
  if (missing !== undefined) return notRun(missing);
  writeFileSync(join(home.path, 'profiles', 'all.yaml'), `${PROFILE}  RING: keyring://github.com/ada\n`, {
    mode: 0o600,
  });
  const dialogue = [
    [/y\/N/, 'y\n'],
    [/profile's name/, 'all\n'],
  ] as const;
  expect((await terminal(['trust', 'all'], { env, dialogue })).status).toBe(0);
  const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'env' })}\n`;
  const { status, stdout, stderr } = await secretctl(['mcp-launch', 'all'], { env, input });
  expect([status, stderr]).toEqual([0, '']);
  const { hashes, plain } = (
    parseJson(stdout) as { result: { hashes: Record<string, string>; plain: Record<string, string> } }
  ).result;
  const { createHash } = await import('node:crypto');
  for (const [name, value] of Object.entries(VALUES)) {
    expect([name, hashes[name]]).toEqual([name, createHash('sha1').update(value).digest('hex')]);
    expect(plain[name]).toBe(`[REDACTED:${name}]`);
    expect(stdout).not.toContain(value);
  }
  expect(plain['USER_NAME']).toBe('v-readonly-1');
  expect(Object.keys(plain).filter((name) => /^(?:OP_|VAULT_|SECRETCTL_|DBUS_)/.test(name))).toEqual([]);
  // What was made for this launch is gone with it.
  expect([vault.leases.size, vault.tokens.size]).toEqual([0, 0]);
  expect(vault.requests.filter((request) => request.includes('login'))).toHaveLength(1);
});

test('one that fails is named before anything starts, and what was made for the launch is given back', async () => {
  if (missing !== undefined) return notRun(missing);
  const broken = `${PROFILE}  RING: keyring://github.com/nobody\n  GONE: vault://kv2/gone#x\n`.replace(
    'name: all',
    'name: broken',
  );
  writeFileSync(join(home.path, 'profiles', 'broken.yaml'), broken, { mode: 0o600 });
  const dialogue = [
    [/y\/N/, 'y\n'],
    [/profile's name/, 'broken\n'],
  ] as const;
  expect((await terminal(['trust', 'broken'], { env, dialogue })).status).toBe(0);
  const { status, stdout, stderr } = await secretctl(['mcp-launch', 'broken'], { env });
  expect([status, stdout]).toEqual([66, '']);
  expect(stderr).toContain(
    '2 secrets cannot be resolved: RING (keyring://github.com/nobody): there is no such secret; GONE (vault://kv2/gone#x)',
  );
  expect([vault.leases.size, vault.tokens.size]).toEqual([0, 0]);
});

test('a signal while secrets are asked for ends the launch, and gives back what was made', async () => {
  if (missing !== undefined) return notRun(missing);
  const slow = `${PROFILE}  SLOW: exec://sleep/20\n`.replace('name: all', 'name: slow');
  writeFileSync(join(home.path, 'profiles', 'slow.yaml'), slow, { mode: 0o600 });
  const dialogue = [
    [/y\/N/, 'y\n'],
    [/profile's name/, 'slow\n'],
  ] as const;
  expect((await terminal(['trust', 'slow'], { env, dialogue })).status).toBe(0);
  const child = spawn(process.execPath, [bundle, 'mcp-launch', 'slow'], { env, stdio: 'ignore' });
  const closed = once(child, 'close');
  for (let triesLeft = 100; vault.leases.size === 0 && triesLeft > 0; triesLeft--) await sleep(50);
  expect(vault.leases.size).toBe(1);
  child.kill('SIGTERM');
  expect(await closed).toEqual([null, 'SIGTERM']);
  expect([vault.leases.size, vault.tokens.size]).toEqual([0, 0]);
});
