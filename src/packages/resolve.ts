// Asks the registry which version a package has, and which versions of what it needs belong to it. Nothing is fetched but
// what the registry says of them.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { PackageSpec } from '../profile/package-spec.js';
import { makePrivateFolder } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { packagesFolder } from '../system/places.js';
import { findWorkTree } from '../system/work-tree.js';
import { requirePrivate } from './installed.js';
import { type LockFile, lockFromNpm, manifestFor, placeOf, textOf } from './lock-file.js';
import { npmRunner } from './npm.js';
import { chooseProgram, programsOf } from './program.js';

export interface Resolved {
  readonly version: string;
  readonly integrity: string;
  readonly lock: LockFile;
  /** Packages that would run a script of their own when they are installed. It does not run. */
  readonly scripted: readonly string[];
}

export interface ResolveRequest {
  readonly package: PackageSpec;
  readonly bin: string | undefined;
  /** Of the profile. */
  readonly workTree: string | undefined;
  /** The command to try again with. */
  readonly retry: string;
  readonly signal: AbortSignal;
}

/** Throws `unavailable`, or `bad-data` for a package that cannot be pinned or started. */
export async function resolvePackage(host: Host, request: ResolveRequest): Promise<Resolved> {
  const { name, wanted = 'latest' } = request.package;
  const spec = `npm:${name}@${wanted}`;
  const root = packagesFolder(host.env, () => host.accountHome, host.platform);
  makePrivateFolder(root);
  requirePrivate(host, root);
  const folder = await mkdtemp(join(root, 'resolve-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifestFor(name, wanted)));
    const distrusted = [findWorkTree(host.cwd), request.workTree].filter((tree) => tree !== undefined);
    const args = ['install', '--package-lock-only', '--prefer-online'];
    await npmRunner(host, { distrusted, byPerson: true })({
      args,
      folder,
      spec,
      retry: request.retry,
      signal: request.signal,
    });
    const lock = lockFromNpm(await readFile(join(folder, 'package-lock.json'), 'utf8'), name);
    return resolved(lock, spec, request);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function resolved(lock: LockFile, spec: string, { package: { name }, bin }: ResolveRequest): Resolved {
  const entry = lock.packages.get(placeOf(name));
  const [version, integrity] = [textOf(entry, 'version'), textOf(entry, 'integrity')];
  if (version === undefined || integrity === undefined) {
    throw new SecretctlError('bad-data', `${spec} is not in what npm resolved it to`);
  }
  // What cannot be started is not pinned; what counts in the end is in the archive.
  chooseProgram(programsOf(entry, name), { spec, name, bin });
  const scripted = [...lock.packages].filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = scripted.map(([place]) => place.split('node_modules/').at(-1) ?? place);
  return { version, integrity, lock, scripted: [...new Set(names)].toSorted() };
}
