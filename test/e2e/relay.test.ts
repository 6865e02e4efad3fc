// What the relay promises of bytes, order, memory and number, on real processes. docs/protocol.md names each of these.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AWKWARD_LINES } from '../support/awkward.js';
import { randomPassword } from '../support/credentials.js';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { noProcessList } from '../support/processes.js';
import { bundle, root } from '../support/project.js';

const pour = join(root, 'test', 'fixtures', 'servers', 'pour.mjs');
const REQUEST = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';

let home: Home;
beforeAll(async () => {
  home = await newHome();
  await home.demand(['set', 'api/token'], `${randomPassword()}\n`);
});
afterAll(() => home.remove());

let profiles = 0;
async function launcherOf(what: string): Promise<() => ChildProcessWithoutNullStreams> {
  const name = `pour-${profiles++}`;
  const pin = await home.addProfile(name, nodeProfile(name, [pour, what], 'env:\n  TOKEN: secret://api/token\n'));
  const env = { ...home.env, SECRETCTL_TRUST: pin };
  return () => spawn(process.execPath, [bundle, 'mcp-launch', name], { env, cwd: home.path });
}
const launch = async (what: string): Promise<ChildProcessWithoutNullStreams> => (await launcherOf(what))();

/** Everything that `launcher` writes, once it has ended. */
async function outputOf(launcher: ChildProcessWithoutNullStreams): Promise<Buffer> {
  const chunks: Buffer[] = [];
  launcher.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  launcher.stderr.resume();
  await once(launcher, 'close');
  return Buffer.concat(chunks);
}

function residentMegabytes(pid: number | undefined): number {
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

describe('lines that other relays drop or rewrite go to the server and come back as the very bytes', () => {
  const input = Buffer.concat(AWKWARD_LINES.flatMap((line) => [line, Buffer.from('\n')]));
  const pieces = (size: number): Buffer[] =>
    Array.from({ length: Math.ceil(input.length / size) }, (_, at) => input.subarray(at * size, (at + 1) * size));

  test.each([
    ['in one write', input.length],
    ['in pieces of seven bytes', 7],
    ['one byte per write', 1],
  ])('%s', async (_, size) => {
    const launcher = await launch('echo');
    const output = outputOf(launcher);
    for (const piece of pieces(size)) {
      // oxlint-disable-next-line no-await-in-loop -- the pieces shall not be joined on their way
      await new Promise((resolve) => launcher.stdin.write(piece, resolve));
    }
    launcher.stdin.end();
    expect((await output).toString('latin1')).toBe(input.toString('latin1'));
  });
});

test('100,000 notifications arrive, in order', async () => {
  const lines = (await outputOf(await launch('count=100000'))).toString().trimEnd().split('\n');
  const wrong = lines.findIndex((line, at) => line !== `{"jsonrpc":"2.0","method":"n","params":{"n":${at}}}`);
  expect([lines.length, wrong]).toEqual([100_000, -1]);
});

test('a line of nearly 64 MiB arrives as it was', async () => {
  const launcher = await launch('echo');
  const output = outputOf(launcher);
  const text = 'größe 東京 '.repeat(4_400_000);
  const line = Buffer.from(`{"jsonrpc":"2.0","method":"n","params":{"text":"${text}"}}\n`);
  launcher.stdin.end(line);
  expect(line.length).toBeGreaterThan(65_000_000);
  expect((await output).equals(line)).toBe(true);
});

test('20 launches at once are all answered', async () => {
  const start = await launcherOf('noise=0');
  const launchers = Array.from({ length: 20 }, start);
  const answers = launchers.map(async (launcher) => {
    launcher.stdin.end(REQUEST);
    return (await outputOf(launcher)).toString();
  });
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['{"jsonrpc":"2.0","id":1,"result":{}}\n']));
});

test('50 MB of stderr without a newline hold nobody up', async () => {
  const launcher = await launch('noise=50000000');
  launcher.stdin.write(REQUEST);
  launcher.stderr.resume();
  const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ id: 1 });
  launcher.stdin.end();
  await once(launcher, 'close');
});

const onLinux = noProcessList === undefined ? test : test.skip;
if (noProcessList !== undefined) process.stderr.write(`memory is not measured: ${noProcessList}\n`);

onLinux(
  'a client that stops reading stops the server, memory stays under 120 MB, and nothing is lost',
  async () => {
    const launcher = await launch('flood=200000000');
    await setTimeout(2000);
    const resident = residentMegabytes(launcher.pid);
    launcher.stdin.write(REQUEST);
    let [bytes, answered] = [0, false];
    launcher.stderr.resume();
    launcher.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (chunk.toString('latin1', chunk.length - 40).includes('"id":1,"result":{}}')) answered = true;
      if (answered) launcher.stdin.end();
    });
    await once(launcher, 'close');
    expect(answered).toBe(true);
    expect(bytes).toBeGreaterThan(200_000_000);
    expect(resident).toBeLessThan(120);
  },
  60_000,
);
