// `NAME` and `NAME#FIELD` on the command line.

import { SecretctlError } from '../errors.js';
import { closest } from '../system/closest.js';
import type { VaultEntry } from '../vault/entry.js';
import type { Vault } from '../vault/store.js';

export function splitName(argument: string): { name: string; field: string | undefined } {
  const hash = argument.indexOf('#');
  if (hash === -1) return { name: argument, field: undefined };
  return { name: argument.slice(0, hash), field: argument.slice(hash + 1) };
}

/** Throws `secret-not-found`, with a suggestion where a name is close. */
export function requireEntry(vault: Vault, name: string): VaultEntry {
  const entry = vault.get(name);
  if (entry !== undefined) return entry;
  const near = closest(
    name,
    vault.list().map((other) => other.name),
  );
  const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
  throw new SecretctlError('secret-not-found', `there is no secret "${name}" in the vault${suggestion}`);
}
