// Key slots: each wraps the vault's one master key under a key of its own kind.

import { createHash, randomBytes } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import { type SlotLine, type SlotType, scryptParams } from './format.js';
import { deriveKey, KEY_BYTES, seal, unseal } from '../system/crypto.js';
import { DEFAULT_COST, isCostAllowed, passphraseKey, type ScryptCost } from './passphrase.js';
import { encode } from './text.js';

export interface SlotInfo {
  readonly type: SlotType;
  /** What tells it from others of its type: the salt, label, id or digest on its line. */
  readonly id: string;
  readonly cost?: ScryptCost;
}

/** A shorter key file could be guessed. */
export const MIN_KEY_FILE_BYTES = 32;

export function slotInfo({ type, params }: SlotLine): SlotInfo {
  const id = params.split(' ')[0] ?? '';
  if (type !== 'scrypt') return { type, id };
  const { logN, r, p } = scryptParams(params);
  return { type, id, cost: { logN, r, p } };
}

/** Throws `usage` for an empty passphrase or a cost that a reader would refuse. */
export async function wrapWithPassphrase(
  vaultId: string,
  masterKey: Buffer,
  passphrase: Buffer,
  cost: ScryptCost = DEFAULT_COST,
): Promise<SlotLine> {
  if (passphrase.length === 0) throw new SecretctlError('usage', 'the passphrase is empty');
  if (!isCostAllowed(cost)) throw new SecretctlError('usage', 'the cost of scrypt is outside the limits');
  const salt = randomBytes(16);
  const params = [encode(salt), cost.logN, cost.r, cost.p].join(' ');
  return wrap(vaultId, 'scrypt', params, await passphraseKey(passphrase, salt, cost), masterKey);
}

export function wrapWithKeyFile(vaultId: string, masterKey: Buffer, keyFile: Buffer): SlotLine {
  return wrap(vaultId, 'keyfile', keyFileId(keyFile), keyFileKey(keyFile), masterKey);
}

/** `item`: 32 random bytes that the keychain keeps under `label`. */
export function wrapWithKeychain(vaultId: string, masterKey: Buffer, label: string, item: Buffer): SlotLine {
  return wrap(vaultId, 'keychain', label, Buffer.from(item), masterKey);
}

/** `key`: 32 random bytes, which a person has written down. */
export function wrapWithRecoveryKey(vaultId: string, masterKey: Buffer, key: Buffer): SlotLine {
  return wrap(vaultId, 'recovery', encode(randomBytes(8)), recoveryKey(key), masterKey);
}

/** The master key, or undefined when the recovery key is another. */
export function unwrapWithRecoveryKey(vaultId: string, slot: SlotLine, key: Buffer): Buffer | undefined {
  return unwrap(vaultId, slot, recoveryKey(key));
}

/** The master key, or undefined when the passphrase is another. */
export async function unwrapWithPassphrase(
  vaultId: string,
  slot: SlotLine,
  passphrase: Buffer,
): Promise<Buffer | undefined> {
  const { salt, ...cost } = scryptParams(slot.params);
  return unwrap(vaultId, slot, await passphraseKey(passphrase, salt, cost));
}

/** The master key, or undefined when the key file is another. */
export function unwrapWithKeyFile(vaultId: string, slot: SlotLine, keyFile: Buffer): Buffer | undefined {
  return unwrap(vaultId, slot, keyFileKey(keyFile));
}

/** The master key, or undefined when the item is another. */
export function unwrapWithKeychain(vaultId: string, slot: SlotLine, item: Buffer): Buffer | undefined {
  return item.length === KEY_BYTES ? unwrap(vaultId, slot, Buffer.from(item)) : undefined;
}

/** Public, on the slot's line: the key itself is derived another way. */
export function keyFileId(keyFile: Buffer): string {
  return encode(createHash('sha256').update(keyFile).digest().subarray(0, 8));
}

function recoveryKey(key: Buffer): Buffer {
  return deriveKey(key, 'slot|recovery');
}

function keyFileKey(keyFile: Buffer): Buffer {
  return deriveKey(keyFile, 'slot|keyfile');
}

function wrap(vaultId: string, type: SlotType, params: string, key: Buffer, masterKey: Buffer): SlotLine {
  const wrapped = seal(key, masterKey, associated(vaultId, type, params));
  key.fill(0);
  return { type, params, wrapped };
}

function unwrap(vaultId: string, { type, params, wrapped }: SlotLine, key: Buffer): Buffer | undefined {
  const masterKey = unseal(key, wrapped, associated(vaultId, type, params));
  key.fill(0);
  return masterKey;
}

function associated(vaultId: string, type: SlotType, params: string): string {
  return `${vaultId}|${type}|${params}`;
}
