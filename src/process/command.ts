// Which program a profile starts: looked up once, in folders that nobody but the user and the system can fill.

import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { delimiter, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { SecretctlError } from '../errors.js';
import { findWorkTree } from '../system/work-tree.js';
import type { ResolvedCommand } from '../profile/types.js';
import type { Environment } from '../system/host.js';

export interface CommandContext {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** Folder of the profile's file; a command written as a relative path starts there. */
  readonly profileFolder: string;
  /** Git work trees whose folders may not offer programs: that of the profile and that of the working directory. */
  readonly distrusted: readonly string[];
}

/** The PATH that look-up uses and the child gets: absolute, existing folders that neither everybody nor the repository can fill. */
export function trustedPath(context: CommandContext): string {
  const entries = (context.env['PATH'] ?? '').split(delimiter);
  return entries.filter((entry) => isTrustedFolder(entry, context)).join(delimiter);
}

/**
 * `path` is absolute and as found: a symbolic link may decide what the program does (a Python venv, a version manager's
 * shim). `realPath` is what it leads to; trust covers both. `sha256` is set for a command that the profile names by a
 * path, because then whoever changes the profile's folder changes the program.
 */
export function resolveCommand(written: string, context: CommandContext): ResolvedCommand {
  const path = isPath(written) ? commandFile(written, context) : commandOnPath(written, context);
  const realPath = realpathSync(path);
  const byContent = isPath(written) && !isAbsolute(written);
  return {
    written,
    path,
    realPath,
    insideWorkTree: findWorkTree(dirname(realPath)) !== undefined || findWorkTree(dirname(path)) !== undefined,
    ...(byContent ? { sha256: createHash('sha256').update(readFileSync(realPath)).digest('hex') } : {}),
  };
}

function isPath(written: string): boolean {
  return written.includes('/') || written.includes(sep);
}

function commandFile(written: string, context: CommandContext): string {
  const path = resolve(context.profileFolder, written);
  if (isExecutable(path)) return path;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
    throw new SecretctlError('not-executable', `the command ${path} is not executable`, `chmod +x ${path}`);
  }
  throw new SecretctlError('command-not-found', `there is no command ${path}`, 'correct server.command in the profile');
}

function commandOnPath(name: string, context: CommandContext): string {
  const found = lookUp(name, trustedPath(context), context);
  if (found !== undefined) return found;
  const distrusted = lookUp(name, context.env['PATH'] ?? '', context);
  if (distrusted === undefined) {
    throw new SecretctlError(
      'command-not-found',
      `there is no command "${name}" on the PATH`,
      `install "${name}", or write its absolute path in the profile`,
    );
  }
  throw new SecretctlError(
    'command-not-found',
    `the command "${name}" was found only as ${distrusted}, in a folder that the repository or every user can write to`,
    `write its absolute path in the profile if it is the right one`,
  );
}

function lookUp(name: string, path: string, context: CommandContext): string | undefined {
  const endings = context.platform === 'win32' && extname(name) === '' ? windowsEndings(context.env) : [''];
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** Some clients give their children no PATHEXT. */
function windowsEndings(env: Environment): string[] {
  return (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isTrustedFolder(entry: string, context: CommandContext): boolean {
  if (!isAbsolute(entry)) return false;
  try {
    const real = realpathSync(entry);
    const stats = statSync(real);
    const openToAll = context.platform !== 'win32' && (stats.mode & 0o002) !== 0;
    return (
      stats.isDirectory() &&
      !openToAll &&
      !context.distrusted.some((root) => isInside(real, root) || isInside(entry, root))
    );
  } catch {
    return false;
  }
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
