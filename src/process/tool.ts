// Runs another program for an answer: a password manager's command line, a helper of the system. No shell, no terminal, a
// deadline, and a limit to what it may say.

import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import crossSpawn from 'cross-spawn';
import { SecretctlError, systemCode } from '../errors.js';
import { loadsCode } from '../profile/env-names.js';
import type { Environment } from '../system/host.js';
import { type CommandContext, findOnPath, trustedPath } from './command.js';
import { isInside } from './trusted-folders.js';

export interface ToolRequest {
  /** A name that is looked up on the trusted PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** Written to its stdin; without it stdin is empty. */
  readonly input?: string;
  /** On top of the launcher's own environment; undefined takes a variable away. */
  readonly env?: Environment;
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

export interface ToolResult {
  /** 128+n for a signal. */
  readonly status: number;
  readonly stdout: Buffer;
  /** For telling failures apart; may hold a value, so never shown. */
  readonly stderr: string;
}

/** Throws `command-not-found`, `timeout` (the signal's reason), `bad-data` for more than 1 MiB of output, `unavailable`. */
export type RunTool = (request: ToolRequest) => Promise<ToolResult>;

const MAX_OUTPUT = 1024 * 1024;

export function toolRunner(context: CommandContext): RunTool {
  return async (request) => {
    request.signal.throwIfAborted();
    const path = trustedPath({ ...context, packaged: true });
    const command = findOnPath(request.command, path, context);
    if (command === undefined) {
      throw new SecretctlError('command-not-found', `the program "${request.command}" was not found on the PATH`);
    }
    refuseOwnPrograms(command, context);
    return run(command, request, toolEnvironment(context.env, path, request.env), context.platform);
  };
}

/** Approving a plan approves no program that the repository can change afterwards. */
function refuseOwnPrograms(command: string, { distrusted }: CommandContext): void {
  const paths = [command, realpathSync(command)];
  if (!distrusted.some((root) => paths.some((path) => isInside(path, root)))) return;
  const message = 'the program lies in a repository, which can change it';
  throw new SecretctlError('not-permitted', message, 'keep it outside of the repository');
}

/** All that the tool may need to find its own settings and sessions, but nothing that makes it load code or is ours. */
function toolEnvironment(env: Environment, path: string, more: Environment = {}): Record<string, string> {
  const names = Object.keys(env).filter((name) => !isCode(name) && !name.startsWith('SECRETCTL_'));
  const entries = [
    ...names.map((name) => [name, env[name]] as const),
    ['PATH', path] as const,
    ...Object.entries(more),
  ];
  const chosen = new Map(entries);
  return Object.fromEntries([...chosen].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function isCode(name: string): boolean {
  return loadsCode(name) && name !== 'SHELL';
}

async function run(
  command: string,
  request: ToolRequest,
  env: Record<string, string>,
  platform: NodeJS.Platform,
): Promise<ToolResult> {
  const { args, input, signal, cwd = '/' } = request;
  // A group, and so no terminal, of its own: it cannot prompt where a protocol runs, and its children end with it.
  const detached = platform !== 'win32';
  const child = crossSpawn(command, [...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    detached,
  });
  const kill = (): void => killGroup(child, detached);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(startFailure(request.command, error)));
      child.once('close', (code, name) => resolve(code ?? 128 + (name === null ? 0 : constants.signals[name])));
    });
    send(child.stdin, input);
    const [status, stdout, stderr] = await Promise.all([ended, collect(child.stdout), collect(child.stderr)]);
    signal.throwIfAborted();
    return { status, stdout, stderr: stderr.toString() };
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function killGroup(child: ReturnType<typeof crossSpawn>, isGroup: boolean): void {
  try {
    if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // Gone already.
  }
}

function send(stdin: Writable | null, input: string | undefined): void {
  // A program that reads nothing closes it: its status says what happened.
  stdin?.on('error', () => undefined);
  stdin?.end(input);
}

async function collect(stream: Readable | null): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  if (stream === null) return Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_OUTPUT) throw new SecretctlError('bad-data', 'the program wrote more than 1 MiB');
  }
  return Buffer.concat(chunks);
}

function startFailure(command: string, error: unknown): SecretctlError {
  return new SecretctlError(
    'unavailable',
    `the program "${command}" could not be started (${systemCode(error) ?? '?'})`,
  );
}
