// Starts the command of `run`: a program that a person named, in their own terminal and working directory.

import type { Readable } from 'node:stream';
import crossSpawn from 'cross-spawn';
import { SecretctlError, systemCode } from '../errors.js';
import { type Exit, spawnError } from './spawn.js';

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** False: the program writes straight to our own stdout and stderr, terminals included. */
  readonly piped: boolean;
}

export interface Running {
  /** Undefined where they are our own. */
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  readonly kill: (name: NodeJS.Signals) => void;
  readonly exited: Promise<Exit>;
}

/**
 * stdin is ours, and the child stays in our process group: a terminal's keys reach it as they reach us. Throws
 * `command-not-found`, `not-executable`, `config`, `unavailable`.
 */
export async function startCommand({ command, args, cwd, env, piped }: RunRequest): Promise<Running> {
  const output = piped ? 'pipe' : 'inherit';
  const child = tryStart(() =>
    crossSpawn(command, [...args], { cwd, env, stdio: ['inherit', output, output], shell: false, windowsHide: true }),
  );
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(failureOf(error, command)));
  });
  return {
    stdout: child.stdout ?? undefined,
    stderr: child.stderr ?? undefined,
    kill: (name) => void child.kill(name),
    exited,
  };

  function tryStart<T>(start: () => T): T {
    try {
      return start();
    } catch (error) {
      throw failureOf(error, command);
    }
  }
}

/** A name without a path was looked for. */
function failureOf(error: unknown, command: string): SecretctlError {
  if (systemCode(error) !== 'ENOENT' || /[/\\]/.test(command)) return spawnError(error, command);
  return new SecretctlError('command-not-found', `there is no command "${command}" on the PATH`, 'secretctl help run');
}
