// A lock between processes: a file that only one can create (O_EXCL), with the identity of its owner inside.
// Node has no flock. Not for network file systems, where O_EXCL and the owner's pid say too little.

import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SecretctlError, systemCode } from '../errors.js';
import { removeQuietly } from './atomic-write.js';
import { isSurelyDead, ownIdentity, type ProcessIdentity } from './process-identity.js';

export interface LockOptions {
  /** What is locked, for messages. */
  readonly what: string;
  /** Default 5,000 ms. */
  readonly waitMs?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

export interface Lock {
  /** Throws `vault-busy` when the lock was taken away: call it right before the step that cannot be undone. */
  assertHeld(): void;
}

/** While its descriptor is open nobody else can get the same inode, so dev and ino alone tell whether the path is still ours. */
interface HeldLock {
  readonly descriptor: number;
  readonly dev: number;
  readonly ino: number;
}

/** A lock of somebody else. Two looks at one lock agree in all but `age`. */
interface SeenLock {
  readonly dev: number;
  readonly ino: number;
  readonly text: string;
  /** Milliseconds since the last write. */
  readonly age: number;
}

/** An owner that died while it wrote leaves half a text or none; a live one needs far less than this to write. */
const UNWRITTEN_IS_STALE_AFTER_MS = 2000;
/** More than any identity needs. */
const MAX_LOCK_BYTES = 4096;

/** Runs `work` while this process alone holds `path`. Throws `vault-busy` after the wait, `io` when the file cannot be made. */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: (lock: Lock) => T | Promise<T>,
): Promise<T> {
  const held = await acquire(path, options);
  try {
    return await work({ assertHeld: () => assertHeld(path, held, options) });
  } finally {
    // Nothing here needs a descriptor or space: what ends for the lack of them still gives its lock back.
    if (isStillOurs(path, held)) removeQuietly(path);
    closeSync(held.descriptor);
  }
}

async function acquire(path: string, options: LockOptions): Promise<HeldLock> {
  const deadline = performance.now() + (options.waitMs ?? 5000);
  for (let tries = 0; ; tries++) {
    const created = tryCreate(path, JSON.stringify(ownIdentity()));
    if (created !== undefined) return created;
    const seen = look(path);
    if (performance.now() > deadline) throw busy(path, seen, options);
    if (seen !== undefined && isStale(seen)) removeStale(path, seen);
    // oxlint-disable-next-line no-await-in-loop -- waiting is the purpose
    await sleep(pauseBefore(tries), undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}

/** Milliseconds. Longer with every try: many that look often leave the one that works no processor to end its work. */
function pauseBefore(tries: number): number {
  return (5 + Math.random() * 10) * Math.min(8, 1 + tries / 8);
}

/** Undefined when another holds the file. Any failure after the create takes the file away again. */
function tryCreate(path: string, text: string): HeldLock | undefined {
  const descriptor = openNew(path);
  if (descriptor === undefined) return undefined;
  try {
    writeFileSync(descriptor, text);
    const { dev, ino } = fstatSync(descriptor);
    return { descriptor, dev, ino };
  } catch (error) {
    removeQuietly(path);
    closeSync(descriptor);
    throw failure(path, error);
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw failure(path, error);
  }
}

function look(path: string): SeenLock | undefined {
  let descriptor: number;
  try {
    // Windows has neither flag; there the two are undefined and add nothing.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw failure(path, error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new SecretctlError('io', `the lock ${path} is not a regular file`, `rm -r ${path}`);
    const buffer = Buffer.alloc(MAX_LOCK_BYTES);
    const text = buffer.toString('utf8', 0, readSync(descriptor, buffer));
    return { dev: stats.dev, ino: stats.ino, text, age: Date.now() - stats.mtimeMs };
  } finally {
    closeSync(descriptor);
  }
}

function isSame(one: SeenLock | undefined, other: SeenLock): boolean {
  return one?.dev === other.dev && one.ino === other.ino && one.text === other.text;
}

function isStale(lock: SeenLock): boolean {
  const owner = ownerOf(lock);
  if (owner === 'unwritten') return lock.age > UNWRITTEN_IS_STALE_AFTER_MS;
  return owner !== undefined && isSurelyDead(owner);
}

/** Undefined for JSON of another shape: a lock of a version to come, perhaps, and that may be held. */
function ownerOf(lock: SeenLock): ProcessIdentity | 'unwritten' | undefined {
  try {
    const owner: unknown = JSON.parse(lock.text);
    return isIdentity(owner) ? owner : undefined;
  } catch {
    return 'unwritten';
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false;
  if (!('pid' in value && 'start' in value && 'boot' in value && 'host' in value)) return false;
  const { pid, start, boot, host } = value;
  return Number.isSafeInteger(pid) && [start, boot, host].every((text) => typeof text === 'string');
}

/**
 * Of many that saw the same stale lock, one at a time looks again and removes it, so that none removes the fresh lock
 * of a faster one. That turn is a file too; its owner may die as well, within microseconds of work.
 */
function removeStale(path: string, seen: SeenLock): void {
  const turn = `${path}.takeover`;
  const descriptor = openNew(turn);
  if (descriptor === undefined) {
    if (ageOf(turn) > UNWRITTEN_IS_STALE_AFTER_MS) removeQuietly(turn);
    return;
  }
  try {
    if (isSame(look(path), seen)) removeQuietly(path);
  } finally {
    removeQuietly(turn);
    closeSync(descriptor);
  }
}

function ageOf(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}

function isStillOurs(path: string, held: HeldLock): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.dev === held.dev && stats.ino === held.ino;
}

function assertHeld(path: string, held: HeldLock, { what }: LockOptions): void {
  if (isStillOurs(path, held)) return;
  throw new SecretctlError('vault-busy', `the lock of ${what} was taken away while it was held`, 'try again');
}

function busy(path: string, lock: SeenLock | undefined, { what }: LockOptions): SecretctlError {
  const seen = lock === undefined ? undefined : ownerOf(lock);
  const owner = seen === 'unwritten' ? undefined : seen;
  const holder = owner === undefined ? 'an unknown process' : `process ${owner.pid}`;
  const place = owner === undefined || owner.host === ownIdentity().host ? '' : ` on another host (${owner.host})`;
  const message = `${what} is in use by ${holder}${place}`;
  return new SecretctlError('vault-busy', message, `try again; when that process is gone: rm ${path}`);
}

function failure(path: string, error: unknown): SecretctlError {
  return new SecretctlError('io', `the lock ${path} cannot be used (${systemCode(error) ?? 'unknown error'})`);
}
