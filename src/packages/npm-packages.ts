// Packages of the npm registry.

import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { SecretctlError } from '../errors.js';
import { isInside } from '../process/trusted-folders.js';
import type { PinnedPackage } from '../profile/types.js';
import type { Ecosystem, Fetching, Resolved, Wanted } from './ecosystem.js';
import {
  formatLockFile,
  lockFromNpm,
  manifestFor,
  parseLockFile,
  placeOf,
  requirePinned,
  textOf,
} from './lock-file.js';
import { runNpm } from './npm.js';
import { chooseProgram, isForNode, programsOf } from './program.js';

export const NPM_PACKAGES: Ecosystem = {
  lockEnding: '.lock.json',
  readLock(text, pinned, words) {
    const lock = parseLockFile(text, words.what, words.hint);
    requirePinned(lock, pinned, words);
    const places = [...lock.packages.keys()];
    return {
      size: places.length,
      async fetch(fetching) {
        await writeManifest(fetching, pinned.name, pinned.version);
        await writeFile(join(fetching.folder, 'package-lock.json'), formatLockFile(lock));
        await runNpm(['ci'], fetching);
      },
      countIn: (folder) => places.filter((place) => existsSync(join(folder, place, 'package.json'))).length,
    };
  },
  programsIn,
  resolve: resolvePackage,
};

function writeManifest({ folder }: Fetching, name: string, wanted: string): Promise<void> {
  return writeFile(join(folder, 'package.json'), JSON.stringify(manifestFor(name, wanted)));
}

/** What the archive itself says, whose digest was checked; the registry may say something else about its programs. */
function programsIn(folder: string, { spec, name, version }: PinnedPackage): ReadonlyMap<string, string> {
  const own = realpathSync(join(folder, placeOf(name)));
  const manifest: unknown = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
  const said = new Map(Object.entries(manifest ?? {}));
  if (said.get('name') !== name || said.get('version') !== version) {
    throw new SecretctlError('bad-data', `the archive of ${spec} holds another package`);
  }
  const root = realpathSync(folder);
  const programs = [...programsOf(manifest, name)].flatMap(([program, file]) => {
    const path = startable(own, file);
    return path === undefined ? [] : [[program, relative(root, path).split(sep).join('/')] as const];
  });
  return new Map(programs);
}

/** The real path of a program for Node inside the package's own folder; undefined for anything else. */
function startable(own: string, file: string): string | undefined {
  try {
    const path = realpathSync(resolve(own, file));
    if (!isInside(path, own) || !statSync(path).isFile()) return undefined;
    return isForNode(startOf(path)) ? path : undefined;
  } catch {
    return undefined;
  }
}

function startOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(512);
    return buffer.subarray(0, readSync(descriptor, buffer));
  } finally {
    closeSync(descriptor);
  }
}

/** Nothing is fetched but what the registry says of the packages. */
async function resolvePackage(fetching: Fetching, wanted: Wanted): Promise<Resolved> {
  const { name, wanted: version = 'latest' } = wanted.package;
  await writeManifest(fetching, name, version);
  await runNpm(['install', '--package-lock-only', '--prefer-online'], fetching);
  const lock = lockFromNpm(await readFile(join(fetching.folder, 'package-lock.json'), 'utf8'), name);
  const entry = lock.packages.get(placeOf(name));
  const [exact, integrity] = [textOf(entry, 'version'), textOf(entry, 'integrity')];
  if (exact === undefined || integrity === undefined) {
    throw new SecretctlError('bad-data', `${fetching.spec} is not in what npm resolved it to`);
  }
  // What cannot be started is not pinned; what counts in the end is in the archive.
  chooseProgram(programsOf(entry, name), { spec: fetching.spec, name, bin: wanted.bin });
  const scripted = [...lock.packages].filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = new Set(scripted.map(([place]) => place.split('node_modules/').at(-1) ?? place));
  const lockText = formatLockFile(lock);
  const { size } = lock.packages;
  return { version: exact, integrity, tree: lock.tree, lockText, size, scripted: [...names].toSorted() };
}
