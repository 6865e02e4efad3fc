import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { SecretctlError } from '../../../src/errors.js';
import type { VaultEntry } from '../../../src/vault/entry.js';
import { formatExport, parseImport } from '../../../src/vault/exchange/index.js';
import { randomPassword } from '../../support/credentials.js';
import { notRun, refusal } from '../../support/errors.js';
import { entry } from '../../support/exchange.js';

const PASSWORD = randomPassword();

/** What a shell exports after `. file`, for these variables. */
function readByShell(file: string, variables: readonly string[]): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-env-'));
  try {
    writeFileSync(join(folder, 'file'), file);
    const print = 'console.log(JSON.stringify(process.env))';
    const script = `set -a; . "$1"; exec "$2" -e '${print}'`;
    const args = ['-c', script, 'sh', join(folder, 'file'), process.execPath];
    const { stdout, stderr } = spawnSync('/bin/sh', args, { encoding: 'utf8', env: {} });
    expect(stderr).toBe('');
    const all = JSON.parse(stdout) as Record<string, string>;
    return Object.fromEntries(variables.map((name) => [name, all[name] ?? 'not set']));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('an export of variables', () => {
  test('has one line for a text, and one for each field', () => {
    const db = new Map([
      ['user', 'app'],
      ['password', "it's"],
    ]);
    expect(formatExport('env', [entry('db/shop', db), entry('2fa', '"$x`\\'), entry('A', 'a\nb')])).toBe(
      `DB_SHOP_USER='app'\nDB_SHOP_PASSWORD="it's"\n_2FA='"$x\`\\'\nA='a\nb'\n`,
    );
    expect(formatExport('env', [])).toBe('');
  });

  test.each([
    ["it's", true],
    ["'", true],
    [String.raw`it's a \d`, true],
    ["it's\nso # much", true],
    [`it's "so"`, false],
    ["it's $5", false],
    ["it`s '", false],
    [String.raw`it's \n`, false],
    [String.raw`it's \\`, false],
    ["it's \\", false],
    ["it's \\\n", false],
    ['a\rb', false],
    [PASSWORD, true],
    [`${PASSWORD}'`, false],
  ])('of %j: %s', async (value, isPossible) => {
    const format = (): string => formatExport('env', [entry('a', value)]);
    if (!isPossible) {
      const error = await refusal(format);
      expect([error.code, error.message]).toEqual(['bad-data', expect.stringMatching(/^a cannot stand in a file/)]);
      if (value.length > 2) expect(error.message).not.toContain(value);
      return;
    }
    expect(parseEnv(format())).toEqual({ A: value });
    if (process.platform !== 'win32') expect(readByShell(format(), ['A'])).toEqual({ A: value });
  });

  test.each<[string, readonly VaultEntry[], string]>([
    ['two secrets', [entry('a/b', 'x'), entry('A-B', 'y')], 'a/b and A-B would both be the variable A_B'],
    [
      'a field and a secret',
      [entry('a', new Map([['b', 'x']])), entry('a.b', 'y')],
      'a#b and a.b would both be the variable A_B',
    ],
  ])('refuses one variable for %s', async (_name, entries, message) => {
    expect((await refusal(() => formatExport('env', entries))).message).toBe(message);
  });

  test('is read back alike by Node, by a shell and by the import', async () => {
    if (process.platform === 'win32') return notRun('there is no /bin/sh');
    const character = fc.oneof(
      fc.constantFrom(...`'"\`$\\#=!~*?;&|<>(){}[]%^ \n\tnx`.split('')),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((text) => !/[\0\r]/.test(text)),
    );
    const value = fc.string({ unit: character, minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 40 }), async (values) => {
        const entries = values.map((text, index) => entry(`v${index}`, text)).filter(isWritable);
        const expected = Object.fromEntries(entries.map((each) => [each.name.toUpperCase(), each.value]));
        const file = formatExport('env', entries);
        expect({ ...parseEnv(file) }).toEqual(expected);
        expect(readByShell(file, Object.keys(expected))).toEqual(expected);
        const { secrets } = await parseImport('env', file);
        expect(Object.fromEntries(secrets.map((secret) => [secret.name, secret.value]))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

function isWritable(each: VaultEntry): boolean {
  try {
    formatExport('env', [each]);
    return true;
  } catch (error) {
    if (error instanceof SecretctlError) return false;
    throw error;
  }
}
