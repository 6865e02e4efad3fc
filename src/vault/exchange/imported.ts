// What a file of another program comes down to, and what it would change in the vault.

import { isSameValue, type EntryChange } from '../change.js';
import type { SecretValue, VaultEntry } from '../entry.js';

export interface Imported {
  readonly name: string;
  readonly value: SecretValue;
  readonly tags: readonly string[];
  readonly note?: string;
  /** ISO 8601, UTC. */
  readonly expires?: string;
  /** The fields are the ones of a database connection. */
  readonly isConnection?: boolean;
}

/** Something of the file that is not among the secrets. Neither text is secret. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
}

export interface ImportResult {
  readonly secrets: readonly Imported[];
  readonly skipped: readonly Skipped[];
}

/** What the file does not say stays as it is in the vault: tags, note, expiry. */
export function changeOf({ value, tags, note, expires, isConnection }: Imported): EntryChange {
  return {
    value,
    ...(isConnection === true && { type: 'connection' }),
    ...(tags.length > 0 && { tags }),
    ...(note !== undefined && { note }),
    ...(expires !== undefined && { expires }),
  };
}

/** True when `changeOf(imported)` changes nothing that anyone can see. */
export function isSame({ value, meta }: VaultEntry, imported: Imported): boolean {
  const { type = meta.type, tags = meta.tags, note = meta.note, expires = meta.expires } = changeOf(imported);
  const isSameMeta = type === meta.type && note === meta.note && expires === meta.expires;
  return isSameMeta && isSameList(tags, meta.tags) && isSameValue(value, imported.value);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
