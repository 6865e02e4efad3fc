// Small private files (trust records, the last generation) are replaced as a whole: a reader sees the old or the new one.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';

/** Replaces `path` (folder made with 0700 when absent). Throws `io`; then the old file stands and nothing else is left. */
export function writeAtomically(path: string, bytes: Buffer, mode = 0o600): void {
  const temporary = temporaryName(path);
  try {
    makePrivateFolder(dirname(path));
    createDurably(temporary, bytes, mode);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeQuietly(temporary);
    throw writeFailure(path, error);
  }
}

/** In the same folder, so that a rename never crosses a file system. Ends in `.tmp`. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/** Returns the first folder that was made, undefined when all were there. */
export function makePrivateFolder(folder: string): string | undefined {
  if (isFolder(folder)) return undefined;
  // One by one: a recursive mkdir of Node never ends under /proc.
  const first = dirname(folder) === folder ? undefined : makePrivateFolder(dirname(folder));
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    // Another process may have been faster.
    if (systemCode(error) === 'EEXIST' && isFolder(folder)) return first;
    throw error;
  }
  return first ?? folder;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Makes a file that must not exist yet, with its mode whatever the umask, and with all bytes on the disk when this returns.
 * A failure after the create removes the file. Throws the error of the system call.
 */
export function createDurably(path: string, bytes: Buffer, mode = 0o600): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(descriptor, mode);
    writeAll(descriptor, bytes);
    fsyncSync(descriptor);
  } catch (error) {
    removeQuietly(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** For the way out of a failure, whose own error is the one to tell. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It may never have been made.
  }
}

/** One write may be short. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

/** A rename is durable only when the folder is. Some systems cannot open or sync a folder: there, nothing more can be done. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Ours stay as they are; a failed system call becomes `io` with its code. */
export function writeFailure(path: string, error: unknown): SecretctlError {
  if (error instanceof SecretctlError) return error;
  const code = systemCode(error) ?? 'unknown error';
  return new SecretctlError('io', `${path} cannot be written (${code})`, undefined, { cause: error });
}
