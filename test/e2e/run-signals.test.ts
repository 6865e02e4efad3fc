// Signals that reach `run`: passed on at once, and told by the exit status as the contract says.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomPassword } from '../support/credentials.js';
import { newHome, type Home } from '../support/home.js';
import { bundle } from '../support/project.js';

let home: Home;
beforeAll(async () => {
  home = await newHome();
  await home.demand(['set', 'api/token'], randomPassword());
});
afterAll(() => home.remove());

async function signalled(script: string, signal: NodeJS.Signals): Promise<unknown> {
  const args = [bundle, 'run', '-k', 'api/token', '--', '/bin/sh', '-c', script];
  const child = spawn(process.execPath, args, { env: home.env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (chunk.includes('ready')) child.kill(signal);
  });
  const [status] = await once(child, 'close');
  return [status, text];
}

test.each([
  ['trap "echo ended; exit 0" TERM; echo ready; while :; do sleep 0.05; done', 'SIGTERM', 143, 'ready\nended\n'],
  ['echo ready; exec sleep 20', 'SIGTERM', 143, 'ready\n'],
  ['echo ready; exec sleep 20', 'SIGHUP', 129, 'ready\n'],
  ['trap "echo int; exit 3" INT; echo ready; while :; do sleep 0.05; done', 'SIGINT', 130, 'ready\nint\n'],
] as const)('%s: %s', async (script, signal, status, text) => {
  expect(await signalled(script, signal)).toEqual([status, text]);
});
