// The floors of docs/architecture.md are kept by the linter: each forbidden import is planted, and must be caught.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { root as projectRoot } from './support/project.js';

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'secretctl-floors-'));
  for (const name of ['src', 'oxlint.config.mjs', 'tsconfig.json']) {
    cpSync(join(projectRoot, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function lintWith(file: string, text: string): string {
  const path = join(copy, 'src', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const oxlint = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '-c', 'oxlint.config.mjs', `src/${file}`], {
    cwd: copy,
    encoding: 'utf8',
  });
  rmSync(path);
  return stdout;
}

describe('the linter catches', () => {
  test.each([
    ['a pure room that reads files', 'scrub/planted.ts', "export { readFileSync } from 'node:fs';"],
    ['a pure room that knows the clock', 'scrub/planted.ts', 'export const now = Date.now();'],
    ['a pure room that touches the process', 'profile/planted.ts', 'export const home = process.env;'],
    ['a lower room that imports a higher one', 'vault/planted.ts', "export { launch } from '../launch/launch.js';"],
    ['a room that imports its neighbour', 'relay/planted.ts', "export { openVault } from '../vault/store.js';"],
    ['the launch that imports the command line', 'launch/planted.ts', "export { COMMANDS } from '../cli/commands.js';"],
    ['the process outside of its rooms', 'cli/planted.ts', 'export const home = process.env;'],
    [
      'the SDK on the launch path',
      'relay/planted.ts',
      "export { Client } from '@modelcontextprotocol/sdk/client/index.js';",
    ],
    ['the keychain outside of its home', 'vault/planted.ts', "export { AsyncEntry } from '@napi-rs/keyring';"],
    ['cross-spawn outside of its home', 'launch/planted.ts', "export { default } from 'cross-spawn';"],
  ])('%s', (_, file, text) => {
    expect(lintWith(file, `${text}\n`)).toMatch(/no-restricted-(imports|globals)/);
  });

  test('a circle', () => {
    const text = "import { parsePins } from './pins.js';\nexport const x = parsePins;\n";
    writeFileSync(join(copy, 'src/trust/second.ts'), "export { x } from './planted.js';\n");
    const planted = lintWith('trust/planted.ts', `${text}export { x as y } from './second.js';\n`);
    rmSync(join(copy, 'src/trust/second.ts'));
    expect(planted).toMatch(/no-cycle/);
  });

  test('nothing in a room that keeps to its floor', () => {
    expect(lintWith('trust/planted.ts', "export { openVault } from '../vault/store.js';\n")).toMatch(/0 errors/);
  });
});

test('no file has more than 400 lines', () => {
  const files = ['src', 'test', 'demo'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const long = files.filter(
    (file) => file.endsWith('.ts') && readFileSync(join(projectRoot, file), 'utf8').split('\n').length > 401,
  );
  expect(long).toEqual([]);
});
