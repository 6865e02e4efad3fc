// The write protocol of the vault. The caller holds the lock (1), has loaded and verified the vault (2), and gives the
// lock back (12). Whatever fails, and wherever a writer is killed: the old file stands, or the new one.

import { constants, copyFileSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { createDurably, removeQuietly, syncFolder, temporaryName, writeFailure } from '../system/atomic-write.js';
import type { Lock } from '../system/lock.js';
import { parseVault, serialiseBody, type VaultDocument, withMac } from './format.js';
import { vaultMac } from './keys.js';
import { verifyMac } from './open.js';
import type { VaultPlaces } from './places.js';
import { recordGeneration } from './rollback.js';

const LEFTOVER_AGE_MS = 3_600_000;

/** After the return the document is on the disk. Throws `bad-data` for too much, `io`, `vault-busy`. */
export function writeDocument(places: VaultPlaces, document: VaultDocument, masterKey: Buffer, lock: Lock): void {
  const body = serialiseBody(document);
  const bytes = withMac(body, vaultMac(masterKey, body)); // 3
  replaceVault(places.vault, bytes, lock, (read) => verifyWritten(read, bytes, masterKey));
  recordGeneration(places.state, document, masterKey); // 11
}

function replaceVault(path: string, bytes: Buffer, lock: Lock, verify: (read: Buffer) => void): void {
  const temporary = temporaryName(path);
  try {
    removeLeftovers(path);
    createDurably(temporary, bytes); // 4, 5, 6
    verify(readFileSync(temporary)); // 7
    lock.assertHeld();
    keepBackup(path); // 8
    renameSync(temporary, path); // 9
    syncFolder(dirname(path)); // 10
  } catch (error) {
    removeQuietly(temporary);
    throw writeFailure(path, error);
  }
}

/** The file reads back as the very bytes, and those are a vault under this key. */
function verifyWritten(read: Buffer, bytes: Buffer, masterKey: Buffer): void {
  if (!read.equals(bytes)) throw new SecretctlError('io', 'the vault does not read back as it was written');
  verifyMac(parseVault(read), masterKey);
}

/** Of writers that were killed. A fresh one may belong to a writer whose lock was taken away: it is left alone. */
function removeLeftovers(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.tmp')) continue;
    const leftover = join(folder, name);
    const age = Date.now() - (statSync(leftover, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > LEFTOVER_AGE_MS) rmSync(leftover, { force: true });
  }
}

/** By way of a temporary name, so that there is a backup at every moment. A reader knows both names. */
function keepBackup(path: string): void {
  const backup = `${path}.bak-1`;
  const temporary = `${backup}.tmp`;
  rmSync(temporary, { force: true });
  if (!linkOrCopy(path, temporary)) return;
  try {
    renameSync(temporary, backup);
  } finally {
    // Renaming one link of a file over another does nothing (rename(2)): then the temporary name is still there.
    removeQuietly(temporary);
  }
}

/** False when there is nothing to keep yet. */
function linkOrCopy(path: string, target: string): boolean {
  try {
    linkSync(path, target);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'ENOENT') return false;
    // File systems without hard links.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    copyFileSync(path, target, constants.COPYFILE_EXCL);
  }
  return true;
}
