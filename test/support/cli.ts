// Runs the bundle as users do, with an environment that holds nothing of the person who runs the tests.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { bundle } from './project.js';

export interface Run {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to `cleanEnv`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Everything on stdin; none is an empty stdin, never a terminal. */
  readonly input?: string;
  /** After so many milliseconds the process is killed and the run fails. Default 20 s. */
  readonly deadline?: number;
}

/** Environment of every command that tests start: `home` is a temporary folder that the test owns. */
export function cleanEnv(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, SECRETCTL_HOME: home };
}

export function secretctl(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return run(process.execPath, [bundle, ...args], options);
}

/** Any command, its output collected. Throws only when it cannot be started or outlives its deadline. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { env = {}, cwd = tmpdir(), input = '', deadline = 20_000 } = options;
  // A session of its own: the terminal that the tests run on is nothing that a command could ask.
  const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'], ...env }, detached: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, deadline);
  // A command that refuses before it reads its stdin is no failure of the test.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (late) throw new Error(`${command} did not end in time\n${stdout}\n${stderr}`);
    return { status: child.exitCode, signal: child.signalCode, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

/** With the processes that the command has started. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // ended in this very moment
  }
}
