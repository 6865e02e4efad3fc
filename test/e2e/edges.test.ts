// Surroundings that are not what they should be: each gets a clear answer and the right status, never a stack trace.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, rmdirSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { bundle, root } from '../support/project.js';

const fixture = join(root, 'test', 'fixtures', 'servers', 'lifecycle.mjs');
const REQUEST = '{"jsonrpc":"2.0","id":1,"method":"initialize"}\n';

let home: Home;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.remove());

const onLinux = existsSync('/dev/full') ? test : test.skip;
if (!existsSync('/dev/full')) process.stderr.write('skipped the full disk: this system has no /dev/full\n');

onLinux('data that cannot be written is status 74, and says so', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [bundle, 'help'], {
    env: home.env,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect([status, stderr]).toEqual([74, 'secretctl: stdout cannot be written (ENOSPC)\n']);
});

test('a reader that has seen enough is no failure', async () => {
  const child = spawn(process.execPath, [bundle, 'help'], { env: home.env });
  child.stdout.destroy();
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([status, stderr]).toEqual([0, '']);
});

test('a working directory that is gone', () => {
  const folder = join(home.path, 'gone');
  mkdirSync(folder);
  const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" mcp-launch postgres';
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script, 'sh', folder, process.execPath, bundle], {
    env: home.env,
    input: REQUEST,
    encoding: 'utf8',
  });
  if (existsSync(folder)) rmdirSync(folder);
  expect([status, stderr]).toEqual([78, 'secretctl: the working directory is gone\nhint: cd /\n']);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { code: 78 } });
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;
if (process.geteuid?.() !== 0) process.stderr.write('skipped the user without an account: only root can become one\n');

asRoot('a user without an account', () => {
  const { status, stderr } = spawnSync(process.execPath, [bundle, 'list'], {
    env: { PATH: home.env['PATH'] },
    uid: 54_321,
    cwd: '/',
    encoding: 'utf8',
  });
  expect([status, stderr.split('\n')[0]]).toEqual([78, 'secretctl: this user has no account in the password database']);
});

test('SIGUSR1 opens no debugger in the process that holds secrets', async () => {
  const pin = await home.addProfile('calm', nodeProfile('calm', [fixture], ''));
  const launcher = spawn(process.execPath, [bundle, 'mcp-launch', 'calm'], {
    env: { ...home.env, SECRETCTL_TRUST: pin },
  });
  launcher.stdin.write(REQUEST);
  await once(launcher.stdout, 'data');
  launcher.kill('SIGUSR1');
  await setTimeout(200);
  launcher.stdin.end();
  const [stderr, [status]] = await Promise.all([text(launcher.stderr), once(launcher, 'exit')]);
  expect([status, stderr]).toEqual([0, '']);
});

test.each([
  ['no profile', ['mcp-launch']],
  ['two', ['mcp-launch', 'a', 'b']],
  ['an unknown flag', ['mcp-launch', 'a', '--bogus']],
])('a client that starts us with %s is told so', (_, args) => {
  const { status, stdout } = spawnSync(process.execPath, [bundle, ...args], {
    env: home.env,
    input: REQUEST,
    encoding: 'utf8',
  });
  expect(status).toBe(64);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { code: 64 } });
});
