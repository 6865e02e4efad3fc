// Installs a pinned package: 1. the lock file beside the profile is the one that was pinned; 2. npm fetches exactly what it
// names, into a temporary folder, with scripts off; 3. the folder gets its stamp, and its name. Whatever fails before the
// rename leaves nothing that a launch would use.

import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SecretctlError } from '../errors.js';
import { isInside } from '../process/trusted-folders.js';
import { asArgument } from '../profile/as-argument.js';
import type { PinnedPackage, ProfileSource } from '../profile/types.js';
import { makePrivateFolder, temporaryName, writeFailure } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { withLock } from '../system/lock.js';
import { readSafeFile } from '../system/safe-file.js';
import { findWorkTree } from '../system/work-tree.js';
import { findInstalled, placeOf, requirePrivate, STAMP, type Stamp } from './installed.js';
import {
  formatLockFile,
  type LockFile,
  manifestFor,
  MAX_LOCK_BYTES,
  parseLockFile,
  placeOf as placeInLock,
  requirePinned,
} from './lock-file.js';
import { npmRunner } from './npm.js';
import { chooseProgram, isForNode, programsOf } from './program.js';

/** The profile that names the package. */
export type PackageSource = Pick<ProfileSource, 'name' | 'origin' | 'path' | 'workTree'>;

