// A pinned package through the bundle and a real client: installed by the first launch, only started by the next ones, and
// out of reach of what a repository brings along for npm and npx.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseJson, textAt } from '../support/data.js';
import { randomPassword } from '../support/credentials.js';
import { connect, type Session } from '../support/mcp.js';
import { npxProfile, pinnedHome, type PinnedHome, publishedRegistry, SERVER } from '../support/pinned-home.js';
import { bundle } from '../support/project.js';
import { type RegistryStandIn, registryStandIn, serverFiles } from '../support/registry-stand-in.js';
import { secretctl } from '../support/cli.js';

let registry: RegistryStandIn;
beforeAll(async () => {
  registry = await publishedRegistry();
});
afterAll(() => registry.close());

const password = randomPassword();

/** With a vault, the secret, and the profile that hands it over. Returns the pin of the plan. */
async function prepare(home: PinnedHome): Promise<string> {
  await home.demand('init', '--key-file');
  const stored = await secretctl(['set', 'db/shop', '--as', 'string'], { env: home.env, input: password });
  expect([stored.stderr, stored.status]).toEqual([expect.any(String), 0]);
  await home.pin(`${npxProfile()}secrets:\n  db: secret://db/shop\nenv:\n  PASSWORD: \${db}\n`);
  return textAt(parseJson((await home.demand('profile', 'check', 'shop', '--json')).stdout), 'pin');
}

function launch(home: PinnedHome, pin: string, cwd: string, more: Readonly<Record<string, string>> = {}) {
  const env = { ...home.env, SECRETCTL_TRUST: pin, ...more };
  return connect({ command: process.execPath, args: [bundle, 'mcp-launch', 'shop'], env, cwd });
}

interface Facts {
  readonly file: string;
  readonly args: readonly string[];
  readonly dependency: string;
  readonly password: string;
}

async function factsOf({ client }: Session): Promise<Facts> {
  const { content } = await client.callTool({ name: 'facts', arguments: {} });
  const [{ text }] = content as [{ text: string }];
  return JSON.parse(text) as Facts;
}

test('the first launch installs, and later ones need no registry', async () => {
  const home = await pinnedHome(registry);
  try {
    const pin = await prepare(home);
    const first = await launch(home, pin, home.path);
    const facts = await factsOf(first);
    await first.close();
    expect(facts).toEqual({
      file: expect.stringMatching(`^${home.packages}/[0-9a-f]{40}/node_modules/${SERVER}/bin/server.js$`),
      args: ['one'],
      dependency: '1.0.0',
      password: '[REDACTED:db]',
    });
    expect(first.stderr()).toContain(`installing npm:${SERVER}@1.2.3, this once`);
    expect(JSON.stringify(first.received)).not.toContain(password);
    registry.asked.length = 0;
    const second = await launch(home, pin, home.path, { npm_config_registry: 'http://127.0.0.1:9' });
    expect(await factsOf(second)).toEqual(facts);
    await second.close();
    expect(second.stderr()).toBe('');
    expect(registry.asked).toEqual([]);
  } finally {
    await home.remove();
  }
});

test('nothing is installed for a plan that nobody approved', async () => {
  const home = await pinnedHome(registry);
  try {
    await prepare(home);
    registry.asked.length = 0;
    const { status, stderr } = await secretctl(['mcp-launch', 'shop'], { env: home.env });
    expect(stderr).toContain('nobody on this machine has approved');
    expect(status).toBe(77);
    expect([home.installed(), registry.asked]).toEqual([[], []]);
  } finally {
    await home.remove();
  }
});

test('a registry that is not there: the client hears why', async () => {
  const home = await pinnedHome(registry);
  try {
    const pin = await prepare(home);
    const env = { ...home.env, SECRETCTL_TRUST: pin, npm_config_registry: 'http://127.0.0.1:9' };
    const input = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n';
    const { status, stdout } = await secretctl(['mcp-launch', 'shop'], { env, input });
    expect(status).toBe(69);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { code: 69 } });
    expect(stdout).toMatch(/the registry cannot be reached \(ECONN\w+\); to fix it: secretctl prefetch shop"/);
  } finally {
    await home.remove();
  }
});

