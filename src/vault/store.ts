// The vault as the rest of the house sees it: open it, look up one secret, change it. Every change is one write of the file.

import { SecretctlError } from '../errors.js';
import type { Identity } from '../seal/identity.js';
import { removeQuietly } from '../system/atomic-write.js';
import type { Keychain } from '../system/keychain.js';
import { withLock } from '../system/lock.js';
import { applyChange, checkName, type EntryChange } from './change.js';
import { type CreateOptions, createVaultFile, makeSlot, makeSlots, type NewSlot, undoOnFailure } from './create.js';
import type { VaultEntry } from './entry.js';
import type { ParsedVault, SlotLine, VaultDocument } from './format.js';
import { deriveKey } from '../system/crypto.js';
import { hasKeychainSlot, keepInKeychain, keptGeneration } from './keychain-generation.js';
import { deleteItem } from './keychain-item.js';
import { entryIdOf } from './keys.js';
import { type AskPassphrase, loadHead, loadVault, type Replacement, unlock, type Unlocked, verifyMac } from './open.js';
import { refuseInsideWorkTree, type VaultPlaces } from './places.js';
import type { ScryptCost } from './passphrase.js';
import { newMasterKey, resealed } from './rekey.js';
import { forgetGeneration, isGenerationNews, isNewer, readGenerationRecord, recordGeneration } from './rollback.js';
import { openEntry, sealEntry } from './sealed-entry.js';
import { type SlotInfo, slotInfo } from './slots.js';
import { writeDocument } from './write.js';

/** What can be said without a key. None of it is authentic yet. */
export interface VaultHeader {
  readonly vaultId: string;
  readonly generation: number;
  readonly slots: readonly SlotInfo[];
}

export interface OpenOptions {
  readonly places: VaultPlaces;
  readonly uid: number | undefined;
  /** The bytes of a key file, in place of the file. Wiped after use. */
  readonly handedKey?: Buffer | undefined;
  /** Opens slots for public keys; asked only when there is one. */
  readonly identity?: (() => Promise<Identity>) | undefined;
  /** Asks a person, up to three times; undefined when there is nobody to ask. The buffer is wiped after use. */
  readonly passphrase?: AskPassphrase | undefined;
  /** A passphrase slot that costs a guesser less is made anew when it is opened. The default of new slots. */
  readonly slotCost?: ScryptCost | undefined;
  /** Asked only where the vault has a slot for it; undefined where there is none to ask. */
  readonly keychain?: Keychain | undefined;
  /** Default true. False: only a person opens it now, whatever key file or keychain would do. */
  readonly unattended?: boolean;
  /** The generation of an older vault that a person has restored on purpose. */
  readonly acceptRollback?: number | undefined;
  /** The clock that entries are dated by. */
  readonly now?: () => Date;
}

/** `trust` and `gen` sign records of ours, `audit|<UTC day>` one day's audit, `audit-index` the list of all logs. */
export type KeyLabel = 'trust' | 'gen' | `audit|${string}` | 'audit-index';

/** All methods throw `internal` after `close`. Changes throw `vault-busy`, `io`, and what reading throws; then nothing has changed. */
export interface Vault {
  readonly id: string;
  readonly generation: number;
  readonly slots: readonly SlotInfo[];
  readonly unlockedBy: SlotInfo;
  /** Opens this one entry only. */
  get(name: string): VaultEntry | undefined;
  /** Opens all of them; sorted by name. */
  list(): VaultEntry[];
  /** Makes or changes a secret. Throws `bad-data` or `usage` for what cannot be stored. */
  put(name: string, change: EntryChange): Promise<VaultEntry>;
  /**
   * Several at once, in one write: all of them, or none. `changesOf` is asked while the vault is locked, so that what it sees
   * is what it changes; no change writes nothing.
   */
  putAll(changesOf: (get: Vault['get']) => ReadonlyMap<string, EntryChange>): Promise<void>;
  /** With its earlier values. Throws `secret-not-found`, and `usage` when the new name is taken. */
  rename(name: string, newName: string): Promise<void>;
  /** Makes an earlier value the current one; throws `secret-not-found`. */
  restore(name: string, version: number): Promise<VaultEntry>;
  /** Throws `secret-not-found`. */
  delete(name: string): Promise<void>;
  addSlot(slot: NewSlot): Promise<SlotInfo>;
  /**
   * By `SlotInfo.id`, and with its item in the keychain. Whoever opened the vault by it may still know the master key.
   * Throws `usage` for the last slot. When only the item could not be deleted, that is returned.
   */
  removeSlot(id: string): Promise<SecretctlError | undefined>;
  /** A new master key, which these slots open and no other. */
  rekey(slots: readonly NewSlot[]): Promise<void>;
  /** 32 bytes, HKDF of the master key. */
  deriveKey(label: KeyLabel): Buffer;
  /** Forgets the master key as far as the language allows. */
  close(): void;
}

