// From a path to a vault whose bytes are known to be authentic: read, parse, unlock, verify. Nothing of it is used before.

import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Identity } from '../seal/identity.js';
import type { Keychain } from '../system/keychain.js';
import { checkSafeFolder, readSafeFile } from '../system/safe-file.js';
import { damaged } from './damage.js';
import {
  MAX_VAULT_BYTES,
  type ParsedVault,
  parseHead,
  parseVault,
  type SlotLine,
  type SlotType,
  type VaultDocument,
} from './format.js';
import { isThere, readKeyFile } from './key-file.js';
import { isEqual } from '../system/crypto.js';
import { openByKeychain } from './keychain-item.js';
import { vaultMac } from './keys.js';
import { DEFAULT_COST, isWeaker, type ScryptCost } from './passphrase.js';
import { parseRecoveryKey } from './recovery-key.js';
import {
  keyFileId,
  type SlotInfo,
  slotInfo,
  unwrapWithKeyFile,
  unwrapWithPassphrase,
  unwrapWithRecoveryKey,
  wrapWithPassphrase,
} from './slots.js';
import { openByIdentity } from './x509-slot.js';

/** `isAgain`: the one before was wrong. */
export type AskPassphrase = (isAgain: boolean) => Promise<Buffer | undefined>;

export interface UnlockOptions {
  /** Asked when the vault has a slot for one; undefined where a person has to prove to be there. */
  readonly keychain?: Keychain | undefined;
  /** Where a key file is looked for; undefined where a person has to prove to be there. */
  readonly keyFile: string | undefined;
  /** The bytes of a key file that somebody handed over, in place of the file. Wiped after use. */
  readonly handedKey?: Buffer | undefined;
  readonly uid: number | undefined;
  /** Asked when the vault has a slot for a public key; throws SecretctlError when there is none to be had. */
  readonly identity?: (() => Promise<Identity>) | undefined;
  /**
   * Asks a person for a passphrase or recovery key, up to three times; undefined when there is nobody to ask. The buffer is
   * wiped after use.
   */
  readonly passphrase?: AskPassphrase | undefined;
  /** What a passphrase slot must cost a guesser; a cheaper one is made anew when it is opened. The default of new slots. */
  readonly slotCost?: ScryptCost | undefined;
}

const MAX_TRIES = 3;

export interface Unlocked {
  readonly masterKey: Buffer;
  readonly unlockedBy: SlotInfo;
  /** In the place of a passphrase slot that costs a guesser less than a new one would. */
  readonly stronger?: Replacement;
}

export interface Replacement {
  /** `SlotInfo.id`. */
  readonly old: string;
  readonly line: SlotLine;
}

/** Parsed, not verified. Throws `vault-not-found`, `unsafe-file`, `vault-damaged`, `io`. */
export function loadVault(path: string, uid: number | undefined): ParsedVault {
  return parseVault(readVaultFile(path, uid));
}

/** Header and slots, nothing of it authentic. Throws the same. */
export function loadHead(path: string, uid: number | undefined): Omit<VaultDocument, 'entries'> {
  return parseHead(readVaultFile(path, uid));
}

/**
 * The keychain first, which costs nobody anything, then the key file, then the passphrase. Throws `locked` when none of them
 * opens the vault, `vault-damaged` when its mac is wrong.
 */
export async function unlock(parsed: ParsedVault, options: UnlockOptions): Promise<Unlocked> {
  const { document } = parsed;
  const tried = await byKeychain(document, options.keychain);
  const unlocked =
    tried.unlocked ??
    (await byKeyFile(document, options)) ??
    (await byIdentity(document, options)) ??
    (await byPassphrase(document, options, tried.whyNot));
  verifyMac(parsed, unlocked.masterKey);
  return unlocked;
}

/**
 * The commitment: GCM alone lets one ciphertext open under several keys, HMAC does not. So this stands between the
 * unwrapping of the master key and the first use of an entry.
 */
export function verifyMac({ authenticated, mac }: ParsedVault, masterKey: Buffer): void {
  if (!isEqual(vaultMac(masterKey, authenticated), mac)) throw damaged('mac', 'its contents were changed');
}

