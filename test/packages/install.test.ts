// Installing what is pinned, with npm itself and a stand-in for its registry. Each test has a home of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomPassword } from '../support/credentials.js';
import {
  fileIn,
  npxProfile,
  pinnedHome,
  type PinnedHome,
  publishedRegistry,
  publishDependency,
  publishServer,
  SERVER,
} from '../support/pinned-home.js';
import { noProcessList, treeOf } from '../support/processes.js';
import { bundle } from '../support/project.js';
import type { RegistryStandIn } from '../support/registry-stand-in.js';

let registry: RegistryStandIn;
let home: PinnedHome;
beforeAll(async () => {
  registry = await publishedRegistry();
});
afterAll(() => registry.close());
beforeEach(async () => {
  home = await pinnedHome(registry);
});
afterEach(() => home.remove());

describe('prefetch', () => {
  test('installs once, runs no script, and asks the registry never again', async () => {
    await home.pin();
    const check = async (): Promise<string> => (await home.demand('profile', 'check', 'shop')).stdout;
    expect(await check()).toContain('  installed    not yet: secretctl prefetch shop\n');
    const file = fileIn(await home.demand('prefetch', 'shop'));
    expect(await check()).toContain(`  installed    ${file}\n`);
    const own = join(file, '..', '..');
    expect(existsSync(join(own, 'SCRIPT-RAN'))).toBe(false);
    expect(readdirSync(own)).toContain('mark.txt');
    expect(statSync(home.packages).mode & 0o777).toBe(0o700);
    for (const folder of home.installed()) expect(statSync(join(home.packages, folder)).mode & 0o777).toBe(0o700);
    registry.asked.length = 0;
    expect(fileIn(await home.demand('prefetch', 'shop'))).toBe(file);
    expect(registry.asked).toEqual([]);
  });

  test('takes no version of a dependency that came after the pin', async () => {
    await home.pin();
    publishDependency(registry, '1.9.0');
    const own = join(fileIn(await home.demand('prefetch', 'shop')), '..', '..', '..', 'dependency', 'index.js');
    expect(readFileSync(own, 'utf8')).toContain("'1.0.0'");
  });

  test('an archive that was changed is not installed', async () => {
    publishServer(registry, `${SERVER}-changed`);
    await home.pin(npxProfile(`${SERVER}-changed`));
    registry.replaceArchive(`${SERVER}-changed`, '1.2.3');
    const { status, stderr } = await home.command('prefetch', 'shop');
    expect(stderr).toContain('what the registry delivers is not what was pinned (EINTEGRITY)');
    expect(status).toBe(65);
    expect(home.installed()).toEqual([]);
  });

  test.each([
    [
      'a lock file that was edited',
      () => writeFileSync(home.lock, readFileSync(home.lock, 'utf8').replace('sha512-', 'sha512-A')),
      65,
      /is not the one that the profile was pinned with/,
    ],
    ['a lock file that is none', () => writeFileSync(home.lock, '[1.5'), 65, /is no lock file/],
    ['no lock file', () => rmSync(home.lock), 66, /there is no lock file .*beside the profile/],
    [
      'another integrity in the profile',
      () => home.write(home.text().replace(/sha512-\S+/, `sha512-${'A'.repeat(86)}==`)),
      65,
      /does not hold npm:@stand-in\/server@1\.2\.3 with the integrity of the profile/,
    ],
  ])('refuses %s', async (_, change, expected, says) => {
    await home.pin();
    change();
    registry.asked.length = 0;
    const { status, stderr } = await home.command('prefetch', 'shop');
    expect(stderr).toMatch(says);
    expect(stderr).toContain('hint: secretctl profile pin shop');
    expect(status).toBe(expected);
    expect([home.installed(), registry.asked]).toEqual([[], []]);
  });

  test('says so when no registry answers', async () => {
    await home.pin();
    home.env['npm_config_registry'] = 'http://127.0.0.1:9';
    const { status, stderr } = await home.command('prefetch', 'shop');
    expect(stderr).toMatch(/the registry cannot be reached \(ECONN\w+\)\nhint: secretctl prefetch shop\n/);
    expect(status).toBe(69);
    expect(home.installed()).toEqual([]);
  });

  test('keeps nothing in a repository', async () => {
    await home.pin();
    mkdirSync(join(home.path, '.git'));
    expect(await home.command('prefetch', 'shop')).toMatchObject({ status: 77 });
    expect(home.installed()).toEqual([]);
  });

  test('an edited record of what is installed is not believed', async () => {
    await home.pin();
    const file = fileIn(await home.demand('prefetch', 'shop'));
    const record = join(home.packages, home.installed()[0] ?? '', 'secretctl-package.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('1.2.3', '1.2.4'));
    registry.asked.length = 0;
    expect(fileIn(await home.demand('prefetch', 'shop'))).toBe(file);
    expect(registry.asked).not.toEqual([]);
  });
});

const start = () => spawn(process.execPath, [bundle, 'prefetch', 'shop'], { env: home.env, cwd: '/', stdio: 'ignore' });

/** Until archives are waited for. */
async function underWay(name: string): Promise<void> {
  registry.asked.length = 0;
  registry.hold();
  // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
  while (!registry.asked.includes(`/${name}/-/1.2.3.tgz`)) await setTimeout(20);
}

describe('an install that is under way', () => {
  afterEach(() => registry.release());

  test.each(['SIGKILL', 'SIGTERM'] as const)('and gets %s leaves nothing that is used', async (signal) => {
    const name = `${SERVER}-${signal.toLowerCase()}`;
    publishServer(registry, name);
    await home.pin(npxProfile(name));
    const child = start();
    await underWay(name);
    child.kill(signal);
    await once(child, 'exit');
    expect(child.signalCode).toBe(signal);
    if (signal === 'SIGTERM') expect(home.installed()).toEqual([]);
    registry.release();
    expect(existsSync(fileIn(await home.demand('prefetch', 'shop')))).toBe(true);
    expect(home.installed()).toHaveLength(1);
  });

  test('is waited for by another', async () => {
    publishServer(registry, `${SERVER}-twice`);
    await home.pin(npxProfile(`${SERVER}-twice`));
    const first = start();
    await underWay(`${SERVER}-twice`);
    const second = home.command('prefetch', 'shop');
    await setTimeout(500);
    registry.release();
    await once(first, 'exit');
    expect([first.exitCode, (await second).status]).toEqual([0, 0]);
    expect(registry.asked.filter((path) => path === `/${SERVER}-twice/-/1.2.3.tgz`)).toHaveLength(1);
    expect(home.installed()).toHaveLength(1);
  });

  const withProcesses = noProcessList === undefined ? test : test.skip;
  withProcesses('sees no secret of the environment, and no setting of npm but its registry', async () => {
    publishServer(registry, `${SERVER}-environment`);
    await home.pin(npxProfile(`${SERVER}-environment`));
    const secret = randomPassword();
    home.env['OP_SERVICE_ACCOUNT_TOKEN'] = secret;
    home.env['npm_config_node_options'] = '--require=/tmp/evil.cjs';
    home.env['NODE_PATH'] = '/tmp/evil';
    const child = start();
    await underWay(`${SERVER}-environment`);
    const below = treeOf(child.pid ?? 0).filter(({ pid }) => pid !== child.pid);
    const environments = below.map(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    expect(below.map(({ command: words }) => words).join('\n')).toContain('npm');
    expect(environments.join('\n')).not.toMatch(/npm_config_node_options|NODE_PATH|SECRETCTL_/);
    expect(environments.join('\n')).not.toContain(secret);
    registry.release();
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});
