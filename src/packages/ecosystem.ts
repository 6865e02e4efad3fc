// What differs between the registries: how a lock file is read, who fetches what it names, and which programs a package has.

import type { PackageSpec } from '../profile/package-spec.js';
import type { PinnedPackage } from '../profile/types.js';
import type { Host } from '../system/host.js';

export interface Ecosystem {
  /** Of the lock file's name, behind that of the profile: `.lock.json`. */
  readonly lockEnding: string;
  /** Throws `bad-data` where this is not the lock file that was pinned, or it does not pin the package itself. */
  readonly readLock: (text: string, pinned: PinnedPackage, words: LockWords) => Lock;
  /** Of what was fetched into `folder`: name → file for it to start, relative to the folder. */
  readonly programsIn: (folder: string, pinned: PinnedPackage) => ReadonlyMap<string, string>;
  /** Asks the registry, in `folder`. Throws `unavailable`, or `bad-data` for what cannot be pinned or started. */
  readonly resolve: (fetching: Fetching, wanted: Wanted) => Promise<Resolved>;
}

export interface Lock {
  /** How many packages it names. */
  readonly size: number;
  /** Fetches exactly these into the folder, and runs nothing of them. */
  readonly fetch: (fetching: Fetching) => Promise<void>;
  /** How many of them are there by now. */
  readonly countIn: (folder: string) => number;
}

/** Of a lock file, for messages: its path, and the command that writes it anew. */
export interface LockWords {
  readonly what: string;
  readonly hint: string;
}

export interface Fetching {
  readonly host: Host;
  /** Empty, private, and ours. */
  readonly folder: string;
  /** The package, in messages. */
  readonly spec: string;
  /** Work trees that offer no programs. */
  readonly distrusted: readonly string[];
  /** A person typed the command: their shell's proxy counts. A client's config, which a repository can bring, says nothing. */
  readonly byPerson: boolean;
  /** The command to try again with. */
  readonly retry: string;
  readonly signal: AbortSignal;
}

export interface Wanted {
  readonly package: PackageSpec;
  readonly bin: string | undefined;
}

export interface Resolved {
  readonly version: string;
  /** Undefined where the registry has one for each of many archives: then `tree` holds them. */
  readonly integrity: string | undefined;
  readonly tree: string;
  readonly lockText: string;
  readonly size: number;
  /** Packages that would run a script of their own when they are installed. It does not run. */
  readonly scripted: readonly string[];
}
