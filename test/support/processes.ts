// What the kernel tells every user about running processes: the place where a password in an argument shows.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Running {
  readonly pid: number;
  readonly parent: number;
  /** Arguments, parted by spaces. */
  readonly command: string;
}

/** Why processes cannot be listed here; undefined where they can. */
export const noProcessList = existsSync('/proc/self/cmdline') ? undefined : 'this system has no /proc';

/** Every process that can be seen now, but for those that have ended and wait for their parent to notice. */
export function running(): readonly Running[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (/^State:\s*[ZX]/m.test(status)) return [];
      const parent = /^PPid:\s*(\d+)$/m.exec(status)?.[1];
      return [{ pid: Number(pid), parent: Number(parent), command }];
    } catch {
      return []; // ended while we looked
    }
  });
}

/** `pid` and everything below it. */
export function treeOf(pid: number, all = running()): readonly Running[] {
  const own = all.filter((one) => one.pid === pid);
  const children = all.filter((one) => one.parent === pid);
  return [...own, ...children.flatMap((child) => treeOf(child.pid, all))];
}

/** Whole contents of every regular file below `folder`, by path. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return new Map(paths.filter((path) => statSync(path).isFile()).map((path) => [path, readFileSync(path, 'latin1')]));
}
