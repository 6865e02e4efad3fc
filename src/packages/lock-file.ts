// The lock file beside a profile: which version of which package is installed, each with the digest of its archive. It is
// npm's own package-lock.json (lockfileVersion 3) without what decides nothing. Where archives come from is left out, too:
// every machine asks its own registry, and the digests say whether it got the right thing.

import { type Canonical, fingerprintOf, isCanonical } from '../canonical.js';
import { SecretctlError } from '../errors.js';
import type { PinnedPackage } from '../profile/types.js';

type Document = { readonly [key: string]: Canonical };

export interface LockFile {
  /** What npm reads. */
  readonly document: Document;
  /** `node_modules/a/node_modules/b` → what npm says of it. Without the root. */
  readonly packages: ReadonlyMap<string, Document>;
  /** `sha256:…`: what `server.tree` holds. */
  readonly tree: string;
}

/** What an entry says about which package it is, where it runs and what it needs. */
const KEPT = new Set(
  (
    'name version integrity dependencies optionalDependencies peerDependencies peerDependenciesMeta bundleDependencies ' +
    'bin engines os cpu libc optional peer dev devOptional inBundle hasInstallScript hasShrinkwrap'
  ).split(' '),
);
const PLACE = /^(?:(?:^|\/)node_modules\/(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*)+$/;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** The package.json that npm is given beside the lock file. */
export function manifestFor(name: string, version: string): Document {
  return { name: 'secretctl-package', version: '0.0.0', private: true, dependencies: { [name]: version } };
}

/** Of npm's text, what is kept. Throws `bad-data` for a dependency that no digest pins. */
export function lockFromNpm(text: string, name: string): LockFile {
  const lock = parseLockFile(text, "npm's lock file");
  const entries = [...lock.packages].map(([place, entry]) => [place, only(entry)] as const);
  const wanted = { [name]: textOf(lock.packages.get(placeOf(name)), 'version') ?? '' };
  const root = { name: 'secretctl-package', version: '0.0.0', dependencies: wanted };
  const packages = Object.fromEntries<Canonical>([['', root], ...entries]);
  const document = { name: root.name, version: root.version, lockfileVersion: 3, requires: true, packages };
  return checked({ document, packages: new Map(entries), tree: fingerprintOf(document) }, "npm's lock file");
}

/** Throws `bad-data`. `what` names it in messages. */
export function parseLockFile(text: string, what: string, hint?: string): LockFile {
  const document = parsed(text);
  const packages = document?.['packages'];
  if (document?.['lockfileVersion'] !== 3 || !isMap(packages)) {
    throw new SecretctlError('bad-data', `${what} is no lock file as npm writes it`, hint);
  }
  const entries = Object.entries(packages).flatMap(([place, entry]) =>
    place !== '' && isMap(entry) ? [[place, entry] as const] : [],
  );
  return { document, packages: new Map(entries), tree: fingerprintOf(document) };
}

/** Throws `bad-data` where this is not the lock file that was pinned, or does not pin the package itself. */
export function requirePinned(
  lock: LockFile,
  { spec, name, version, integrity, tree }: PinnedPackage,
  { what, hint }: { readonly what: string; readonly hint: string },
): void {
  if (lock.tree !== tree) {
    throw new SecretctlError('bad-data', `${what} is not the one that the profile was pinned with`, hint);
  }
  checked(lock, what);
  const entry = lock.packages.get(placeOf(name));
  if (textOf(entry, 'version') === version && textOf(entry, 'integrity') === integrity) return;
  throw new SecretctlError('bad-data', `${what} does not hold ${spec} with the integrity of the profile`, hint);
}

/** Where npm puts the package itself. */
export function placeOf(name: string): string {
  return `node_modules/${name}`;
}

/** As it stands beside a profile. */
export function formatLockFile({ document }: LockFile): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function textOf(entry: Document | undefined, key: string): string | undefined {
  const value = entry?.[key];
  return typeof value === 'string' ? value : undefined;
}

function checked(lock: LockFile, what: string): LockFile {
  for (const [place, entry] of lock.packages) {
    const wrong = wrongWith(place, entry);
    if (wrong === undefined) continue;
    throw new SecretctlError('bad-data', `${what}: ${place.split('node_modules/').at(-1) ?? place} ${wrong}`);
  }
  return lock;
}

/**
 * What a package brings along decides nothing: what npm does not find in the archive it fetches, and of that no digest is
 * known here; and a lock file inside the archive names packages that this one does not.
 */
function wrongWith(place: string, entry: Document): string | undefined {
  if (!PLACE.test(place)) return 'is at no place inside of the package folder';
  if (Object.keys(entry).some((key) => !KEPT.has(key))) return 'says more than which package it is';
  const outside = outsideOf(entry);
  if (outside !== undefined) return `needs ${outside} from outside of the registry, where nothing pins it`;
  if (entry['inBundle'] !== undefined) return 'comes inside the archive of another, where nothing pins it by itself';
  if (entry['hasShrinkwrap'] !== undefined) return 'brings a lock file of its own, which is not this one';
  if (INTEGRITY.test(textOf(entry, 'integrity') ?? '')) return undefined;
  return 'has no sha512 digest in the registry: nothing pins it';
}

/** The first dependency that is an address, a path or a repository. */
function outsideOf(entry: Document): string | undefined {
  const needed = ['dependencies', 'optionalDependencies'].flatMap((key) => {
    const map = entry[key];
    return isMap(map) ? Object.entries(map) : [];
  });
  return needed.find(([, wanted]) => typeof wanted !== 'string' || /^(?!npm:).*[:/]/.test(wanted))?.[0];
}

function only(entry: Document): Document {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => KEPT.has(key)));
}

function parsed(text: string): Document | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isCanonical(document) && isMap(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isMap(value: Canonical | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
