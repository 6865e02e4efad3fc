// What a launch looks at before it starts a pinned package: is it installed, and which file is started? The rest of this
// room is loaded when it is not.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../canonical.js';
import { SecretctlError } from '../errors.js';
import { isTrustedFolder } from '../process/trusted-folders.js';
import type { PinnedPackage } from '../profile/types.js';
import type { Host } from '../system/host.js';
import { packagesFolder } from '../system/places.js';
import { readSafeFile } from '../system/safe-file.js';
import { findWorkTree } from '../system/work-tree.js';
import { chooseProgram, PYTHON } from './program.js';

export interface PackagePlace {
  /** Of all packages. */
  readonly root: string;
  /** Of this one: it appears whole, by a rename, and nothing in it is changed afterwards. */
  readonly folder: string;
}

/** Written into a package's folder as the last file: what was installed, and what can be started of it. */
export interface Stamp {
  readonly version: 1;
  readonly package: string;
  readonly integrity: string | null;
  readonly tree: string;
  /** Name → file, relative to the folder. */
  readonly programs: Readonly<Record<string, string>>;
}

export const STAMP = 'secretctl-package.json';
const MAX_STAMP_BYTES = 65_536;

export function placeOf(host: Host, { spec, integrity, tree }: PinnedPackage): PackagePlace {
  const root = packagesFolder(host.env, () => host.accountHome, host.platform);
  // Which of its programs is started makes no other package of it.
  const hash = createHash('sha256')
    .update(canonicalBytes({ spec, integrity: integrity ?? null, tree }))
    .digest('hex');
  return { root, folder: join(root, hash.slice(0, 40)) };
}

/** How a package is started. */
export interface Start {
  /** Absolute. */
  readonly command: string;
  /** What stands before the arguments of the profile; the package's own file is the last. */
  readonly args: readonly [...string[], file: string];
}

/** Undefined where the package is not installed. Throws `unsafe-file`, `bad-data`. */
export function findInstalled(host: Host, pinned: PinnedPackage): Start | undefined {
  const { root, folder } = placeOf(host, pinned);
  const stamp = readStamp(join(folder, STAMP), host);
  if (stamp === undefined || !isOf(stamp, pinned)) return undefined;
  requirePrivate(host, root);
  const file = join(folder, chooseProgram(new Map(Object.entries(stamp.programs)), pinned));
  const isPython = pinned.registry === 'pypi';
  // -I: no variable, no folder of the user and none of where it starts says what it imports.
  const start: Start = isPython
    ? { command: join(folder, PYTHON), args: ['-I', file] }
    : { command: host.node, args: [file] };
  return [start.command, file].every(isFile) ? start : undefined;
}

/** A Python that was removed since takes its environments with it. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Throws `unsafe-file` for a folder in which a repository or another user could put programs. */
export function requirePrivate({ platform, uid, node }: Host, root: string): void {
  const workTree = findWorkTree(root);
  if (workTree === undefined && isTrustedFolder(root, { platform, uid, node, distrusted: [] })) return;
  const who = workTree === undefined ? 'another user' : `the repository ${workTree}`;
  throw new SecretctlError('unsafe-file', `packages cannot be kept in ${root}: ${who} can change what is there`);
}

function isOf(stamp: Stamp, { spec, integrity, tree }: PinnedPackage): boolean {
  return stamp.package === spec && stamp.integrity === (integrity ?? null) && stamp.tree === tree;
}

/** Undefined where there is none, or one of another version. */
function readStamp(path: string, { uid }: Host): Stamp | undefined {
  try {
    const rules = { what: 'record of a package', maxBytes: MAX_STAMP_BYTES, forbiddenMode: 0o022, uid };
    const stamp: unknown = JSON.parse(readSafeFile(path, rules).bytes.toString());
    return isStamp(stamp) ? stamp : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

function isStamp(value: unknown): value is Stamp {
  if (typeof value !== 'object' || value === null) return false;
  if (!('version' in value && 'package' in value && 'integrity' in value && 'tree' in value && 'programs' in value)) {
    return false;
  }
  const { version, programs } = value;
  if (version !== 1 || typeof programs !== 'object' || programs === null) return false;
  return Object.values(programs).every((file) => typeof file === 'string');
}
