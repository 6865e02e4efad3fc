// The last generation that this machine has seen, outside the vault: an older vault that comes back is refused.
// Honest limit: who puts back both the vault and this record is noticed only by the copy that the keychain has.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import { writeAtomically, writeFailure } from '../system/atomic-write.js';
import { readSafeFile } from '../system/safe-file.js';
import { deriveKey, hmac, isEqual } from '../system/crypto.js';
import { decimal, decode, encode } from './text.js';

/** Text of the record, not verified; undefined when there is none. */
export type GenerationRecord = string | undefined;

interface Generation {
  readonly id: string;
  readonly generation: number;
}

const MAGIC = 'secretctl-last-gen/1';

/** To be read before the vault: a writer replaces the vault first, so a record read later could be ahead of an honest vault. */
export function readGenerationRecord(state: string, uid: number | undefined): GenerationRecord {
  try {
    const rules = { what: 'record of the last generation', maxBytes: 1024, forbiddenMode: 0o077, uid };
    return readSafeFile(recordPath(state), rules).bytes.toString('latin1');
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

/**
 * True when the record is to be written again. Throws `rollback` for an older vault, but for the generation that a person
 * accepts, and for a record that was tampered with.
 */
export function isGenerationNews(
  record: GenerationRecord,
  vault: Generation,
  masterKey: Buffer,
  state: string,
  accepted?: number,
): boolean {
  return isNewer(record === undefined ? undefined : lastGeneration(record, vault, masterKey, state), vault, accepted);
}

/** False when it is the last one. Throws `rollback` for an older vault, but for the generation that a person accepts. */
export function isNewer(last: number | undefined, vault: Generation, accepted?: number): boolean {
  if (last === undefined || vault.generation > last || vault.generation === accepted) return true;
  if (vault.generation === last) return false;
  const message = `the vault is older (generation ${vault.generation}) than the one used last (generation ${last})`;
  const accept = `secretctl vault verify --accept-rollback ${vault.generation}`;
  throw new SecretctlError(
    'rollback',
    message,
    `put the newest copy back, or, where you restored it yourself: ${accept}`,
  );
}

/** Never fails: where nothing can be written, launches still work, and the next open that can write catches up. */
export function recordGeneration(state: string, vault: Generation, masterKey: Buffer): void {
  const claim = `${MAGIC} ${vault.id} gen=${vault.generation}`;
  try {
    writeAtomically(recordPath(state), Buffer.from(`${claim} ${encode(macOf(masterKey, claim))}\n`));
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
  }
}

/** Before a vault gets another master key. Throws `io`. */
export function forgetGeneration(state: string): void {
  try {
    rmSync(recordPath(state), { force: true });
  } catch (error) {
    throw writeFailure(recordPath(state), error);
  }
}

/** Undefined for the record of another vault: this one is used for the first time here. */
function lastGeneration(record: string, { id }: Generation, masterKey: Buffer, state: string): number | undefined {
  const [magic, vaultId, counter = '', mac = '', ...rest] = record.replace(/\n$/, '').split(' ');
  const last = counter.startsWith('gen=') ? decimal(counter.slice(4)) : undefined;
  if (magic === MAGIC && vaultId !== id) return undefined;
  const expected = macOf(masterKey, `${MAGIC} ${id} ${counter}`);
  const isOurs = magic === MAGIC && rest.length === 0 && isEqual(decode(mac) ?? Buffer.alloc(0), expected);
  if (isOurs && last !== undefined) return last;
  const path = recordPath(state);
  throw new SecretctlError(
    'rollback',
    `the record of the last generation ${path} was changed`,
    `when you know why: rm ${path}`,
  );
}

function macOf(masterKey: Buffer, claim: string): Buffer {
  return hmac(deriveKey(masterKey, 'gen'), claim);
}

function recordPath(state: string): string {
  return join(state, 'last-gen');
}