export interface InstallRequest {
  readonly source: PackageSource;
  /** Typed by a person, or started by a client. */
  readonly byPerson: boolean;
  readonly signal: AbortSignal;
  /** Packages that are there, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

const DEADLINE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 200;

/** The lock file of a profile: `shop.lock.json` beside `shop.yaml`. */
export function lockFileOf(profile: string): string {
  return join(dirname(profile), `${basename(profile).replace(/\.ya?ml$/, '')}.lock.json`);
}

/** The absolute file that Node starts. Of many that install the same package one does, and the others wait for it. */
export async function installPackage(host: Host, pinned: PinnedPackage, request: InstallRequest): Promise<string> {
  const lock = readLockFile(host, pinned, request.source);
  const { root, folder } = placeOf(host, pinned);
  try {
    makePrivateFolder(root);
  } catch (error) {
    throw writeFailure(root, error);
  }
  requirePrivate(host, root);
  const options = { what: `the package ${pinned.spec}`, waitMs: DEADLINE_MS, signal: request.signal };
  return withLock(`${folder}.lock`, options, async () => {
    const found = findInstalled(host, pinned);
    if (found !== undefined) return found;
    await removeLeftovers(root, folder);
    await installInto(folder, host, pinned, lock, request);
    return required(findInstalled(host, pinned), pinned);
  });
}

function readLockFile({ uid }: Host, pinned: PinnedPackage, source: PackageSource): LockFile {
  const path = lockFileOf(source.path);
  const hint = `secretctl profile pin ${asArgument(source, source.name)}`;
  const rules = { what: 'lock file', maxBytes: MAX_LOCK_BYTES, forbiddenMode: 0o022, uid, rootMayOwn: true };
  try {
    const lock = parseLockFile(readSafeFile(path, rules).bytes.toString(), path, hint);
    requirePinned(lock, pinned, { what: path, hint });
    return lock;
  } catch (error) {
    if (!(error instanceof SecretctlError) || error.code !== 'file-not-found') throw error;
    throw new SecretctlError('file-not-found', `${error.message}, which belongs beside the profile`, hint);
  }
}

function retryOf(source: PackageSource): string {
  return `secretctl prefetch ${asArgument(source, source.name)}`;
}

async function installInto(
  folder: string,
  host: Host,
  pinned: PinnedPackage,
  lock: LockFile,
  request: InstallRequest,
): Promise<void> {
  const temporary = temporaryName(folder);
  const signal = AbortSignal.any([request.signal, deadline(pinned, retryOf(request.source))]);
  try {
    await mkdir(temporary, { mode: 0o700 });
    await writeFile(join(temporary, 'package.json'), JSON.stringify(manifestFor(pinned.name, pinned.version)));
    await writeFile(join(temporary, 'package-lock.json'), formatLockFile(lock));
    await fetchAll(host, { temporary, spec: pinned.spec, lock, ...request, signal });
    const stamp = stampOf(temporary, pinned);
    // A package that cannot be started is not installed.
    chooseProgram(new Map(Object.entries(stamp.programs)), pinned);
    await writeFile(join(temporary, STAMP), JSON.stringify(stamp), { mode: 0o600, flag: 'wx' });
    await rename(temporary, folder);
  } catch (error) {
    await removeFolder(temporary);
    throw writeFailure(temporary, error);
  }
}

interface Fetch extends InstallRequest {
  readonly temporary: string;
  readonly spec: string;
  readonly lock: LockFile;
}

async function fetchAll(
  host: Host,
  { temporary, spec, lock, source, byPerson, signal, onProgress }: Fetch,
): Promise<void> {
  const places = [...lock.packages.keys()];
  const isThere = (place: string): boolean => existsSync(join(temporary, place, 'package.json'));
  const look = (): void => onProgress?.(places.filter(isThere).length, places.length);
  const timer = onProgress === undefined ? undefined : setInterval(look, LOOK_EVERY_MS);
  try {
    const distrusted = [findWorkTree(host.cwd), source.workTree].filter((tree) => tree !== undefined);
    await npmRunner(host, { distrusted, byPerson })({
      args: ['ci'],
      folder: temporary,
      spec,
      retry: retryOf(source),
      signal,
    });
  } finally {
    clearInterval(timer);
  }
  look();
}

/** A signal that carries our own error. */
function deadline({ spec }: PinnedPackage, retry: string): AbortSignal {
  const late = new AbortController();
  const error = new SecretctlError('timeout', `${spec} was not installed within 10 minutes`, retry);
  setTimeout(() => late.abort(error), DEADLINE_MS).unref();
  return late.signal;
}

/** What the archive itself says, whose digest was checked; the registry may say something else about its programs. */
function stampOf(folder: string, { spec, name, version, integrity, tree }: PinnedPackage): Stamp {
  const own = realpathSync(join(folder, placeInLock(name)));
  const manifest: unknown = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
  const said = new Map(Object.entries(manifest ?? {}));
  if (said.get('name') !== name || said.get('version') !== version) {
    throw new SecretctlError('bad-data', `the archive of ${spec} holds another package`);
  }
  const programs = [...programsOf(manifest, name)].flatMap(([program, file]) => {
    const path = startable(own, file);
    return path === undefined ? [] : [[program, relative(realpathSync(folder), path).split(sep).join('/')] as const];
  });
  return { version: 1, package: spec, integrity, tree, programs: Object.fromEntries(programs) };
}

/** The real path of a program for Node inside the package's own folder; undefined for anything else. */
function startable(own: string, file: string): string | undefined {
  try {
    const path = realpathSync(resolve(own, file));
    if (!isInside(path, own) || !statSync(path).isFile()) return undefined;
    return isForNode(startOf(path)) ? path : undefined;
  } catch {
    return undefined;
  }
}

function startOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(512);
    return buffer.subarray(0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

/** Of an install that was killed, and of a folder that lacks its stamp or its program. */
async function removeLeftovers(root: string, folder: string): Promise<void> {
  const name = basename(folder);
  const left = readdirSync(root).filter((entry) => entry.startsWith(`${name}.`) && entry.endsWith('.tmp'));
  if (existsSync(folder)) {
    const aside = temporaryName(folder);
    await rename(folder, aside);
    left.push(basename(aside));
  }
  await Promise.all(left.map((entry) => removeFolder(join(root, entry))));
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }).catch(() => undefined);
}

function required(file: string | undefined, { spec }: PinnedPackage): string {
  if (file !== undefined) return file;
  throw new SecretctlError('internal', `${spec} was installed and cannot be found`);
}
