// Starts the MCP server: no shell, its own process group, three pipes.

import type { Readable, Writable } from 'node:stream';
import { statSync } from 'node:fs';
import crossSpawn from 'cross-spawn';
import { SecretctlError, systemCode } from '../errors.js';
import { shellWord } from '../system/safe-text.js';

export interface Child {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly kill: (name: NodeJS.Signals) => boolean;
  /** Watched from the first moment: whoever asks late misses nothing. */
  readonly exited: Promise<Exit>;
}

/** Exactly one of the two is set. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnRequest {
  /** Absolute. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
}

/** Resolves when the process runs; rejects with `command-not-found`, `not-executable`, `config` or `unavailable`. */
export async function spawnServer(request: SpawnRequest): Promise<Child> {
  requireFolder(request.cwd);
  const child = start(request);
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  await started(child, request.command);
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null || stderr === null || pid === undefined) {
    throw new SecretctlError('internal', 'the child has no pipes');
  }
  return {
    stdin,
    stdout,
    stderr,
    pid,
    kill: (name) => child.kill(name),
    exited,
  };
}

function requireFolder(path: string): void {
  if (isFolder(path)) return;
  const message = `the working directory ${path} is no folder that can be entered`;
  throw new SecretctlError('config', message, 'correct server.cwd in the profile');
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Some errors (E2BIG) are thrown, others come as an event. */
function start(request: SpawnRequest): ReturnType<typeof crossSpawn> {
  try {
    return crossSpawn(request.command, [...request.args], {
      cwd: request.cwd,
      env: request.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      // On POSIX a group of its own, so that grandchildren (npx starts a shell starts node) can be ended together.
      detached: request.platform !== 'win32',
    });
  } catch (error) {
    throw spawnError(error, request.command);
  }
}

function started(child: ReturnType<typeof crossSpawn>, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(spawnError(error, command)));
  });
}

export function spawnError(error: unknown, command: string): SecretctlError {
  const code = systemCode(error) ?? 'unknown error';
  // The file itself was seen a moment ago: what is missing is the interpreter that its first line names.
  if (code === 'ENOENT')
    return new SecretctlError(
      'command-not-found',
      `${command} or the interpreter that it names was not found`,
      'put the interpreter on the PATH',
    );
  if (code === 'EACCES' || code === 'ENOEXEC')
    return new SecretctlError(
      'not-executable',
      `${command} cannot be executed (${code})`,
      `chmod +x ${shellWord(command)}`,
    );
  if (code === 'E2BIG')
    return new SecretctlError(
      'config',
      `the environment or the arguments for ${command} are too large`,
      'shorten the values that the profile injects',
    );
  return new SecretctlError('unavailable', `${command} could not be started (${code})`, 'try again');
}
