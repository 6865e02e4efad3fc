// Processes of `npm run bench:relay`: whatever happens, none outlives it, and none but those that it started is ended. And what
// Linux says of one of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const running = new Set();
/** Milliseconds that a process has to end after the end of its input. */
const PATIENCE = 3000;
/** Always 100 for programs, whatever the kernel counts in. */
const TICKS_PER_SECOND = 100;

/** stderr goes nowhere: nobody shall wait for a reader of it. */
export function start([command, ...args], { cwd, env }) {
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  // A process that could not be started, or has ended before it read its input, is seen by its missing answers.
  child.on('error', () => running.delete(child));
  child.stdin.on('error', () => undefined);
  return child;
}

/** Ends its input, as clients do. The servers behind it end with theirs. */
export async function end(child) {
  if (!running.has(child)) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const exited = once(child, 'exit');
  child.stdin.end();
  // What nobody reads would keep it.
  child.stdout.resume();
  await exited;
  clearTimeout(timer);
}

/** Cannot wait: for the exit of the benchmark. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

export const hasProc = process.platform === 'linux';

/** Seconds of processor time that one process, its children not among them, has had. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name, in which anything may stand.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = fields.slice(11, 13).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

/** Megabytes: `now` resident, and the `most` that ever were. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const field = (name) => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
  return { now: field('VmRSS') / 1e6, most: field('VmHWM') / 1e6 };
}
