import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../src/system/lock.js';
import { isSurelyDead, ownIdentity } from '../../src/system/process-identity.js';
import { notRun, refusal } from '../support/errors.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-lock-'));
  path = join(folder, 'x.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { what: 'the thing', waitMs: 60 };

/** The pid of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const leave = (owner: object): void => writeFileSync(path, JSON.stringify({ ...ownIdentity(), ...owner }));

function old(text: string): void {
  writeFileSync(path, text);
  utimesSync(path, new Date(Date.now() - 3000), new Date(Date.now() - 3000));
}

describe('a lock', () => {
  test('names its owner while it is held, and is gone after', async () => {
    const result = await withLock(path, options, () => JSON.parse(readFileSync(path, 'utf8')));
    expect(result).toEqual(ownIdentity());
    expect(existsSync(path)).toBe(false);
  });

  test('is gone after a failure too', async () => {
    const failing = withLock(path, options, () => Promise.reject(new Error('inner')));
    await expect(failing).rejects.toThrow('inner');
    expect(existsSync(path)).toBe(false);
  });

  test('lets one in at a time', async () => {
    let inside = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(inside).toBe(1);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(path, { what: 'the thing' }, work)));
  });

  test('that is held is waited for, then named', async () => {
    leave({});
    const error = await refusal(() => withLock(path, options, () => 'never'));
    expect(error).toMatchObject({ code: 'vault-busy', message: `the thing is in use by process ${process.pid}` });
    expect(error.hint).toContain(`rm ${path}`);
    expect(existsSync(path)).toBe(true);
  });

  test('that cannot be made is an error, not a wait', async () => {
    const missing = join(folder, 'no', 'x.lock');
    expect((await refusal(() => withLock(missing, options, () => 'never'))).code).toBe('io');
  });

  test('that was taken away is noticed, and the one of another is left alone', async () => {
    const error = await refusal(() =>
      withLock(path, options, (lock) => {
        lock.assertHeld();
        rmSync(path);
        leave({ pid: 1 });
        lock.assertHeld();
      }),
    );
    expect(error.code).toBe('vault-busy');
    expect(existsSync(path)).toBe(true);
  });
});

describe('a stale lock is taken over', () => {
  test.each<[string, () => void]>([
    ['its process has ended', () => leave({ pid: deadPid() })],
    ['its pid was given to another process', () => leave({ start: '1' })],
    ['the machine was started again', () => leave({ boot: 'another' })],
    ['its owner died before writing', () => old('')],
    ['its owner died while writing', () => old('{"pid":')],
    ['its bytes never reached the disk', () => old('\0'.repeat(90))],
  ])('when %s', async (_name, prepare) => {
    prepare();
    expect(await withLock(path, options, () => 'done')).toBe('done');
  });

  test('once, when many see it at the same time', async () => {
    leave({ pid: deadPid() });
    let inside = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      expect(inside).toBe(1);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLock(path, { what: 'the thing' }, work)));
  });

  test('also when a process died in the middle of taking over', async () => {
    leave({ pid: deadPid() });
    writeFileSync(`${path}.takeover`, '');
    utimesSync(`${path}.takeover`, new Date(Date.now() - 3000), new Date(Date.now() - 3000));
    expect(await withLock(path, { what: 'the thing' }, () => 'done')).toBe('done');
    expect(existsSync(`${path}.takeover`)).toBe(false);
  });
});

describe('what is no lock is refused, and stays', () => {
  test.each<[string, () => void]>([
    ['a FIFO', () => void spawnSync('mkfifo', [path])],
    ['a folder', () => mkdirSync(path)],
    ['a link', () => symlinkSync('/dev/zero', path)],
  ])('%s', async (_name, prepare) => {
    prepare();
    expect((await refusal(() => withLock(path, options, () => 'never'))).code).toBe('io');
    expect(lstatSync(path).isFile()).toBe(false);
  });

  test('a takeover that cannot be taken over ends in time', async () => {
    leave({ pid: deadPid() });
    mkdirSync(`${path}.takeover`);
    utimesSync(`${path}.takeover`, new Date(Date.now() - 3000), new Date(Date.now() - 3000));
    expect((await refusal(() => withLock(path, options, () => 'never'))).code).toBe('vault-busy');
  });
});

test.each<[string, () => void]>([
  ['of another host', () => leave({ host: 'elsewhere', boot: 'another', pid: deadPid() })],
  ['just made and still empty', () => writeFileSync(path, '')],
  ['just made and half written', () => writeFileSync(path, '{"pid":')],
  ['of a shape that is not known', () => old('{"pid":"1"}')],
])('a lock %s is never taken over', async (_name, prepare) => {
  prepare();
  expect((await refusal(() => withLock(path, options, () => 'never'))).code).toBe('vault-busy');
});

test('a zombie counts as dead', async () => {
  if (!existsSync('/proc/self/stat')) return notRun('there is no /proc here');
  // The shell becomes a sleep before its child ends, and a sleep never asks for the status of a child.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const fields = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const start = fields()[19] ?? '';
    while (fields()[0] !== 'Z') await sleep(5);
    expect(isSurelyDead({ ...ownIdentity(), pid, start })).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});
