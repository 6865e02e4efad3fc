// A key file opens a vault without a person: 32 random bytes that only their owner can read.

import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { createDurably, removeQuietly, syncFolder, writeFailure } from '../system/atomic-write.js';
import { checkSafeFolder, readSafeFile } from '../system/safe-file.js';
import { refuseWorkTree } from './places.js';
import { MIN_KEY_FILE_BYTES } from './slots.js';

const MAX_KEY_FILE_BYTES = 65_536;

/** Undefined when there is none. Throws `unsafe-file` when others could read or replace it, `bad-data` when it is too short. */
export function readKeyFile(path: string, uid: number | undefined): Buffer | undefined {
  if (!isThere(path)) return undefined;
  checkSafeFolder(dirname(path), uid);
  const rules = { what: 'key file', maxBytes: MAX_KEY_FILE_BYTES, forbiddenMode: 0o077, uid };
  const { bytes } = readSafeFile(path, { ...rules, acceptLinks: (stats) => stats.nlink === 1 });
  if (bytes.length >= MIN_KEY_FILE_BYTES) return bytes;
  throw new SecretctlError('bad-data', `the key file ${path} has less than ${MIN_KEY_FILE_BYTES} bytes`);
}

/** Closes the descriptor: no child shall have it. Throws `config` for what cannot be read, `bad-data` when it is too short. */
export function readHandedKey(descriptor: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    const why = `the file descriptor ${descriptor} cannot be read (${systemCode(error) ?? 'unknown error'})`;
    throw new SecretctlError('config', why, 'secretctl mcp-launch PROFILE --key-fd 3 3< vault.key');
  }
  if (bytes.length >= MIN_KEY_FILE_BYTES && bytes.length <= MAX_KEY_FILE_BYTES) return bytes;
  throw new SecretctlError(
    'bad-data',
    `the key from file descriptor ${descriptor} has ${bytes.length} bytes: no key file`,
  );
}

/** Makes the file; its folder is there. Throws `usage` when something is there already, `io`. */
export function createKeyFile(path: string): Buffer {
  refuseOverwrite(path);
  const bytes = randomBytes(MIN_KEY_FILE_BYTES);
  let isMade = false;
  try {
    createDurably(path, bytes);
    isMade = true;
    // A vault that outlives a power failure without its key file would be lost.
    syncFolder(dirname(path));
  } catch (error) {
    if (isMade) removeQuietly(path);
    throw writeFailure(path, error);
  }
  return bytes;
}

export function refuseOverwrite(path: string, hint?: string): void {
  if (isThere(path)) throw new SecretctlError('usage', `${path} is there already, and is not overwritten`, hint);
}

/** Can a key file be made here? To be asked before a person types anything. Throws `usage`, `not-permitted`. */
export function checkNewKeyFile(path: string, hint?: string): void {
  refuseWorkTree('key file', dirname(path), 'name a path outside every work tree');
  refuseOverwrite(path, hint);
}

/** A dangling link is something that is there. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return false;
    throw new SecretctlError('io', `${path} cannot be examined (${systemCode(error) ?? 'unknown error'})`);
  }
}
