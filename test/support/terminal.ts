// The bundle under a pseudo-terminal, with a person's answers: util-linux `script` makes the terminal, no native module.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { bundle } from './project.js';

/** What to wait for in the output since the last answer, and what to type then (with its newline). */
export type Dialogue = readonly (readonly [prompt: RegExp, answer: string])[];

export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly dialogue?: Dialogue;
  /** After so many milliseconds everything is ended and the call fails with the transcript. Default 20 s. */
  readonly deadline?: number;
}

export interface Transcript {
  readonly status: number | null;
  /** All that the terminal showed: both streams and echoed answers, with plain newlines. */
  readonly screen: string;
}

/** Why there is no terminal here; undefined where there is one. Tests print it when they skip. */
export function noTerminal(): string | undefined {
  const version = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (version.error !== undefined) return 'the program "script" is not installed';
  return version.stdout.includes('util-linux') ? undefined : 'the program "script" is not the one of util-linux';
}

/** Runs the bundle on a terminal; throws when a prompt does not appear or the command does not end. */
export function terminal(args: readonly string[], options: TerminalOptions = {}): Promise<Transcript> {
  return onTerminal([process.execPath, bundle, ...args], options);
}

export async function onTerminal(words: readonly string[], options: TerminalOptions = {}): Promise<Transcript> {
  const { env = {}, cwd = tmpdir(), dialogue = [], deadline = 20_000 } = options;
  const command = `exec ${words.map(quoted).join(' ')}`;
  const child = spawn('script', ['-q', '-f', '-e', '-c', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), deadline);
  child.stdin.on('error', () => undefined);
  const { screen, left } = converse(child.stdout, (answer) => child.stdin.write(answer), dialogue);
  await once(child, 'close');
  clearTimeout(timer);
  child.stdin.end();
  const shown = screen().replaceAll('\r', '');
  if (child.killed) throw new Error(`not ended in time, waiting for ${String(left())}; the screen:\n${shown}`);
  return { status: child.exitCode, screen: shown };
}

/** Types each answer when its prompt is on the screen, below everything the earlier answers were typed to. */
function converse(output: NodeJS.ReadableStream, type: (answer: string) => void, dialogue: Dialogue) {
  let screen = '';
  let seen = 0;
  const waiting = [...dialogue];
  output.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const [next] = waiting;
    if (next === undefined || !next[0].test(screen.slice(seen))) return;
    seen = screen.length;
    waiting.shift();
    type(next[1]);
  });
  return { screen: () => screen, left: () => waiting[0]?.[0] };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
