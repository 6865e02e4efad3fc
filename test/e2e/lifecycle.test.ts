// Every way to end × servers that behave, that are stubborn, and that have children: the status is right, nobody is left.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomPassword } from '../support/credentials.js';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { running } from '../support/processes.js';
import { bundle, root } from '../support/project.js';

const fixture = join(root, 'test', 'fixtures', 'servers', 'lifecycle.mjs');
const flood = join(root, 'test', 'fixtures', 'clients', 'flood.mjs');
const REQUEST = '{"jsonrpc":"2.0","id":1,"method":"initialize"}\n';

let home: Home;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.remove());

let profiles = 0;
async function launch(manners: string, more = ''): Promise<ChildProcessWithoutNullStreams> {
  const name = `lifecycle-${profiles++}`;
  const words = manners.split(' ').filter((word) => word !== '');
  const pin = await home.addProfile(name, nodeProfile(name, [fixture, ...words], more));
  const env = { ...home.env, SECRETCTL_TRUST: pin };
  return spawn(process.execPath, [bundle, 'mcp-launch', name], { env, cwd: home.path });
}

/** The pids of the server and its child, once it has answered. */
async function pidsOf(launcher: ChildProcessWithoutNullStreams): Promise<number[]> {
  launcher.stdin.write(REQUEST);
  const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
  return (JSON.parse(line) as { result: { pids: number[] } }).result.pids;
}

