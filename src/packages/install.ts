// Installs a pinned package: 1. the lock file beside the profile is the one that was pinned; 2. npm or uv fetches exactly
// what it names, into a temporary folder, and runs nothing of it; 3. the folder gets its stamp, and its name. Whatever fails before the
// rename leaves nothing that a launch would use.

import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SecretctlError } from '../errors.js';
import { asArgument } from '../profile/as-argument.js';
import type { PinnedPackage, ProfileSource } from '../profile/types.js';
import { makePrivateFolder, temporaryName, writeFailure } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { withLock } from '../system/lock.js';
import { readSafeFile } from '../system/safe-file.js';
import { findWorkTree } from '../system/work-tree.js';
import type { Lock } from './ecosystem.js';
import { ecosystemOf } from './ecosystems.js';
import { findInstalled, placeOf, requirePrivate, STAMP, type Stamp, type Start } from './installed.js';
import { chooseProgram } from './program.js';

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

/** More than the largest servers have. */
const MAX_LOCK_BYTES = 8 * 1024 * 1024;
const DEADLINE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 200;

/** The lock file of a profile: `shop.lock.json` beside `shop.yaml`. */
export function lockFileOf(profile: string, registry: PinnedPackage['registry']): string {
  return join(dirname(profile), basename(profile).replace(/\.ya?ml$/, '') + ecosystemOf(registry).lockEnding);
}

/** How it is started. Of many that install the same package one does, and the others wait for it. */
export async function installPackage(host: Host, pinned: PinnedPackage, request: InstallRequest): Promise<Start> {
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

function readLockFile({ uid }: Host, pinned: PinnedPackage, source: PackageSource): Lock {
  const path = lockFileOf(source.path, pinned.registry);
  const hint = `secretctl profile pin ${asArgument(source, source.name)}`;
  const rules = { what: 'lock file', maxBytes: MAX_LOCK_BYTES, forbiddenMode: 0o022, uid, rootMayOwn: true };
  try {
    const text = readSafeFile(path, rules).bytes.toString();
    return ecosystemOf(pinned.registry).readLock(text, pinned, { what: path, hint });
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
  lock: Lock,
  { source, byPerson, signal, onProgress }: InstallRequest,
): Promise<void> {
  const temporary = temporaryName(folder);
  const retry = retryOf(source);
  const distrusted = [findWorkTree(host.cwd), source.workTree].filter((tree) => tree !== undefined);
  const look = (): void => onProgress?.(lock.countIn(temporary), lock.size);
  const timer = onProgress === undefined ? undefined : setInterval(look, LOOK_EVERY_MS);
  try {
    await mkdir(temporary, { mode: 0o700 });
    const either = AbortSignal.any([signal, deadline(pinned, retry)]);
    await lock.fetch({ host, folder: temporary, spec: pinned.spec, distrusted, byPerson, retry, signal: either });
    look();
    await writeFile(join(temporary, STAMP), JSON.stringify(stampOf(temporary, pinned)), { mode: 0o600, flag: 'wx' });
    await rename(temporary, folder);
  } catch (error) {
    await removeFolder(temporary);
    throw writeFailure(temporary, error);
  } finally {
    clearInterval(timer);
  }
}

/** A signal that carries our own error. */
function deadline({ spec }: PinnedPackage, retry: string): AbortSignal {
  const late = new AbortController();
  const error = new SecretctlError('timeout', `${spec} was not installed within 10 minutes`, retry);
  setTimeout(() => late.abort(error), DEADLINE_MS).unref();
  return late.signal;
}

function stampOf(folder: string, pinned: PinnedPackage): Stamp {
  const { spec, integrity, tree, registry } = pinned;
  const programs = ecosystemOf(registry).programsIn(folder, pinned);
  // A package that cannot be started is not installed.
  chooseProgram(programs, pinned);
  return { version: 1, package: spec, integrity: integrity ?? null, tree, programs: Object.fromEntries(programs) };
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

function required(found: Start | undefined, { spec }: PinnedPackage): Start {
  if (found !== undefined) return found;
  throw new SecretctlError('internal', `${spec} was installed and cannot be found`);
}
