// Which program a profile starts: looked up once, in folders that nobody but the user and the system can fill.

import { createHash } from 'node:crypto';
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { ResolvedCommand } from '../profile/types.js';
import type { Environment } from '../system/host.js';
import { shellWord } from '../system/safe-text.js';
import { findWorkTree } from '../system/work-tree.js';
import { isInside, isTrustedFolder, systemPath } from './trusted-folders.js';

export interface CommandContext {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** Effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** The Node that runs us. */
  readonly node: string;
  /** Folder of the profile's file; a command written as a relative path starts there. */
  readonly profileFolder: string;
  /** Git work trees whose folders may not offer programs: that of the profile and that of the working directory. */
  readonly distrusted: readonly string[];
  /** A profile that may run without anybody's approval: then the system's folders come first. */
  readonly packaged: boolean;
}

/** A larger program is not hashed in the time of a start. */
const MAX_HASHED_BYTES = 256 * 1024 * 1024;

/** The PATH that look-up uses and the child gets: absolute, existing folders that nobody else and no repository can fill. */
export function trustedPath(context: CommandContext): string {
  const entries = (context.env['PATH'] ?? '').split(delimiter).filter((entry) => isTrustedFolder(entry, context));
  const folders = context.packaged ? [...systemPath(context), ...entries] : entries;
  return [...new Set(folders)].join(delimiter);
}

/**
 * `path` is absolute and as found: a symbolic link may decide what the program does (a Python venv, a version manager's
 * shim). `realPath` is what it leads to; trust covers both. `sha256` is set for a command that the profile brings along,
 * because then whoever changes its repository changes the program.
 */
export function resolveCommand(written: string, context: CommandContext): ResolvedCommand {
  const path = isPath(written) ? commandFile(written, context) : commandOnPath(written, context);
  const realPath = realpathSync(path);
  const own = [context.profileFolder, findWorkTree(context.profileFolder)];
  const isOwn = isPath(written) && own.some((root) => root !== undefined && isInside(realPath, root));
  return {
    written,
    path,
    realPath,
    insideWorkTree: findWorkTree(dirname(realPath)) !== undefined || findWorkTree(dirname(path)) !== undefined,
    fromSystem: systemPath(context).includes(dirname(path)),
    ...(isOwn || isRelative(written) ? { sha256: hashOf(realPath) } : {}),
  };
}

/** Right before the start: the program is still the one that was approved. Throws `untrusted`. */
export function requireSameCommand({ path, realPath, sha256 }: ResolvedCommand): void {
  if (realpathSync(path) === realPath && (sha256 === undefined || hashOf(realPath) === sha256)) return;
  throw new SecretctlError('untrusted', `the command ${path} was replaced during the launch`, 'secretctl trust NAME');
}

function isPath(written: string): boolean {
  return written.includes('/') || written.includes(sep);
}

function isRelative(written: string): boolean {
  return isPath(written) && !isAbsolute(written);
}

function hashOf(path: string): string {
  if (statSync(path).size > MAX_HASHED_BYTES) {
    throw new SecretctlError(
      'unsafe-file',
      `the command ${path} is too large to be checked`,
      'keep it outside of the repository',
    );
  }
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function commandFile(written: string, context: CommandContext): string {
  const path = resolve(context.profileFolder, written);
  if (isExecutable(path)) return path;
  if (isFile(path)) {
    throw new SecretctlError('not-executable', `the command ${path} is not executable`, `chmod +x ${shellWord(path)}`);
  }
  throw new SecretctlError('command-not-found', `there is no command ${path}`, 'correct server.command in the profile');
}

function commandOnPath(name: string, context: CommandContext): string {
  const found = lookUp(name, trustedPath(context), context);
  if (found !== undefined) return found;
  const distrusted = lookUp(name, context.env['PATH'] ?? '', context);
  if (distrusted === undefined) {
    const hint = `install "${name}", or write its absolute path in the profile`;
    throw new SecretctlError('command-not-found', `there is no command "${name}" on the PATH`, hint);
  }
  throw new SecretctlError(
    'command-not-found',
    `the command "${name}" was found only as ${distrusted}, in a folder that the repository or another user can fill`,
    'write its absolute path in the profile if it is the right one',
  );
}

/** A name on this PATH, or an absolute path that can be executed. */
export function findOnPath(written: string, path: string, context: CommandContext): string | undefined {
  if (isPath(written)) return isAbsolute(written) && isExecutable(written) ? written : undefined;
  return lookUp(written, path, context);
}

function lookUp(name: string, path: string, context: CommandContext): string | undefined {
  const endings = context.platform === 'win32' && extname(name) === '' ? windowsEndings(context.env) : [''];
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return candidates.find(isExecutable);
}

/** Some clients give their children no PATHEXT. */
function windowsEndings(env: Environment): string[] {
  return (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
