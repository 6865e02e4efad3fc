// What the README says is run: its commands, its profile, its client configuration.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseArguments } from '../src/cli/arguments.js';
import { COMMANDS } from '../src/cli/commands.js';
import { findCommand } from '../src/cli/find-command.js';
import { checkProfile } from '../src/profile/parse.js';
import { run } from './support/cli.js';
import { newHome, type Home } from './support/home.js';
import { blocksOf, commandLinesOf } from './support/markdown.js';
import { bundle, root } from './support/project.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

const blocks = (language: string): readonly string[] => blocksOf(readme, language);
const commandLines = commandLinesOf(readme);

let home: Home;
beforeAll(async () => {
  home = await newHome();
  mkdirSync(join(home.path, 'bin'), { mode: 0o700 });
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`;
  writeFileSync(join(home.path, 'bin', 'secretctl'), shim, { mode: 0o755 });
  const [profile = ''] = blocks('yaml');
  writeFileSync(join(home.path, 'profiles', 'shop.yaml'), profile, { mode: 0o600 });
});
afterAll(() => home.remove());

describe('the commands of the README', () => {
  const words = commandLines.flatMap((line) => line.split(/&&|\|/)).map((part) => part.trim().split(/\s+/));
  test.each(words.filter(([first]) => first === 'secretctl').map((line) => line.join(' ')))('%s exists', (line) => {
    const { command, rest } = findCommand(COMMANDS, line.split(' ').slice(1));
    expect(() => parseArguments(command, rest)).not.toThrow();
  });

  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  test.each(words.filter(([first]) => first === 'npm').map((line) => line.slice(1)))('npm %s %s', (verb, name = '') => {
    if (verb === 'run') expect(Object.keys(scripts.scripts)).toContain(name);
    else expect(['ci', 'test', 'install']).toContain(verb);
  });

  // What asks on a terminal is played in test/script, what asks a registry in test/packages.
  const asks = /secretctl (init|vault|trust|set db\/postgres|profile pin|prefetch)/;
  const runnable = commandLines.filter((line) => line.includes('secretctl ') && !asks.test(line));
  test.each(runnable)('%s', async (line) => {
    const env = {
      ...home.env,
      PATH: `${join(home.path, 'bin')}:${home.env['PATH'] ?? ''}`,
      DATABASE_URL: ['postgres://app:', 'correct-horse', '@127.0.0.1:5432/shop'].join(''),
    };
    const { status, stderr } = await run('/bin/sh', ['-c', line], { env, cwd: home.path });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
  });
});

test('the profile of the README is fine', () => {
  const [profile = ''] = blocks('yaml');
  expect(checkProfile(Buffer.from(profile), 'shop')).toMatchObject({ problems: [], notes: [] });
});

test('the client configuration names the command', () => {
  const [config = ''] = blocks('json');
  const server = { command: 'secretctl', args: ['mcp-launch', 'postgres'] };
  expect(JSON.parse(config)).toEqual({ mcpServers: { postgres: server } });
});