export function readVaultHeader(path: string, uid: number | undefined): VaultHeader {
  const { id, generation, slots } = loadHead(path, uid);
  return { vaultId: id, generation, slots: slots.map(slotInfo) };
}

/** A vault that a person opens: one with a passphrase or keychain slot. */
export function isPersonal({ slots }: Pick<VaultHeader, 'slots'>): boolean {
  return slots.some(({ type }) => type === 'scrypt' || type === 'keychain');
}

/** Is there one that a person can be asked for? */
export function hasPassphrase({ slots }: Pick<VaultHeader, 'slots'>): boolean {
  return slots.some(({ type }) => type === 'scrypt');
}

/** Makes the vault and opens it. Passphrases are the caller's to wipe. For errors see `createVaultFile`. */
export async function createVault(options: CreateOptions & Pick<OpenOptions, 'now' | 'keychain'>): Promise<Vault> {
  const { document, masterKey } = await createVaultFile(options);
  const [slot] = document.slots.map(slotInfo);
  if (slot === undefined) throw new SecretctlError('internal', 'the new vault has no key slot');
  return vaultOver(options, document, masterKey, slot);
}

/** Throws `vault-not-found`, `locked`, `unsafe-file`, `vault-damaged`, `rollback`, `not-permitted`, `io`. */
export async function openVault(options: OpenOptions): Promise<Vault> {
  const { places, uid, passphrase, keychain, unattended = true, acceptRollback } = options;
  refuseInsideWorkTree(places);
  const record = readGenerationRecord(places.state, uid);
  const parsed = loadVault(places.vault, uid);
  const unlocked = await unlock(parsed, {
    keychain: unattended ? keychain : undefined,
    keyFile: unattended ? places.keyFile : undefined,
    uid,
    handedKey: options.handedKey,
    identity: unattended ? options.identity : undefined,
    passphrase,
    slotCost: options.slotCost,
  });
  const { masterKey } = unlocked;
  if (isGenerationNews(record, parsed.document, masterKey, places.state, acceptRollback)) {
    recordGeneration(places.state, parsed.document, masterKey);
  }
  const document = await checkedByKeychain(options, parsed.document, unlocked);
  const stronger = unlocked.stronger && (await strengthened(options, document, masterKey, unlocked.stronger));
  return vaultOver(options, stronger?.document ?? document, masterKey, stronger?.unlockedBy ?? unlocked.unlockedBy);
}

/**
 * Throws `rollback` when the keychain knows of a later generation. It is asked after the vault was read: what a writer has
 * done in between is read then.
 */
async function checkedByKeychain(
  { places, uid, keychain, acceptRollback }: OpenOptions,
  read: VaultDocument,
  { masterKey, unlockedBy }: Unlocked,
): Promise<VaultDocument> {
  // Who accepts an older vault accepts it there, too, whatever opened it.
  const isAsked = unlockedBy.type === 'keychain' || acceptRollback !== undefined;
  if (keychain === undefined || !isAsked) return read;
  const kept = unlockedBy.type === 'keychain' ? await keptGeneration(keychain, read.id) : undefined;
  const document = kept !== undefined && kept > read.generation ? readAgain(places.vault, uid, masterKey) : read;
  if (isNewer(kept, document, acceptRollback)) await keepInKeychain(keychain, places.vault, uid, document);
  return document;
}

function readAgain(path: string, uid: number | undefined, masterKey: Buffer): VaultDocument {
  const parsed = loadVault(path, uid);
  verifyUnderKey(parsed, masterKey);
  return parsed.document;
}

