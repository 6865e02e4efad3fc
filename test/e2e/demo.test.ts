// `npm run demo` shows the leaks and their absence, and leaves nothing: neither at its end nor when it is interrupted.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../support/cli.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { noProcessList, running, treeOf } from '../support/processes.js';
import { root } from '../support/project.js';

const DEMO = join(root, 'dist', 'demo', 'demo.js');
let folder: TemporaryFolder;

beforeEach(async () => {
  // PostgreSQL's account must be able to pass through it.
  folder = await temporaryFolder('secretctl-test-', 0o755);
});
afterEach(() => folder.remove());

test('the demo passes, in plain text when piped', async () => {
  const { status, stdout, stderr } = await run(process.execPath, [DEMO], {
    cwd: folder.path,
    env: { TMPDIR: folder.path, HOME: folder.path },
    deadline: 60_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/the password reached the model [1-9]\d* times, with secretctl 0 times\./);
  expect(stdout).toContain('[REDACTED:db.password]');
  expect(stdout).not.toContain('\u001b');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(readdirSync(folder.path)).toEqual([]);
  expect(noProcessList === undefined ? remains(folder.path) : []).toEqual([]);
}, 90_000);

const interrupted = noProcessList === undefined ? test : test.skip;
if (noProcessList !== undefined) process.stderr.write(`skipped the interrupted demo: ${noProcessList}\n`);
interrupted.each(['SIGINT', 'SIGTERM'] as const)(
  '%s leaves nothing either',
  async (signal) => {
    const child = spawn(process.execPath, [DEMO], {
      env: { PATH: process.env['PATH'], TMPDIR: folder.path, HOME: folder.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The heading comes when everything runs: the database and both servers.
    let shown = '';
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    while (!shown.includes('the model asks')) shown += String(await once(child.stdout, 'data'));
    const tree = new Set(treeOf(child.pid ?? 0).map(({ pid }) => pid));
    expect(tree.size).toBeGreaterThan(3);
    child.kill(signal);
    await once(child, 'exit');
    await until(() => running().every(({ pid }) => !tree.has(pid)) && remains(folder.path).length === 0);
    expect(readdirSync(folder.path)).toEqual([]);
  },
  90_000,
);

/** Processes whose arguments name the folder, as those of the database do. */
function remains(path: string): readonly string[] {
  return running()
    .map(({ command }) => command)
    .filter((command) => command.includes(path));
}

/** The test's own deadline ends the wait. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(50);
}
