import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseReference } from '../../src/profile/references.js';
import { toolRunner } from '../../src/process/tool.js';
import { PROVIDERS } from '../../src/secrets/providers/index.js';
import { resolveSecrets, type ResolveOptions } from '../../src/secrets/resolve.js';
import { randomPassword } from '../support/credentials.js';
import { refusal } from '../support/errors.js';
import { providerContext } from '../support/provider-context.js';

const VALUE = randomPassword();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-providers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function resolve(text: string, more: Partial<ResolveOptions> = {}): Promise<string | undefined> {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const sources = new Map([['it', { kind: 'reference' as const, reference: parsed.reference }]]);
  const context = { ...providerContext({ profileFolder: folder, ...more }), ...more };
  return (await resolveSecrets(sources, PROVIDERS, context)).get('it')?.value;
}

async function failure(text: string, more: Partial<ResolveOptions> = {}): Promise<string> {
  const error = await refusal(() => resolve(text, more));
  expect(`${error.message} ${error.hint ?? ''}`).not.toContain(VALUE);
  return error.code;
}

function file(name: string, text: string | Buffer, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

describe('env://', () => {
  test('reads the launcher’s environment', async () => {
    expect(await resolve('env://IT', { env: { IT: VALUE } })).toBe(VALUE);
    expect(await resolve('env://IT#/a', { env: { IT: JSON.stringify({ a: VALUE }) } })).toBe(VALUE);
  });

  test('tells missing from empty, and hands on none of our own settings', async () => {
    expect(await failure('env://ABSENT')).toBe('secret-not-found');
    expect(await failure('env://IT', { env: { IT: '' } })).toBe('bad-data');
    expect(await failure('env://SECRETCTL_KEY_FILE', { env: { SECRETCTL_KEY_FILE: VALUE } })).toBe('not-permitted');
  });
});

describe('file://', () => {
  test('reads a private file, beside the profile or anywhere, without the newline at its end', async () => {
    const path = file('token', `${VALUE}\n`);
    expect(await resolve('file://token')).toBe(VALUE);
    expect(await resolve('file://./token')).toBe(VALUE);
    expect(await resolve(`file://${path}`)).toBe(VALUE);
    file('two', 'a\nb\n\n');
    expect(await resolve('file://two')).toBe('a\nb\n');
    file('json', JSON.stringify({ db: { password: VALUE } }));
    expect(await resolve('file://json#/db/password')).toBe(VALUE);
    file('raw', Buffer.of(0xff, 0, 1));
    expect(await resolve('file://raw?encode=base64')).toBe('/wAB');
    file('a b', VALUE);
    expect(await resolve('file://a%20b')).toBe(VALUE);
  });

  test('refuses what others could read, and what is no file', async () => {
    file('open', VALUE, 0o644);
    expect(await failure('file://open')).toBe('unsafe-file');
    symlinkSync(file('target', VALUE), join(folder, 'link'));
    expect(await failure('file://link')).toBe('unsafe-file');
    mkdirSync(join(folder, 'folder'), { mode: 0o700 });
    expect(await failure('file://folder')).toBe('unsafe-file');
    expect(await failure('file:///dev/zero')).toBe('unsafe-file');
    expect(await failure('file://absent')).toBe('secret-not-found');
    file('empty', '');
    expect(await failure('file://empty')).toBe('bad-data');
    file('raw', Buffer.of(0xff, 0, 1));
    expect(await failure('file://raw')).toBe('bad-data');
    expect(await failure('file://raw?encode=hex')).toBe('bad-profile');
  });
});

describe('exec://', () => {
  const node = process.execPath;
  const says = (script: string, query = ''): string => `exec://${node}?args=-e,${encodeURIComponent(script)}${query}`;

  test('runs a command without a shell', async () => {
    expect(await resolve(says(`console.log(${JSON.stringify(VALUE)} + "  ")`))).toBe(VALUE);
    expect(await resolve(says('process.stdout.write("a \\n")', '&trim=false'))).toBe('a \n');
    expect(await resolve(says('console.log(process.env.IT)', `&env_IT=${encodeURIComponent(VALUE)}`))).toBe(VALUE);
    expect(await resolve('exec://printf/%25s/$HOME%20%2F;x')).toBe('$HOME /;x');
  });

  test('has neither a terminal nor our own settings nor our stdin', async () => {
    const script =
      'process.stdin.on("end", () => console.log(JSON.stringify([process.stdin.isTTY, Object.keys(process.env).filter((name) => name.startsWith("SECRETCTL"))]))).resume()';
    expect(await resolve(says(script), { env: { SECRETCTL_HOME: '/x' } })).toBe('[null,[]]');
  });

  test('is no program of a repository, which could change it', async () => {
    const program = file('program', '#!/bin/sh\necho x\n', 0o755);
    symlinkSync(program, join(folder, 'linked'));
    const { platform } = process;
    const { env, uid } = providerContext();
    const runTool = (distrusted: string[]) =>
      toolRunner({ env, platform, uid, node, profileFolder: folder, distrusted, packaged: true });
    expect(await resolve(`exec://${program}`, { runTool: runTool([]) })).toBe('x');
    expect(await failure(`exec://${program}`, { runTool: runTool([folder]) })).toBe('not-permitted');
    expect(await failure(`exec://${join(folder, 'linked')}`, { runTool: runTool([folder]) })).toBe('not-permitted');
  });

  test('fails by its status, its time, its output', async () => {
    expect(await failure(says(`console.log(${JSON.stringify(VALUE)}); process.exit(3)`))).toBe('unavailable');
    expect(await failure(says('setTimeout(() => {}, 60000)', '&timeout=1'))).toBe('timeout');
    expect(await failure(says('setTimeout(() => {}, 60000)'), { deadlineMs: 300 })).toBe('timeout');
    expect(await failure(says('process.stdout.write("x".repeat(2000000))'))).toBe('bad-data');
    expect(await failure(says('process.stdout.write(Buffer.of(255))'))).toBe('bad-data');
    expect(await failure(says(';'))).toBe('bad-data');
    expect(await failure('exec://no-such-command')).toBe('command-not-found');
    expect(await failure(says(';', '&timeout=never'))).toBe('bad-profile');
  });
});

describe('every provider', () => {
  test.each(Object.keys(PROVIDERS).filter((scheme) => !['secret', 'ENC', 'op', 'vault', 'bao'].includes(scheme)))(
    '%s is not asked under a pin',
    async (scheme) => {
      const example = {
        env: 'env://A',
        file: 'file:///a',
        exec: 'exec://true',
        keyring: 'keyring://a/b',
        pass: 'pass://a',
      }[scheme];
      expect(await failure(example ?? '', { pinned: true })).toBe('not-permitted');
    },
  );
});
