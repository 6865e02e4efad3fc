// The pages about the formats say how to read a vault and a sealed profile without secretctl. That is done here, to the letter.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from './support/cli.js';
import { randomPassword } from './support/credentials.js';
import { parseJson } from './support/data.js';
import { notRun } from './support/errors.js';
import { newHome, type Home } from './support/home.js';
import { blocksOf } from './support/markdown.js';
import { bundle, root } from './support/project.js';

const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8');
const hasOpenssl = (spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '').startsWith('OpenSSL 3');
const withOpenssl = hasOpenssl ? test : test.skip;
if (!hasOpenssl) notRun('OpenSSL 3 is not installed');

const PASSWORD = `${randomPassword()}é\n`;
let home: Home;
let env: Record<string, string>;
beforeAll(async () => {
  home = await newHome();
  mkdirSync(join(home.path, 'bin'), { mode: 0o700 });
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`;
  writeFileSync(join(home.path, 'bin', 'secretctl'), shim, { mode: 0o755 });
  env = { ...home.env, PATH: `${join(home.path, 'bin')}:${home.env['PATH'] ?? ''}` };
});
afterAll(() => home.remove());

withOpenssl('a vault is read with a shell and OpenSSL', async () => {
  await home.demand(['set', 'api/token'], PASSWORD);
  await home.demand(['set', 'db', '--json'], JSON.stringify({ host: 'h', password: PASSWORD }));
  const [script = ''] = blocksOf(page('vault-format.md'), 'sh');
  const { status, stderr } = await run('/bin/sh', ['-ec', script], { env, cwd: home.path });
  expect([status, stderr]).toEqual([0, '']);
  const lines = readFileSync(join(home.path, 'entries.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => parseJson(line))).toEqual([
    expect.objectContaining({ name: 'api/token', value: PASSWORD.trimEnd() }),
    expect.objectContaining({ name: 'db', value: { host: 'h', password: PASSWORD } }),
  ]);
});

withOpenssl('a sealed value is opened with OpenSSL and a few lines of Node', async () => {
  const identity = join(home.path, 'me.pem');
  await home.demand(['identity', 'new', '--no-passphrase', '--out', identity]);
  const profile = 'secretctl: 1\nname: shop\nserver:\n  command: node\nenv:\n  PGPASSWORD: ""\n';
  writeFileSync(join(home.path, 'shop.yaml'), profile, { mode: 0o600 });
  env = { ...env, SECRETCTL_IDENTITY: identity };
  const seal = ['seal', 'shop.yaml', '--field', 'env.PGPASSWORD'];
  const sealed = await run(process.execPath, [bundle, ...seal], { env, cwd: home.path, input: PASSWORD });
  expect([sealed.status, sealed.stderr]).toEqual([0, expect.stringContaining('sealed env.PGPASSWORD')]);
  const document = page('seal-format.md');
  const [, commands = ''] = blocksOf(document, 'sh');
  const [program = ''] = blocksOf(document, 'js');
  writeFileSync(join(home.path, 'open-value.mjs'), program);
  const { status, stdout, stderr } = await run('/bin/sh', ['-ec', commands], { env, cwd: home.path });
  expect([status, stderr, stdout]).toEqual([0, '', PASSWORD.trimEnd()]);
});

withOpenssl('a value that OpenSSL has made is signed, and opened by both', async () => {
  const identity = join(home.path, 'own.pem');
  const inHome = { env: { ...env, SECRETCTL_IDENTITY: identity, VALUE: PASSWORD }, cwd: home.path };
  await home.demand(['identity', 'new', '--no-passphrase', '--out', identity]);
  const certificate = 'openssl req -x509 -key own.pem -subj /CN=own -out me.crt && cp own.pem me.pem';
  expect((await run('/bin/sh', ['-ec', certificate], inHome)).status).toBe(0);
  const [commands = ''] = blocksOf(page('seal-format.md'), 'sh');
  const { status, stdout } = await run('/bin/sh', ['-ec', commands], inHome);
  expect([status, stdout]).toEqual([0, PASSWORD]);
  const secretctl = (...args: string[]) => run(process.execPath, [bundle, ...args], inHome);
  const message = readFileSync(join(home.path, 'value.b64'), 'utf8');
  const start = 'secretctl: 1\nname: own\nserver:\n  command: node\nenv:\n';
  writeFileSync(join(home.path, 'own.yaml'), `${start}  OTHER: SEAL[x]\n  TOKEN: ENC[CMS,${message}]\n`, {
    mode: 0o600,
  });
  const sealed = (await secretctl('seal', 'own.yaml')).stderr;
  expect(sealed).toContain('sealed env.OTHER');
  expect(sealed).toContain('warning: the message at /env/TOKEN was taken over as it is');
  expect((await secretctl('unseal', 'own.yaml', '--field', 'env.TOKEN', '--stdout')).stdout).toBe(PASSWORD);
});