function readVaultFile(path: string, uid: number | undefined): Buffer {
  for (let triesLeft = 20; ; triesLeft -= 1) {
    let hasForeignLink = false;
    const acceptLinks = (stats: Stats): boolean => {
      hasForeignLink = !areLinksOurs(path, stats);
      return !hasForeignLink;
    };
    try {
      const rules = { what: 'vault', maxBytes: MAX_VAULT_BYTES, forbiddenMode: 0o077, uid, acceptLinks };
      const { bytes } = readSafeFile(path, rules);
      checkSafeFolder(dirname(path), uid);
      return bytes;
    } catch (error) {
      // A writer that just replaced the vault moved its backup link between our two looks.
      if (!hasForeignLink || triesLeft === 0) throw asVaultError(path, error);
    }
  }
}

/** A write keeps the file as `bak-1` for a moment, or for good when it is killed there. Any other link is somebody's copy. */
function areLinksOurs(path: string, stats: Stats): boolean {
  if (stats.nlink <= 1) return true;
  const names = [`${path}.bak-1`, `${path}.bak-1.tmp`];
  const ours = names.filter((name) => {
    const other = statSync(name, { throwIfNoEntry: false });
    return other?.dev === stats.dev && other.ino === stats.ino;
  });
  return stats.nlink === 1 + ours.length;
}

function asVaultError(path: string, error: unknown): unknown {
  const isMissing = error instanceof SecretctlError && error.code === 'file-not-found';
  return isMissing ? new SecretctlError('vault-not-found', `there is no vault ${path}`) : error;
}

interface Tried {
  readonly unlocked?: Unlocked;
  /** For the error that ends it all: a keychain that is absent or locked stops nobody who has another key. */
  readonly whyNot?: SecretctlError;
}

async function byKeychain(document: VaultDocument, keychain: Keychain | undefined): Promise<Tried> {
  if (keychain === undefined || !hasSlot(document, 'keychain')) return {};
  try {
    const opened = await openByKeychain(document, keychain);
    if (opened !== undefined) return { unlocked: { masterKey: opened.masterKey, unlockedBy: slotInfo(opened.slot) } };
    const why = 'the keychain of this machine has no item of this vault';
    return { whyNot: new SecretctlError('locked', why, 'secretctl vault slots add keychain') };
  } catch (error) {
    if (error instanceof SecretctlError) return { whyNot: error };
    throw error;
  }
}

async function byKeyFile(document: VaultDocument, options: UnlockOptions): Promise<Unlocked | undefined> {
  const slots = document.slots.filter(({ type }) => type === 'keyfile');
  if (slots.length === 0 || options.keyFile === undefined) return undefined;
  const bytes = options.handedKey ?? readKeyFile(options.keyFile, options.uid);
  if (bytes === undefined) return undefined;
  const id = keyFileId(bytes);
  const slot = slots.find(({ params }) => params === id);
  const masterKey = slot === undefined ? undefined : unwrapWithKeyFile(document.id, slot, bytes);
  bytes.fill(0);
  if (slot === undefined) return undefined;
  if (masterKey === undefined) throw damaged('slot', 'the key file fits a key slot that it does not open');
  return { masterKey, unlockedBy: slotInfo(slot) };
}

/** An identity that cannot be had stops nobody who has another key. */
async function byIdentity(document: VaultDocument, { identity }: UnlockOptions): Promise<Unlocked | undefined> {
  if (identity === undefined || !hasSlot(document, 'x509')) return undefined;
  try {
    const opened = await openByIdentity(document, await identity());
    return opened && { masterKey: opened.masterKey, unlockedBy: slotInfo(opened.slot) };
  } catch (error) {
    if (error instanceof SecretctlError) return undefined;
    throw error;
  }
}

async function byPassphrase(
  document: VaultDocument,
  options: UnlockOptions,
  keychainSays: SecretctlError | undefined,
): Promise<Unlocked> {
  const slots = document.slots.filter(({ type }) => type === 'scrypt' || type === 'recovery');
  if (slots.length === 0) throw lockedForGood(document, options.keyFile, keychainSays);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    const passphrase = await options.passphrase?.(tries > 0);
    if (passphrase === undefined) throw lockedWithoutTerminal(document, options.keyFile, keychainSays);
    // oxlint-disable-next-line no-await-in-loop -- the same
    const unlocked = await tryPassphrase(document.id, slots, passphrase, options.slotCost);
    if (unlocked !== undefined) return unlocked;
  }
  throw new SecretctlError('locked', 'the passphrase is wrong', 'secretctl vault slots list');
}

