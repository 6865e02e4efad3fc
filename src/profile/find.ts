// Finds a profile by its name and reads it once. The only file of this room that touches the outside world.

import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { closest } from '../system/closest.js';
import { readSafeFile } from '../system/safe-file.js';
import { findWorkTree } from '../system/work-tree.js';
import { PROFILE_NAME } from './names.js';
import { LIMITS } from './prescan.js';
import type { Origin, ProfileSource } from './types.js';

const EXTENSION = '.yaml';

/** A `Host` is one. */
export interface FindOptions {
  readonly cwd: string;
  /** `profiles`: the user's own. */
  readonly places: { readonly profiles: string };
  readonly builtinProfiles: string;
  /** Effective user id; undefined where the platform has none. */
  readonly uid: number | undefined;
}

/**
 * Project folders from the working directory up to the work tree's root, then the user's, then the built-in ones; or
 * exactly `profileFile`, which may be called anything (a `name` that is this path stands for the file's own name).
 * A place that holds the name but cannot be trusted is refused, never skipped.
 * Throws `usage`, `profile-not-found`, `unsafe-file` or `io`.
 */
export function findProfile(name: string, options: FindOptions & { readonly profileFile?: string }): ProfileSource {
  const { profileFile } = options;
  if (profileFile !== undefined) {
    const own = name === profileFile ? basename(profileFile, EXTENSION) : name;
    return readNamedFile(own, resolve(options.cwd, profileFile), options);
  }
  requireName(name);
  const [found, ...others] = placesOf(options).filter(({ folder }) => exists(join(folder, name + EXTENSION)));
  if (found === undefined) throw notFound(name, options);
  const path = realPathUnder(found, name + EXTENSION);
  const shadowed = others.map(({ folder }) => join(realpathSync(folder), name + EXTENSION));
  return readProfile({ name, path, origin: found.origin, shadowed, uid: options.uid });
}

function requireName(name: string): void {
  if (PROFILE_NAME.test(name)) return;
  throw new SecretctlError(
    'usage',
    `"${name}" is not the name of a profile (a-z, 0-9, ".", "_" and "-")`,
    isPath(name) ? 'secretctl mcp-launch NAME --profile-file PATH' : 'secretctl profile list',
  );
}

/** Does an argument read like a file rather than a name? */
export function isPath(nameOrPath: string): boolean {
  return isAbsolute(nameOrPath) || /[/\\]|\.ya?ml$/.test(nameOrPath);
}

function readNamedFile(name: string, path: string, { uid }: FindOptions): ProfileSource {
  try {
    const real = join(realpathSync(dirname(path)), basename(path));
    return readProfile({ name, path: real, origin: 'file', shadowed: [], uid });
  } catch (error) {
    const missing =
      systemCode(error) === 'ENOENT' || (error instanceof SecretctlError && error.code === 'file-not-found');
    if (missing)
      throw new SecretctlError('profile-not-found', `there is no profile ${path}`, undefined, { cause: error });
    throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly origin: Origin;
  /** No file of this place lies outside of it, symbolic links of folders included. */
  readonly root: string;
}

/** Folders in the order of the look-up; one that is reached twice counts once, as what it is in the end. */
function placesOf({ cwd, places, builtinProfiles }: FindOptions): Place[] {
  const found = new Map<string, Place>();
  const add = (folder: string, origin: Origin, root: string): void => {
    const real = realPath(folder);
    if (real === undefined) return;
    const earlier = found.get(real);
    // Inside our own package the built-in folder is also a project's: it stays built-in, and keeps its rank.
    found.set(real, earlier === undefined ? { folder, origin, root } : { ...earlier, origin });
  };
  for (const ancestor of ancestors(cwd)) {
    add(join(ancestor, 'profiles'), 'project', ancestor);
    add(join(ancestor, '.secretctl'), 'project', ancestor);
  }
  add(places.profiles, 'user', places.profiles);
  add(builtinProfiles, 'builtin', builtinProfiles);
  return [...found.values()];
}

/** From the working directory up to the folder that holds `.git`; without one, the working directory only. */
function ancestors(cwd: string): string[] {
  const start = realPath(cwd) ?? cwd;
  const top = findWorkTree(start) ?? start;
  const folders = [start];
  for (let folder = start; folder !== top; folder = dirname(folder)) folders.push(dirname(folder));
  return folders;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The file itself is opened without following a link; its folder must not lead out of the place either. */
function realPathUnder({ folder, root }: Place, file: string): string {
  const path = join(realpathSync(folder), file);
  const inside = relative(realpathSync(root), path);
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return path;
  throw new SecretctlError(
    'unsafe-file',
    `the folder ${folder} leads out of ${root}`,
    'secretctl mcp-launch NAME --profile-file PATH',
  );
}

interface ProfileFile extends Omit<ProfileSource, 'bytes' | 'workTree'> {
  readonly uid: number | undefined;
}

function readProfile({ uid, ...file }: ProfileFile): ProfileSource {
  const rules = { what: 'profile', maxBytes: LIMITS.bytes, forbiddenMode: 0o022, uid, rootMayOwn: true } as const;
  const { bytes } = readSafeFile(file.path, rules);
  return { ...file, bytes, workTree: findWorkTree(dirname(file.path)) };
}

function notFound(name: string, options: FindOptions): SecretctlError {
  const near = closest(
    name,
    listProfiles(options).map((profile) => profile.name),
  );
  const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
  const other = placesOf(options)
    .map(({ folder }) => join(folder, `${name}.yml`))
    .find(exists);
  if (other !== undefined) {
    const message = `there is no profile "${name}", but there is ${withTilde(other)}`;
    return new SecretctlError('profile-not-found', message, `rename it to ${name}.yaml`);
  }
  const message = `there is no profile "${name}" in ${lookedIn(options)}${suggestion}`;
  return new SecretctlError('profile-not-found', message);
}

function lookedIn({ cwd, places }: FindOptions): string {
  const folders = ancestors(cwd);
  const top = folders.length > 1 ? ` or above, up to ${withTilde(folders.at(-1) ?? cwd)}` : '';
  return `profiles/ or .secretctl/ here${top}, in ${withTilde(places.profiles)}, or among the built-in ones`;
}

/** For messages only. */
function withTilde(path: string): string {
  const home = homedir();
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

export interface ListedProfile {
  readonly name: string;
  readonly origin: Origin;
  readonly path: string;
  readonly shadowed: readonly string[];
}

/** Every name that `findProfile` would find, in order of the names. Nothing is opened. */
export function listProfiles(options: FindOptions): ListedProfile[] {
  const byName = new Map<string, ListedProfile>();
  for (const { folder, origin } of placesOf(options)) {
    for (const name of namesIn(folder)) {
      const path = join(folder, name + EXTENSION);
      const earlier = byName.get(name);
      const entry =
        earlier === undefined
          ? { name, origin, path, shadowed: [] }
          : { ...earlier, shadowed: [...earlier.shadowed, path] };
      byName.set(name, entry);
    }
  }
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function namesIn(folder: string): string[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(EXTENSION));
    return files.map((file) => file.slice(0, -EXTENSION.length)).filter((name) => PROFILE_NAME.test(name));
  } catch {
    return [];
  }
}
