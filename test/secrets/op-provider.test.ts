// Against a stand-in that honours what is documented of `op`; the real service was never asked.

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseReference } from '../../src/profile/references.js';
import { opProvider } from '../../src/secrets/providers/op.js';
import { PROVIDERS } from '../../src/secrets/providers/index.js';
import { resolveSecrets } from '../../src/secrets/resolve.js';
import { randomPassword } from '../support/credentials.js';
import { refusal } from '../support/errors.js';
import { root } from '../support/project.js';
import { providerContext } from '../support/provider-context.js';

const [TOKEN, KEY] = [randomPassword(), `${randomPassword()}\nsecond line\n`];
const ITEMS = {
  dev: { github: { token: TOKEN, empty: '', 'keys/deploy': KEY, 'one-time password?attribute=otp': '123456' } },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-op-test-'));
  // A program that is found on the PATH, with a line of its own that names the Node that runs the tests.
  const script = readFileSync(join(root, 'test/support/op-stand-in.mjs'), 'utf8').replace(/^.*\n/, '');
  writeFileSync(join(folder, 'stand-in.mjs'), script);
  writeFileSync(join(folder, 'op'), `#!/bin/sh\nexec "${process.execPath}" "${folder}/stand-in.mjs" "$@"\n`);
  chmodSync(join(folder, 'op'), 0o755);
  say({ items: ITEMS });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const say = (what: object): void => writeFileSync(join(folder, 'items.json'), JSON.stringify(what));
const calls = (): unknown[] =>
  readFileSync(join(folder, 'calls'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

function resolve(references: readonly string[]) {
  const sources = references.map((text) => {
    const parsed = parseReference(text);
    if (!parsed.ok) throw new Error(parsed.message);
    return [text, { kind: 'reference' as const, reference: parsed.reference }] as const;
  });
  const env = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    OP_STAND_IN: join(folder, 'items.json'),
    OP_STAND_IN_CALLS: join(folder, 'calls'),
  };
  return resolveSecrets(new Map(sources), PROVIDERS, providerContext({ env }));
}

const values = async (...references: string[]): Promise<unknown[]> =>
  [...(await resolve(references)).values()].map(({ value }) => value);
const failure = async (...references: string[]) => {
  const error = await refusal(() => resolve(references));
  expect(`${error.message} ${error.hint}`).not.toMatch(new RegExp(`${TOKEN.slice(0, 4)}|isn't|template`));
  return error;
};

describe('op://', () => {
  test('one secret is read alone', async () => {
    expect(await values('op://dev/github/token')).toEqual([TOKEN]);
    expect(calls()).toEqual([['read', '--no-newline', 'op://dev/github/token']]);
  });

  test('several are one call, and what has a query is read alone', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('secretctl-op-')).length;
    const otp = 'op://dev/github/one-time password?attribute=otp';
    expect(await values('op://dev/github/token', 'op://dev/github/keys/deploy', otp)).toEqual([TOKEN, KEY, '123456']);
    expect(calls()).toEqual([
      ['inject', '-i', expect.any(String)],
      ['read', '--no-newline', otp],
    ]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('secretctl-op-')).length).toBe(before);
  });

  test('of several, the one that is missing is named', async () => {
    const error = await failure('op://dev/github/token', 'op://dev/github/nope', 'op://dev/other/x', 'op://prod/a/b');
    expect([error.code, error.message]).toEqual([
      'secret-not-found',
      expect.stringContaining('3 secrets cannot be resolved'),
    ]);
    expect(error.message).not.toContain('op://dev/github/token');
    expect(error.hint).toBe("op read 'op://dev/github/nope'");
  });

  test('signed out, dismissed, empty, not installed are told apart', async () => {
    expect((await failure('op://dev/github/empty')).code).toBe('bad-data');
    say({ signedOut: true });
    expect(await failure('op://dev/github/token')).toMatchObject({ code: 'locked', hint: 'op signin' });
    say({ dismissed: true });
    rmSync(join(folder, 'calls'));
    expect(await failure('op://dev/github/token', 'op://a/b/c')).toMatchObject({ code: 'locked' });
    expect(calls()).toHaveLength(1);
    rmSync(join(folder, 'op'));
    expect(await failure('op://dev/github/token')).toMatchObject({
      code: 'command-not-found',
      hint: expect.stringContaining('install'),
    });
    writeFileSync(join(folder, 'op'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    expect((await failure('op://dev/github/token')).code).toBe('unavailable');
  });

  test('under a pin only a service account is asked', () => {
    expect(opProvider.refusesPin(providerContext())).toContain('OP_SERVICE_ACCOUNT_TOKEN');
    expect(opProvider.refusesPin(providerContext({ env: { OP_SERVICE_ACCOUNT_TOKEN: 'x' } }))).toBeUndefined();
    expect(opProvider.refusesPin(providerContext({ env: { OP_CONNECT_HOST: 'x' } }))).toBeDefined();
  });
});
