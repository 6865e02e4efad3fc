// A vault with a passphrase and a key file: the key file lets servers start, and only the passphrase lets a value out.
// Where the stories do not reach: a terminal to type at, with stdout elsewhere, and keys that are no text.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, run, secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { notRun } from '../support/errors.js';
import { temporaryFolder } from '../support/leave-nothing.js';
import { bundle } from '../support/project.js';
import { noTerminal, onTerminal, terminal, type Dialogue } from '../support/terminal.js';

const PASSPHRASE = randomPassword();
const VALUE = randomPassword();
const WITHOUT = noTerminal();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await temporaryFolder('secretctl-owner-');
  env = cleanEnv(folder.path);
  if (WITHOUT !== undefined) return;
  await terminal(['init'], {
    env,
    dialogue: [
      [/Passphrase/, `${PASSPHRASE}\n`],
      [/again/, `${PASSPHRASE}\n`],
    ],
  });
  await terminal(['vault', 'slots', 'add', 'keyfile'], { env, dialogue: [[/Passphrase/, `${PASSPHRASE}\n`]] });
  await secretctl(['set', 'api/token'], { env, input: VALUE });
}, 60_000);
afterAll(() => folder.remove());

const onShell = (command: string, dialogue: Dialogue) =>
  onTerminal(['sh', '-c', command.replace('secretctl', `'${process.execPath}' '${bundle}'`)], { env, dialogue });

describe('with the key file alone', () => {
  test.each(['--stdout', '--reveal'])('get %s hands nothing out', async (flag) => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const { status, stdout, stderr } = await secretctl(['get', 'api/token', flag], { env });
    expect([status, stdout]).toEqual([77, '']);
    expect(stderr).toContain('needs a terminal');
    expect((await secretctl(['get', 'api/token'], { env })).status).toBe(0);
  });
});

describe('on a terminal', () => {
  test('get --stdout asks there, and writes to the file', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const path = join(folder.path, 'out');
    const dialogue = [[/Passphrase/, `${PASSPHRASE}\n`]] as const;
    const { status, screen } = await onShell(`secretctl get api/token --stdout > '${path}'`, dialogue);
    expect([status, screen.includes(VALUE), screen.includes(PASSPHRASE)]).toEqual([0, false, false]);
    expect(screen).toContain('Passphrase of the vault: ');
    expect(readFileSync(path, 'utf8')).toBe(VALUE);
  });

  test('get --reveal asks for the passphrase first', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const options = { env, dialogue: [[/Passphrase/, `${PASSPHRASE}\n`]] } as const;
    const { status, screen } = await terminal(['get', 'api/token', '--reveal'], options);
    expect(status).toBe(0);
    expect(screen.indexOf('Passphrase of the vault: ')).toBeGreaterThan(-1);
    expect(screen.indexOf(VALUE)).toBeGreaterThan(screen.indexOf('Passphrase of the vault: '));
  });

  test('a wrong passphrase three times reveals nothing', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const wrong = [/Passphrase/, 'something else\n'] as const;
    const { status, screen } = await terminal(['get', 'api/token', '--reveal'], {
      env,
      dialogue: [wrong, wrong, wrong],
    });
    expect([status, screen.includes(VALUE)]).toEqual([77, false]);
  });

  test('a value is one line: of a paste with more nothing is stored', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const second = randomPassword();
    const options = { env, dialogue: [[/Value of/, `${VALUE}\n${second}\n`]] } as const;
    const { status, screen } = await terminal(['set', 'api/pasted', '--field', 'key'], options);
    expect([status, screen.includes(VALUE), screen.includes(second)]).toEqual([65, false, false]);
    expect(screen).toContain('more than one line was pasted, nothing was stored');
    expect(screen).toContain('secretctl set api/pasted --field key < FILE');
    expect((await secretctl(['get', 'api/pasted'], { env })).status).toBe(66);
  });

  test('Ctrl-C at a hidden prompt ends as it does everywhere', async () => {
    if (WITHOUT !== undefined) return notRun(WITHOUT);
    const options = { env, dialogue: [[/Value of/, 'abc\u0003']] } as const;
    const { status, screen } = await terminal(['set', 'api/other'], options);
    expect([status, screen.includes('abc')]).toEqual([130, false]);
  });
});

test('a value that the disk does not take is a failure', async () => {
  const other = await temporaryFolder('secretctl-full-');
  try {
    const full = cleanEnv(other.path);
    await secretctl(['init', '--key-file'], { env: full });
    await secretctl(['set', 'x'], { env: full, input: VALUE });
    const words = [`'${process.execPath}' '${bundle}' get x --stdout > /dev/full`];
    expect((await run('sh', ['-c', ...words], { env: full })).status).toBe(74);
  } finally {
    await other.remove();
  }
});

test('a long value passes a slow reader whole', async () => {
  const other = await temporaryFolder('secretctl-long-');
  try {
    const long = cleanEnv(other.path);
    const text = VALUE.repeat(Math.floor(130_000 / VALUE.length));
    await secretctl(['init', '--key-file'], { env: long });
    await secretctl(['set', 'x'], { env: long, input: text });
    const reader = join(other.path, 'reader.cjs');
    writeFileSync(reader, 'setTimeout(() => process.stdin.pipe(process.stdout), 200);');
    const command = `'${process.execPath}' '${bundle}' get x --stdout | '${process.execPath}' '${reader}'`;
    expect((await run('sh', ['-c', command], { env: long })).stdout).toBe(text);
  } finally {
    await other.remove();
  }
});
