// `profile pin`, with npm itself and a stand-in for its registry. Each test has a home of its own.

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomPassword } from '../support/credentials.js';
import {
  fileIn,
  HEAD,
  npxProfile,
  pinnedHome,
  type PinnedHome,
  publishedRegistry,
  publishServer,
  SERVER,
} from '../support/pinned-home.js';
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

describe('profile pin', () => {
  test('writes the exact version and what pins it, and touches nothing else', async () => {
    const { stderr } = await home.pin();
    const [, integrity, tree] =
      /integrity: (sha512-[\w+/]{86}==)\n {2}tree: (sha256:[0-9a-f]{64})\n/.exec(home.text()) ?? [];
    expect(home.text()).toBe(
      `${HEAD}  package: npm:${SERVER}@1.2.3 # later\n  integrity: ${integrity}\n  tree: ${tree}\n` +
        "  # what it is told\n  args: ['one']\n",
    );
    expect(stderr).toContain(`pinned npm:${SERVER}@1.2.3 in ${home.profile}, where the profile said no version`);
    expect(stderr).toContain(`2 packages in ${home.lock}`);
    expect(stderr).toContain(`these have scripts for their installation, which do not run: ${SERVER}`);
    expect(stderr).toContain('secretctl trust shop');
    expect(readFileSync(home.lock, 'utf8')).not.toContain(registry.url);
  });

  test('again changes nothing', async () => {
    await home.pin();
    const before = [home.text(), readFileSync(home.lock, 'utf8')];
    const { stderr } = await home.demand('profile', 'pin', home.profile);
    expect(stderr).toContain('already: nothing changed');
    expect([home.text(), readFileSync(home.lock, 'utf8')]).toEqual(before);
  });

  test.each([
    ['without a digest', `  package: npm:${SERVER}@1.2.3\n`],
    ['with a tag', `  package: "npm:${SERVER}@latest"\n`],
    ['with an older digest', `  package: npm:${SERVER}@1.2.3\n  integrity: sha512-${'A'.repeat(86)}==\n`],
    ['-p and a program', `  command: npx\n  args:\n    - -y\n    - --package=${SERVER}\n    - server\n`],
  ])('%s', async (_, server) => {
    await home.pin(`${HEAD}${server}`);
    expect(home.text()).toMatch(/ {2}package: npm:@stand-in\/server@1\.2\.3\n/);
    const { stdout } = await home.demand('profile', 'check', 'shop', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, plan: { args: [], unpinned: null } });
  });

  test('says that a seal fits no longer', async () => {
    await home.demand('identity', 'new', '--no-passphrase');
    home.write(`${npxProfile()}env:\n  KEY: SEAL[${randomPassword()}]\n`);
    await home.demand('seal', home.profile);
    const { stderr } = await home.demand('profile', 'pin', 'shop');
    expect(stderr).toContain(`the seal fits no longer: secretctl seal ${home.profile} --accept-changes`);
    await home.demand('seal', home.profile, '--accept-changes');
    await home.demand('profile', 'check', 'shop');
  });

  test.each([
    ['another runner', `${HEAD}  command: bunx\n  args: [x]\n`, /only what npx or uvx starts can be pinned/],
    ['a command line', `${HEAD}  command: npx\n  args: [-c, x]\n`, /the option -c of npx has no meaning/],
    ['no package', `${HEAD}  command: npx\n  args: [-y]\n`, /npx is given no package/],
    ['a git repository', `${HEAD}  command: npx\n  args: ['github:a/b']\n`, /no package of a registry/],
    ['braces', `${HEAD.trim()} {command: npx, args: [-y, '${SERVER}']}\n`, /written in braces/],
  ])('refuses %s', async (_, text, says) => {
    home.write(text);
    const { status, stderr } = await home.command('profile', 'pin', 'shop');
    expect(stderr).toMatch(says);
    expect(status).toBe(65);
    expect(home.text()).toBe(text);
    expect(existsSync(home.lock)).toBe(false);
  });

  test('refuses the built-in profile, and a version that does not exist', async () => {
    expect(await home.command('profile', 'pin', 'postgres')).toMatchObject({ status: 77 });
    home.write(npxProfile().replace(`'${SERVER}'`, `'${SERVER}@9.9.9'`));
    const { status, stderr } = await home.command('profile', 'pin', 'shop');
    expect(stderr).toContain('the registry has no such version (ETARGET)');
    expect(status).toBe(69);
  });

  test('refuses a dependency from a repository, and asks no git for it', async () => {
    publishServer(registry, `${SERVER}-git`, { dependencies: { evil: 'git+ssh://git@127.0.0.1/a/b.git' } });
    home.write(npxProfile(`${SERVER}-git`));
    expect(await home.command('profile', 'pin', 'shop')).toMatchObject({ status: 69 });
    expect(existsSync(home.lock)).toBe(false);
  });
});

const files = (text: string): Record<string, string> => ({ 'one.js': text, 'two.js': text, 'run.sh': '#!/bin/sh\n' });

const publish = (name: string, bin: unknown): void =>
  registry.publish({ name, version: '1.0.0', manifest: { bin }, files: files(`// ${randomPassword()}\n`) });

describe('the programs of a package', () => {
  test.each([
    ['several', { one: 'one.js', other: 'two.js' }, /has several programs: one, other/],
    ['none', undefined, /has no program that can be started/],
  ])('%s: refused when it is pinned', async (name, bin, says) => {
    publish(`programs-${name}`, bin);
    home.write(npxProfile(`programs-${name}`));
    const { status, stderr } = await home.command('profile', 'pin', 'shop');
    expect(stderr).toMatch(says);
    expect(status).toBe(65);
  });

  test('the one with the name of the package, or the one that the profile names', async () => {
    publish('@stand-in/named', { other: 'two.js', named: './one.js' });
    await home.pin(npxProfile('@stand-in/named'));
    expect(fileIn(await home.demand('prefetch', 'shop'))).toMatch(/\/named\/one\.js$/);
    home.write(home.text().replace('  # what', '  bin: other\n  # what'));
    expect(fileIn(await home.demand('prefetch', 'shop'))).toMatch(/\/named\/two\.js$/);
    home.write(home.text().replace('bin: other', 'bin: third'));
    expect((await home.command('prefetch', 'shop')).stderr).toContain('has no program "third"');
  });

  test.each([
    ['outside of the package', '../dependency/index.js'],
    ['far outside', '../../../../../../../../../etc/hostname'],
    ['no program of Node', 'run.sh'],
    ['that is not there', 'three.js'],
  ])('%s: not installed', async (name, file) => {
    const unusual = `unusual-${name.replaceAll(' ', '-').toLowerCase()}`;
    publish(unusual, { [unusual]: file });
    home.write(npxProfile(unusual));
    await home.demand('profile', 'pin', 'shop');
    const { status, stderr } = await home.command('prefetch', 'shop');
    expect(stderr).toContain('has no program that can be started');
    expect(status).toBe(65);
    expect(home.installed()).toEqual([]);
  });
});