async function statusOf(launcher: ChildProcessWithoutNullStreams): Promise<number | string | null> {
  const [code, signal] = (await once(launcher, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}

async function until(holds: () => boolean, milliseconds: number): Promise<boolean> {
  // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
  for (let tries = 0; tries < milliseconds / 25 && !holds(); tries++) await setTimeout(25);
  return holds();
}

function areGone(pids: number[], milliseconds = 1000): Promise<boolean> {
  return until(() => !running().some(({ pid }) => pids.includes(pid)), milliseconds);
}

describe('when the client closes stdin', () => {
  test.each([
    ['a server that behaves', ''],
    ['one that ignores it', 'ignore-end'],
    ['one that ignores SIGTERM too', 'ignore-term'],
    ['one with a child that ignores it', 'ignore-end fork'],
    ['one with a child that ignores SIGTERM too', 'ignore-term fork'],
    ['one that has closed its own stdin', 'ignore-end close-in'],
    ['one that has closed its own stdout', 'ignore-end close-out'],
    ['one with a child that never stops talking', 'fork chatty ignore-end'],
  ])('%s is gone, and the status is 0', async (_, manners) => {
    const launcher = await launch(manners);
    const pids = await pidsOf(launcher);
    launcher.stdin.end();
    expect(await statusOf(launcher)).toBe(0);
    expect(await areGone(pids)).toBe(true);
  });

  test('a request in flight is still answered', async () => {
    const launcher = await launch('slow');
    launcher.stdin.end(REQUEST);
    const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
    expect(JSON.parse(line)).toMatchObject({ id: 1 });
    expect(await statusOf(launcher)).toBe(0);
  });
});

describe('shutdown.grace', () => {
  test.each([
    ['a server that needs longer is ended', '', 0],
    ['lets it finish', 'shutdown:\n  grace: 10s\n', 1],
  ])('%s', async (_, grace, goodByes) => {
    const launcher = await launch('late=1200', grace);
    await pidsOf(launcher);
    const lines: string[] = [];
    createInterface({ input: launcher.stdout }).on('line', (line) => lines.push(line));
    launcher.stdin.end();
    expect(await statusOf(launcher)).toBe(0);
    expect(lines.length).toBe(goodByes);
  });
});

test('server.maxLine: a longer answer becomes an error, and the relay lives on', async () => {
  const launcher = await launch('long=200000', '  maxLine: 128KiB\n');
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
  const errorFor = async (id: number): Promise<unknown> => {
    launcher.stdin.write(REQUEST.replace('"id":1', `"id":${id}`));
    const { value } = (await lines.next()) as { value: string };
    return JSON.parse(value);
  };
  const error = { code: 70, message: expect.stringContaining('longer than 131072 bytes (server.maxLine)') };
  expect(await errorFor(1)).toMatchObject({ id: 1, error });
  expect(await errorFor(2)).toMatchObject({ id: 2, error });
  launcher.stdin.end();
  expect(await statusOf(launcher)).toBe(0);
});

describe('when the client is killed', () => {
  test('a server that does not read what was sent to it goes with it', async () => {
    const name = `lifecycle-${profiles++}`;
    const pin = await home.addProfile(name, nodeProfile(name, [fixture, 'deaf', 'ignore-end'], ''));
    const env = { ...home.env, SECRETCTL_TRUST: pin };
    const client = spawn(process.execPath, [flood, process.execPath, bundle, 'mcp-launch', name], { env });
    const [line] = (await once(createInterface({ input: client.stdout }), 'line')) as [string];
    const { launcher, pids } = JSON.parse(line) as { launcher: number; pids: number[] };
    client.kill('SIGKILL');
    expect(await areGone([launcher, ...pids], 4000)).toBe(true);
  });
});

describe('when the launcher is killed', () => {
  test.each([
    ['a server that behaves', ''],
    ['one that ignores the end of its input', 'ignore-end'],
    ['one that ignores SIGTERM too, with a child that does so', 'ignore-term fork'],
  ])('%s is gone within three seconds, and so is the watchdog', async (_, manners) => {
    const launcher = await launch(manners);
    const pids = await pidsOf(launcher);
    launcher.kill('SIGKILL');
    expect(await statusOf(launcher)).toBe('SIGKILL');
    expect(await areGone(pids, 3000)).toBe(true);
    const isWatched = (): boolean => running().some(({ command }) => command.includes(`secretctl-watchdog ${pids[0]}`));
    expect(await until(() => !isWatched(), 3000)).toBe(true);
  });

  test('a client that starts it, asks one thing and kills it, leaves nothing behind', async () => {
    const launchers = await Promise.all(Array.from({ length: 3 }, () => launch('ignore-end fork')));
    const pids = await Promise.all(launchers.map(pidsOf));
    await setTimeout(200);
    for (const launcher of launchers) launcher.kill('SIGKILL');
    expect(await areGone(pids.flat(), 3000)).toBe(true);
  });
});

describe('a request that will not be answered', () => {
  test.each([
    ['a server that dies before it reads anything', 'early=3', 3, 'exited with status 3'],
    ['one that dies at its first request', 'exit=4', 4, 'exited with status 4'],
    ['one that a signal ends', 'die=SIGSEGV', 139, 'was ended by SIGSEGV'],
  ])('%s: the error holds the end of its stderr, scrubbed', async (_, manners, status, how) => {
    const token = randomPassword();
    await home.demand(['set', 'api/token'], `${token}\n`);
    const said = encodeURIComponent(`Error: cannot connect\n  with \u001b[31m${token}\u001b[0m, giving up`);
    const launcher = await launch(`${manners} words=${said}`, 'env:\n  TOKEN: secret://api/token\n');
    launcher.stdin.write('{"jsonrpc":"2.0","id":"a\\u0062","method":"initialize"}\n');
    const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
    expect(line).toContain('"id":"a\\u0062"');
    const { error } = JSON.parse(line) as { error: { code: number; message: string } };
    expect(error.code).toBe(69);
    expect(error.message).toContain(`secretctl: the server ${how} before it answered; the end of its stderr:`);
    expect(error.message).toMatch(/Error: cannot connect\n {2}with \[REDACTED:[^\]]+\], giving up$/);
    expect(await statusOf(launcher)).toBe(status);
  });

  test('a request without a newline, to a server that is ended because the client left', async () => {
    const launcher = await launch('silent ignore-term', 'tools:\n  deny: [drop]\n');
    const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
    launcher.stdin.end(REQUEST.trimEnd());
    const { value } = (await lines.next()) as { value: string };
    const message = expect.stringContaining('because the client closed its input');
    expect(JSON.parse(value)).toMatchObject({ id: 1, error: { code: 69, message } });
    expect(await statusOf(launcher)).toBe(0);
  });

  test('a server with nothing to say: the error says that', async () => {
    const launcher = await launch('exit=0');
    launcher.stdin.write(REQUEST + REQUEST.replace('"id":1', '"id":2'));
    const lines: string[] = [];
    createInterface({ input: launcher.stdout }).on('line', (line) => lines.push(line));
    expect(await statusOf(launcher)).toBe(0);
    const messages = lines.map((line) => JSON.parse(line) as { id: number; error: { message: string } });
    expect(messages.map(({ id }) => id)).toEqual([1, 2]);
    expect(messages[0]?.error.message).toContain('exited with status 0 before it answered; it wrote nothing to stderr');
  });

  test('a client that never asks is not waited for longer than two seconds', async () => {
    const launcher = await launch('early=5');
    expect(await statusOf(launcher)).toBe(5);
  });

  test('a server that misses the start-up deadline', async () => {
    const launcher = await launch('silent ignore-end', '  startupTimeout: 300ms\n');
    launcher.stdin.write(REQUEST);
    const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
    const message = expect.stringContaining('wrote nothing within 300 ms (server.startupTimeout) and was ended');
    expect(JSON.parse(line)).toMatchObject({ id: 1, error: { code: 69, message } });
    expect(await statusOf(launcher)).toBe(124);
  });
});

describe('a client that is slow', () => {
  test('still gets the whole last answer of a server that has ended', async () => {
    const launcher = await launch('reply=5000000');
    launcher.stdin.write(REQUEST);
    await setTimeout(3000);
    const chunks: Buffer[] = [];
    launcher.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    expect(await statusOf(launcher)).toBe(0);
    const answer = JSON.parse(Buffer.concat(chunks).toString()) as { result: { text: string } };
    expect(answer.result.text.length).toBe(5_000_000);
  });

  test('and does not read stderr at all, still gets its answer', async () => {
    const launcher = await launch('noise=5000000');
    expect((await pidsOf(launcher)).length).toBe(1);
    launcher.stdin.end();
    expect(await statusOf(launcher)).toBe(0);
  });
});

test('a refusal reaches a client that has closed stderr', async () => {
  const launcher = spawn(process.execPath, [bundle, 'mcp-launch', 'nowhere'], { env: home.env, cwd: home.path });
  launcher.stderr.destroy();
  launcher.stdin.write(REQUEST);
  const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ id: 1, error: { code: 66 } });
  expect(await statusOf(launcher)).toBe(66);
});

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('when %s reaches the launcher', (signal) => {
  test.each([
    ['a server that behaves', ''],
    ['one that ignores SIGTERM, with a child that does too', 'ignore-term fork'],
  ])('%s is gone, and the status says which signal', async (_, manners) => {
    const launcher = await launch(manners);
    const pids = await pidsOf(launcher);
    launcher.kill(signal);
    expect(await statusOf(launcher)).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
    expect(await areGone(pids)).toBe(true);
  });
});

