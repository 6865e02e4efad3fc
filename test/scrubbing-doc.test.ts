// What docs/scrubbing.md says is run: its commands, its profile, its example of a detector.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkProfile } from '../src/profile/parse.js';
import { DETECTORS } from '../src/scrub/detectors/index.js';
import { run, secretctl } from './support/cli.js';
import { randomPassword } from './support/credentials.js';
import { newHome, type Home } from './support/home.js';
import { blocksOf, commandLinesOf } from './support/markdown.js';
import { bundle, root } from './support/project.js';

const document = readFileSync(join(root, 'docs', 'scrubbing.md'), 'utf8');
const commands = commandLinesOf(document);
const password = randomPassword();

let home: Home;
beforeAll(async () => {
  home = await newHome();
  writeFileSync(join(home.path, 'secretctl'), `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`, {
    mode: 0o755,
  });
  expect(await secretctl(['set', 'db/shop'], { env: home.env, input: password })).toMatchObject({ status: 0 });
  writeFileSync(join(home.path, 'server.log'), `nothing\npassword=${['vQ8r', 'T2mZ'].join('')}\n`);
  writeFileSync(join(home.path, 'session.jsonl'), `${JSON.stringify({ id: 1, result: { text: password } })}\n`);
});
afterAll(() => home.remove());

describe('the commands', () => {
  test.each(commands.filter((line) => line.startsWith('secretctl ')))('%s', async (line) => {
    const env = { ...home.env, PATH: `${home.path}:${home.env['PATH'] ?? ''}` };
    const { status, stdout, stderr } = await run('/bin/sh', ['-c', line], { env, cwd: home.path });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect(`${stdout}${stderr}`).not.toContain(password.slice(0, 5));
    if (line.includes('--report')) expect(stderr).toBe('db/shop: 1\n');
    if (line.includes('--explain'))
      expect(stderr).toMatch(/^line 2, column 10: password \(shape, characters, length 8-15\)/);
  });

  test('the scripts exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = commands.flatMap((line) => /^npm run (\S+)$/.exec(line)?.[1] ?? []);
    expect(named).toEqual(['test:scrub', 'build:scan', 'eval:scrub', 'bench:scrub']);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  test('and nothing else stands in the blocks', () => {
    expect(commands.filter((line) => !/^(?:secretctl|npm run) /.test(line))).toEqual([]);
  });
});

test('the profile is fine', () => {
  const [profile = ''] = blocksOf(document, 'yaml');
  const checked = checkProfile(Buffer.from(profile), 'shop');
  expect(checked).toMatchObject({ problems: [], profile: { redactAllow: [expect.stringMatching(/^sha256:0{64}$/)] } });
});

test('the example of a detector is one that exists', () => {
  const [entry = ''] = blocksOf(document, 'ts');
  const folder = join(root, 'src', 'scrub', 'detectors');
  const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(files.filter((text) => text.includes(entry.trim()))).toHaveLength(1);
  expect(DETECTORS.some(({ name }) => entry.includes(`'${name}'`))).toBe(true);
});
