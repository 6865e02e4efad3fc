// Where a vault may live. What lies in a git work tree may have been put there by whoever wrote the repository: a client
// configuration of its own, with a vault, a key and a memory of its own.

import { dirname } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Places } from '../system/places.js';
import { findWorkTree } from '../system/work-tree.js';

export type VaultPlaces = Pick<Places, 'vault' | 'keyFile' | 'state'>;

/** Throws `not-permitted`. */
export function refuseInsideWorkTree(places: VaultPlaces): void {
  const folders = { vault: dirname(places.vault), 'key file': dirname(places.keyFile), 'state folder': places.state };
  const hint = 'set SECRETCTL_HOME to a folder outside every work tree';
  for (const [what, folder] of Object.entries(folders)) refuseWorkTree(what, folder, hint);
}

/** Throws `not-permitted`. */
export function refuseWorkTree(what: string, folder: string, hint: string): void {
  const workTree = findWorkTree(folder);
  if (workTree === undefined) return;
  throw new SecretctlError('not-permitted', `the ${what} would lie inside the git work tree ${workTree}`, hint);
}