const evilCode = (repository: string): string =>
  `#!/usr/bin/env node\nrequire('fs').writeFileSync(${JSON.stringify(join(repository, 'TAKEN'))}, 'x');\n`;

describe('a hostile repository gets nothing', () => {
  let home: PinnedHome;
  let evil: RegistryStandIn;
  let pin: string;
  beforeAll(async () => {
    home = await pinnedHome(registry);
    pin = await prepare(home);
    evil = await registryStandIn();
    evil.publish({ name: SERVER, version: '1.2.3', files: serverFiles('evil') });
  });
  afterAll(async () => {
    await evil.close();
    await home.remove();
  });

  const hijacks: readonly (readonly [string, (repository: string) => Readonly<Record<string, string>>])[] = [
    [
      'with a node_modules of its own',
      (repository) => {
        const own = join(repository, 'node_modules', SERVER);
        mkdirSync(join(own, 'bin'), { recursive: true });
        writeFileSync(
          join(own, 'package.json'),
          `{"name":"${SERVER}","version":"1.2.3","bin":{"server":"bin/server.js"}}`,
        );
        writeFileSync(join(own, 'bin', 'server.js'), evilCode(repository), { mode: 0o755 });
        return {};
      },
    ],
    [
      'with an .npmrc of node-options',
      (repository) => {
        writeFileSync(join(repository, '.npmrc'), `node-options=--require ${join(repository, 'evil.cjs')}\n`);
        return {};
      },
    ],
    [
      'with an .npmrc of script-shell, registry and scripts',
      (repository) => {
        const lines = [`script-shell=${join(repository, 'evil.sh')}`, `registry=${evil.url}`, 'ignore-scripts=false'];
        writeFileSync(join(repository, '.npmrc'), `${lines.join('\n')}\n`);
        return {};
      },
    ],
    [
      "with a client's configuration that sets variables",
      (repository) => ({
        npm_config_node_options: `--require ${join(repository, 'evil.cjs')}`,
        npm_config_script_shell: join(repository, 'evil.sh'),
        npm_config_ignore_scripts: 'false',
        npm_config_userconfig: join(repository, 'npmrc'),
        NPM_CONFIG_GLOBALCONFIG: join(repository, 'npmrc'),
        XDG_CACHE_HOME: join(repository, 'cache'),
        HOME: repository,
        PATH: `${repository}:${process.env['PATH'] ?? ''}`,
      }),
    ],
  ];

  test.each(hijacks)('%s', async (name, make) => {
    const repository = join(home.path, name.replaceAll(/\W/g, '-'));
    const deep = join(repository, 'sub', 'deep');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(repository, '.git'));
    const more = make(repository);
    writeFileSync(join(repository, 'evil.cjs'), evilCode(repository));
    writeFileSync(join(repository, 'evil.sh'), `#!/bin/sh\ntouch ${join(repository, 'TAKEN')}\n`, { mode: 0o755 });
    for (const program of ['npm', 'node'])
      writeFileSync(join(repository, program), `#!/bin/sh\ntouch ${join(repository, 'TAKEN')}\n`, { mode: 0o755 });
    writeFileSync(join(repository, 'npmrc'), `registry=${evil.url}\n`);
    rmSync(home.packages, { recursive: true, force: true });
    // Once with an install, and once without.
    const startedIn = async (folder: string): Promise<string> => {
      const session = await launch(home, pin, folder, more);
      const { file } = await factsOf(session);
      await session.close();
      return file;
    };
    const files = [await startedIn(repository), await startedIn(deep)];
    expect(files.map((file) => file.startsWith(home.packages))).toEqual([true, true]);
    expect(existsSync(join(repository, 'TAKEN'))).toBe(false);
    expect(evil.asked).toEqual([]);
  });
});
