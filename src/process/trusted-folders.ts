// Folders that programs may be taken from. A client's configuration can set PATH, and a repository can bring one along.

import { realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, sep } from 'node:path';

const STICKY = 0o1000;
const SYSTEM = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin'];

export interface FolderContext {
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  /** The Node that runs us: who could put a program beside it could replace it as well. */
  readonly node: string;
  readonly distrusted: readonly string[];
}

/** Folders that no variable can move: beside the running Node, and those of the system. */
export function systemPath(context: FolderContext): string[] {
  const folders = [dirname(context.node), ...(context.platform === 'win32' ? [] : SYSTEM)];
  return folders.filter((folder) => isTrustedFolder(folder, context));
}

/** Absolute, there, in no distrusted work tree, and neither it nor a folder above it can be changed by another user. */
export function isTrustedFolder(folder: string, context: FolderContext): boolean {
  if (!isAbsolute(folder)) return false;
  try {
    const real = realpathSync(folder);
    if (!statSync(real).isDirectory()) return false;
    if (context.distrusted.some((root) => isInside(real, root) || isInside(folder, root))) return false;
    return context.uid === undefined || [real, ...ancestors(real)].every((each) => isOurs(statSync(each), context.uid));
  } catch {
    return false;
  }
}

export function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** In a folder with the sticky bit (`/tmp`), others can add but not replace. */
function isOurs({ uid, gid, mode }: Stats, user: number | undefined): boolean {
  if (uid !== 0 && uid !== user) return false;
  if ((mode & STICKY) !== 0) return true;
  // A group of the system's own (Homebrew and Debian let one write to /usr/local) is the administrator's choice.
  const groupMayWrite = (mode & 0o020) !== 0 && !(uid === 0 && gid < 1000);
  return (mode & 0o002) === 0 && !groupMayWrite;
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...ancestors(parent)];
}