/** Wipes the passphrase. */
async function tryPassphrase(
  vaultId: string,
  slots: readonly SlotLine[],
  passphrase: Buffer,
  cost: ScryptCost = DEFAULT_COST,
): Promise<Unlocked | undefined> {
  try {
    const opened = await firstOpened(vaultId, slots, passphrase);
    return opened && { ...opened, ...(await strongerFor(vaultId, opened, passphrase, cost)) };
  } finally {
    passphrase.fill(0);
  }
}

async function firstOpened(
  vaultId: string,
  slots: readonly SlotLine[],
  passphrase: Buffer,
): Promise<Unlocked | undefined> {
  const recoveryKey = parseRecoveryKey(passphrase.toString());
  for (const slot of slots) {
    const isRecovery = slot.type === 'recovery';
    if (isRecovery && recoveryKey === undefined) continue;
    const masterKey =
      isRecovery && recoveryKey !== undefined
        ? unwrapWithRecoveryKey(vaultId, slot, recoveryKey)
        : // oxlint-disable-next-line no-await-in-loop -- each try takes 128 MiB: one after the other
          await unwrapWithPassphrase(vaultId, slot, passphrase);
    if (masterKey !== undefined) return { masterKey, unlockedBy: slotInfo(slot) };
  }
  return undefined;
}

async function strongerFor(
  vaultId: string,
  { masterKey, unlockedBy }: Unlocked,
  passphrase: Buffer,
  cost: ScryptCost,
): Promise<Pick<Unlocked, 'stronger'>> {
  if (unlockedBy.cost === undefined || !isWeaker(unlockedBy.cost, cost)) return {};
  return { stronger: { old: unlockedBy.id, line: await wrapWithPassphrase(vaultId, masterKey, passphrase, cost) } };
}

/** There is no passphrase to ask for. */
function lockedForGood(
  document: VaultDocument,
  keyFile: string | undefined,
  keychainSays: SecretctlError | undefined,
): SecretctlError {
  const fileIsMissing = keyFile !== undefined && hasSlot(document, 'keyfile');
  const whys = [keychainSays?.message, fileIsMissing ? whyNot(keyFile) : undefined].filter((why) => why !== undefined);
  if (whys.length > 0) {
    const hint = keychainSays?.hint ?? (fileIsMissing ? keyFileHint(document, keyFile) : 'secretctl vault slots list');
    return new SecretctlError('locked', `the vault is locked: ${whys.join(', and ')}`, hint);
  }
  const types = [...new Set(document.slots.map(({ type }) => type))].join(', ');
  return new SecretctlError('locked', `the vault is locked: key slots of type ${types} cannot be opened here`);
}

function lockedWithoutTerminal(
  document: VaultDocument,
  keyFile: string | undefined,
  keychainSays: SecretctlError | undefined,
): SecretctlError {
  if (keyFile === undefined) {
    return new SecretctlError('locked', 'the vault is locked, and there is no terminal to ask for the passphrase');
  }
  const whys = keychainSays === undefined ? whyNot(keyFile) : `${keychainSays.message}, ${whyNot(keyFile)}`;
  const message = `the vault is locked: ${whys}, and no terminal to ask for the passphrase`;
  return new SecretctlError('locked', message, keychainSays?.hint ?? keyFileHint(document, keyFile));
}

function whyNot(keyFile: string): string {
  return isThere(keyFile) ? `${keyFile} is no key file of this vault` : `there is no key file ${keyFile}`;
}

/** A new key file never takes the place of one that is there. */
function keyFileHint(document: VaultDocument, keyFile: string): string {
  if (hasSlot(document, 'keyfile')) return 'set SECRETCTL_KEY_FILE to the key file of this vault';
  return `secretctl vault slots add keyfile${isThere(keyFile) ? ' PATH' : ''}`;
}

function hasSlot({ slots }: VaultDocument, wanted: SlotType): boolean {
  return slots.some(({ type }) => type === wanted);
}
