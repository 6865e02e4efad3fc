// Asks the registry which version a package has, and which versions of what it needs belong to it.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder, writeFailure } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { packagesFolder } from '../system/places.js';
import { findWorkTree } from '../system/work-tree.js';
import type { Resolved, Wanted } from './ecosystem.js';
import { ecosystemOf } from './ecosystems.js';
import { requirePrivate } from './installed.js';

export interface ResolveRequest extends Wanted {
  /** Of the profile. */
  readonly workTree: string | undefined;
  /** The command to try again with. */
  readonly retry: string;
  readonly signal: AbortSignal;
}

/** Throws `unavailable`, or `bad-data` for a package that cannot be pinned or started. */
export async function resolvePackage(
  host: Host,
  { workTree, retry, signal, ...wanted }: ResolveRequest,
): Promise<Resolved> {
  const { registry, name, wanted: version = 'latest' } = wanted.package;
  const root = packagesFolder(host.env, () => host.accountHome, host.platform);
  try {
    makePrivateFolder(root);
  } catch (error) {
    throw writeFailure(root, error);
  }
  requirePrivate(host, root);
  const folder = await mkdtemp(join(root, 'resolve-'));
  try {
    const distrusted = [findWorkTree(host.cwd), workTree].filter((tree) => tree !== undefined);
    const spec = `${registry}:${name}@${version}`;
    return await ecosystemOf(registry).resolve(
      { host, folder, spec, distrusted, byPerson: true, retry, signal },
      wanted,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