describe('when the server ends by itself', () => {
  test.each([
    ['with a status', 'exit=7', 7],
    ['with success', 'exit=0', 0],
    ['by a signal', 'die=SIGSEGV', 139],
    ['by SIGKILL', 'die=SIGKILL', 137],
  ])('%s, ours is the same', async (_, manners, status) => {
    const launcher = await launch(manners);
    launcher.stdin.write(REQUEST);
    expect(await statusOf(launcher)).toBe(status);
  });

  test('its child is ended too', async () => {
    const launcher = await launch('ignore-term fork');
    const [server = 0, child = 0] = await pidsOf(launcher);
    process.kill(server, 'SIGKILL');
    expect(await statusOf(launcher)).toBe(137);
    expect(await areGone([child])).toBe(true);
  });
});

test('when the client goes away altogether, so do we', async () => {
  const launcher = await launch('ignore-term fork');
  const pids = await pidsOf(launcher);
  launcher.stdout.destroy();
  launcher.stderr.destroy();
  launcher.stdin.destroy();
  expect(await statusOf(launcher)).toBe(0);
  expect(await areGone(pids)).toBe(true);
});

test('a server that stays silent is ended at the start-up deadline', async () => {
  const launcher = await launch('silent ignore-term', '  startupTimeout: 300ms\n');
  launcher.stdin.write(REQUEST);
  expect(await statusOf(launcher)).toBe(124);
});