/** Undefined where the vault cannot be written: it opens all the same, and is asked for the next time. */
async function strengthened(
  { places, uid }: OpenOptions,
  { id }: VaultDocument,
  key: Buffer,
  { old, line }: Replacement,
): Promise<{ document: VaultDocument; unlockedBy: SlotInfo } | undefined> {
  try {
    const document = await updateVault(places, uid, { key, newKey: undefined }, id, (current) => {
      const slots = current.slots.map((slot) => (slotInfo(slot).id === old ? line : slot));
      return slots.includes(line) ? { ...current, slots } : current;
    });
    if (!document.slots.includes(line)) return undefined;
    // There the passphrase would still cost little.
    removeBackup(places);
    return { document, unlockedBy: slotInfo(line) };
  } catch (error) {
    if (error instanceof SecretctlError) return undefined;
    throw error;
  }
}

function vaultOver(options: OpenOptions, opened: VaultDocument, openedKey: Buffer, unlockedBy: SlotInfo): Vault {
  const { places, uid, keychain, now = () => new Date() } = options;
  let document = opened;
  let masterKey = openedKey;
  let isClosed = false;

  const key = (): Buffer => {
    if (isClosed) throw new SecretctlError('internal', 'the vault is closed');
    return masterKey;
  };
  const entryIn = (within: VaultDocument, name: string): VaultEntry | undefined => {
    const line = within.entries.get(entryIdOf(key(), name));
    return line === undefined ? undefined : openEntry(key(), within.id, line);
  };
  const update = async (change: (current: VaultDocument) => VaultDocument, newKey?: Buffer): Promise<void> => {
    const before = document;
    document = await updateVault(places, uid, { key: key(), newKey }, document.id, change);
    const isNews = unlockedBy.type === 'keychain' && document.generation !== before.generation;
    const isGone = hasKeychainSlot(before) && !hasKeychainSlot(document);
    if (keychain !== undefined && (isNews || isGone)) await keepInKeychain(keychain, places.vault, uid, document);
  };
  const written = (within: VaultDocument, entries: readonly VaultEntry[]): VaultDocument => {
    const lines = entries.map((entry) => sealEntry(key(), within.id, entry));
    return { ...within, entries: new Map([...within.entries, ...lines.map((line) => [line.id, line] as const)]) };
  };
  const requiredIn = (within: VaultDocument, name: string): VaultEntry => required(entryIn(within, name), name);

  return {
    id: opened.id,
    unlockedBy,
    get generation() {
      return document.generation;
    },
    get slots() {
      return document.slots.map(slotInfo);
    },
    get: (name) => entryIn(document, name),
    list() {
      const entries = [...document.entries.values()].map((line) => openEntry(key(), document.id, line));
      return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
    async put(name, change) {
      checkName(name);
      await update((current) => written(current, [applyChange(name, entryIn(current, name), change, now())]));
      return requiredIn(document, name);
    },
    async putAll(changesOf) {
      await update((current) => {
        const changes = changesOf((name) => entryIn(current, name));
        for (const name of changes.keys()) checkName(name);
        const next = [...changes].map(([name, change]) => applyChange(name, entryIn(current, name), change, now()));
        return next.length === 0 ? current : written(current, next);
      });
    },
    async rename(name, newName) {
      checkName(newName);
      await update((current) => {
        const entry = requiredIn(current, name);
        if (entryIn(current, newName) !== undefined) {
          throw new SecretctlError('usage', `there is a secret ${newName} already`, `secretctl delete ${newName}`);
        }
        const entries = new Map(current.entries);
        entries.delete(entryIdOf(key(), name));
        return written({ ...current, entries }, [{ ...entry, name: newName, version: entry.version + 1 }]);
      });
      removeBackup(places);
    },
    async restore(name, version) {
      await update((current) => {
        const past = requiredIn(current, name).history.find((each) => each.version === version);
        if (past === undefined) {
          const message = `the secret ${name} has no earlier version ${version}`;
          throw new SecretctlError('secret-not-found', message, `secretctl history ${name}`);
        }
        return written(current, [applyChange(name, entryIn(current, name), { value: past.value }, now())]);
      });
      return requiredIn(document, name);
    },
    async delete(name) {
      await update((current) => {
        const entries = new Map(current.entries);
        if (!entries.delete(entryIdOf(key(), name))) throw noSuchSecret(name);
        return { ...current, entries };
      });
      removeBackup(places);
    },
    addSlot: (slot) =>
      undoOnFailure(async (undo) => {
        const line = await makeSlot(document.id, key(), slot, uid, undo);
        await update((current) => ({ ...current, slots: [...current.slots, line] }));
        return slotInfo(line);
      }),
    async removeSlot(id) {
      const gone = document.slots.filter((slot) => slotInfo(slot).id === id);
      await update((current) => withoutSlot(current, id));
      removeBackup(places);
      return deleteItems(gone, keychain);
    },
    async rekey(slots) {
      const newKey = newMasterKey();
      const gone = document.slots;
      await undoOnFailure(async (undo) => {
        const lines = await makeSlots(document.id, newKey, slots, uid, undo);
        await update((current) => {
          if (!hasSameSlots(current, document)) throw changedMeanwhile('its key slots');
          return resealed(current, key(), newKey, lines);
        }, newKey);
      });
      key().fill(0);
      masterKey = newKey;
      removeBackup(places);
      // An item without a slot opens nothing; that it stays is no reason to fail.
      await deleteItems(gone, keychain);
    },
    deriveKey: (label) => deriveKey(key(), label),
    close() {
      isClosed = true;
      masterKey.fill(0);
    },
  };
}

/** One turn of the write protocol, on what the file holds now: another process may have written since we opened it. */
function updateVault(
  places: VaultPlaces,
  uid: number | undefined,
  { key, newKey }: { readonly key: Buffer; readonly newKey: Buffer | undefined },
  vaultId: string,
  change: (current: VaultDocument) => VaultDocument,
): Promise<VaultDocument> {
  return withLock(`${places.vault}.lock`, { what: 'the vault' }, (lock) => {
    const record = readGenerationRecord(places.state, uid);
    const parsed = loadVault(places.vault, uid);
    checkSameVault(parsed, vaultId);
    verifyUnderKey(parsed, key);
    isGenerationNews(record, parsed.document, key, places.state);
    const changed = change(parsed.document);
    if (changed === parsed.document) return changed;
    const next = { ...changed, generation: parsed.document.generation + 1 };
    // Signed with the old key, it would call the vault of a writer that is killed in between a stranger's.
    if (newKey !== undefined) forgetGeneration(places.state);
    writeDocument(places, next, newKey ?? key, lock);
    return next;
  });
}

function checkSameVault({ document }: ParsedVault, vaultId: string): void {
  if (document.id === vaultId) return;
  throw new SecretctlError('vault-busy', 'another vault was put in the place of this one', 'try again');
}

/** It was under this key when it was opened. Who opens it again learns whether it has a new one, or is damaged. */
function verifyUnderKey(parsed: ParsedVault, key: Buffer): void {
  try {
    verifyMac(parsed, key);
  } catch {
    throw changedMeanwhile('its master key');
  }
}

function hasSameSlots(one: VaultDocument, other: VaultDocument): boolean {
  return one.slots.map((slot) => slotInfo(slot).id).join() === other.slots.map((slot) => slotInfo(slot).id).join();
}

function changedMeanwhile(what: string): SecretctlError {
  return new SecretctlError('vault-busy', `another process has changed the vault, ${what} too`, 'try again');
}

/** What was taken away must not live on in the backup, which old keys open. */
function removeBackup({ vault }: VaultPlaces): void {
  removeQuietly(`${vault}.bak-1`);
}

function withoutSlot(document: VaultDocument, id: string): VaultDocument {
  const slots = document.slots.filter((slot) => slotInfo(slot).id !== id);
  if (slots.length === document.slots.length) {
    throw new SecretctlError('usage', `there is no key slot ${id}`, 'secretctl vault slots list');
  }
  if (slots.length === 0) {
    throw new SecretctlError('usage', 'the last key slot cannot be removed', 'secretctl vault slots add keyfile');
  }
  return { ...document, slots };
}

/** The slots are gone already, so this fails nothing. */
async function deleteItems(
  slots: readonly SlotLine[],
  keychain: Keychain | undefined,
): Promise<SecretctlError | undefined> {
  if (keychain === undefined) return undefined;
  try {
    await Promise.all(slots.map((slot) => deleteItem(slot, keychain)));
    return undefined;
  } catch (error) {
    if (error instanceof SecretctlError) return error;
    throw error;
  }
}

function required(entry: VaultEntry | undefined, name: string): VaultEntry {
  if (entry === undefined) throw noSuchSecret(name);
  return entry;
}

function noSuchSecret(name: string): SecretctlError {
  return new SecretctlError('secret-not-found', `there is no secret ${name} in the vault`);
}
