// Sealed profiles are merged by git itself, with secretctl as its merge driver.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { run, secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { newHome, type Home } from '../support/home.js';
import { bundle } from '../support/project.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';

let home: Home;
let folder: TemporaryFolder;
let env: Record<string, string>;

const sh = async (script: string, status = 0): Promise<string> => {
  const ran = await run('/bin/sh', ['-ec', script], { env, cwd: folder.path });
  if (ran.status !== status) throw new Error(`status ${ran.status}\n${ran.stdout}\n${ran.stderr}`);
  return ran.stdout;
};
const seal = async (field: string, value: string): Promise<void> => {
  const ran = await secretctl(['seal', 'shop.yaml', '--field', field], { env, cwd: folder.path, input: value });
  if (ran.status !== 0) throw new Error(ran.stderr);
};
const valueOf = async (field: string): Promise<string> =>
  (await secretctl(['unseal', 'shop.yaml', '--field', field, '--stdout'], { env, cwd: folder.path })).stdout;
const profile = (): string => readFileSync(join(folder.path, 'shop.yaml'), 'utf8');
const edit = (change: (text: string) => string): void =>
  writeFileSync(join(folder.path, 'shop.yaml'), change(profile()));

const PROFILE = `secretctl: 1
name: shop
server:
  command: node
env:
  # first
  A: ""
  HOST: h
  # second
  B: ""
  PORT: "1"
`;

beforeAll(async () => {
  home = await newHome();
  await home.demand(['identity', 'new']);
});
afterAll(() => home.remove());
beforeEach(async () => {
  folder = await temporaryFolder();
  env = { ...home.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  writeFileSync(join(folder.path, 'shop.yaml'), PROFILE);
  await seal('env.A', 'first-value');
  await seal('env.B', 'second-value');
  await sh(`git init -q -b main . && git config user.name t && git config user.email t@example.org
    git config merge.secretctl.driver '"${process.execPath}" "${bundle}" merge-driver %O %A %B'
    echo '*.yaml merge=secretctl' > .gitattributes && git add -A && git commit -qm base`);
});

test('values that each side has changed, and a line, are merged and sealed; the rest stays to the byte', async () => {
  const [first, second] = [randomPassword(), randomPassword()];
  await sh('git checkout -qb theirs');
  await seal('env.B', second);
  await sh('git commit -qam theirs && git checkout -q main');
  await seal('env.A', first);
  const ours = profile();
  await sh('git commit -qam ours && git merge -q --no-edit theirs');
  expect([await valueOf('env.A'), await valueOf('env.B')]).toEqual([first, second]);
  const lines = ours.split('\n');
  const changed = profile()
    .split('\n')
    .filter((line, index) => line !== lines[index]);
  expect(changed.map((line) => line.split(':')[0])).toEqual(['  B', '  mac']);
  await folder.remove();
});

test('the same value changed by both is a conflict, and launches nowhere', async () => {
  await sh('git checkout -qb theirs');
  await seal('env.A', randomPassword());
  await sh('git commit -qam theirs && git checkout -q main');
  await seal('env.A', randomPassword());
  await sh('git commit -qam ours');
  await sh('git merge -q --no-edit theirs', 1);
  expect(profile()).toContain('<<<<<<< ours');
  expect((await secretctl(['profile', 'check', 'shop.yaml'], { env, cwd: folder.path })).status).toBe(65);
  await folder.remove();
});

test('a side that somebody changed without the key is not merged', async () => {
  await sh('git checkout -qb theirs');
  edit((text) => text.replace('HOST: h', 'HOST: evil'));
  await sh('git commit -qam theirs && git checkout -q main');
  await seal('env.B', randomPassword());
  await sh('git commit -qam ours');
  await sh('git merge -q --no-edit theirs', 1);
  expect(
    (await secretctl(['unseal', 'shop.yaml', '--field', 'env.A', '--stdout'], { env, cwd: folder.path })).status,
  ).toBe(65);
  await folder.remove();
});

test('without a key it leaves the conflict to a person', async () => {
  await sh('git checkout -qb theirs');
  await seal('env.B', randomPassword());
  await sh('git commit -qam theirs && git checkout -q main');
  await seal('env.A', randomPassword());
  await sh('git commit -qam ours');
  env = { ...env, SECRETCTL_IDENTITY: '/nonexistent/identity.pem' };
  await sh('git merge -q --no-edit theirs', 1);
  await folder.remove();
});
