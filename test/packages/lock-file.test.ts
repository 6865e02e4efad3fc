import { describe, expect, test } from '@jest/globals';
import { formatLockFile, lockFromNpm, parseLockFile, requirePinned } from '../../src/packages/lock-file.js';
import type { PinnedPackage } from '../../src/profile/types.js';

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;
const OWN = { version: '1.0.0', integrity: INTEGRITY };
const lockOf = (packages: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ name: 'x', lockfileVersion: 3, requires: true, packages: { '': {}, ...packages } });
const read = (packages: Readonly<Record<string, unknown>>) =>
  lockFromNpm(lockOf({ 'node_modules/@a/b': OWN, ...packages }), '@a/b');

test('of what npm writes, what decides what is installed is kept', () => {
  const entry = { ...OWN, resolved: 'https://registry.example/c.tgz', license: 'MIT', os: ['linux'], optional: true };
  const lock = read({ 'node_modules/@a/b/node_modules/c': entry });
  expect(lock.packages.get('node_modules/@a/b/node_modules/c')).toEqual({ ...OWN, os: ['linux'], optional: true });
  expect(formatLockFile(lock)).not.toContain('registry.example');
  const again = parseLockFile(formatLockFile(lock).replaceAll('\n', '\r\n'), 'x');
  expect(again.tree).toBe(lock.tree);
});

describe('what nothing pins is refused', () => {
  const rows: readonly (readonly [string, string, unknown, RegExp])[] = [
    ['no digest', 'node_modules/c', { version: '1.0.0' }, /c has no sha512 digest/],
    ['a weak digest', 'node_modules/c', { version: '1.0.0', integrity: 'sha1-x' }, /c has no sha512 digest/],
    ['a link', 'node_modules/c', { resolved: '../c', link: true }, /c has no sha512 digest/],
    ['the archive of another, at the top', 'node_modules/c', { version: '1.0.0', inBundle: true }, /c comes inside/],
    ['the archive of another', 'node_modules/@a/b/node_modules/c', { ...OWN, inBundle: true }, /c comes inside/],
    ['a lock file of its own', 'node_modules/c', { ...OWN, hasShrinkwrap: true }, /c brings a lock file/],
    ['a place outside', '../c', OWN, /is at no place inside/],
    ['a place that climbs', 'node_modules/../../c', OWN, /is at no place inside/],
    ...['git+ssh://x/y.git', 'github:a/b', 'a/b', 'https://x/y.tgz', 'file:../c'].map(
      (wanted) =>
        [
          `from ${wanted}`,
          'node_modules/c',
          { ...OWN, dependencies: { d: wanted } },
          /c needs d from outside/,
        ] as const,
    ),
  ];
  test.each(rows)('%s', (_, place, entry, says) => expect(() => read({ [place]: entry })).toThrow(says));

  test('but another name for a package of the registry', () => {
    expect(() => read({ 'node_modules/c': { ...OWN, dependencies: { d: 'npm:e@^1.0.0' } } })).not.toThrow();
  });
});

test('a lock file that says where an archive is, is not believed though its digest was pinned', () => {
  const text = lockOf({ 'node_modules/@a/b': { ...OWN, resolved: 'https://evil.example/b.tgz' } });
  const lock = parseLockFile(text, 'x');
  const pinned: PinnedPackage = {
    spec: 'npm:@a/b@1.0.0',
    registry: 'npm',
    name: '@a/b',
    version: '1.0.0',
    integrity: INTEGRITY,
    tree: lock.tree,
    bin: undefined,
  };
  expect(() => requirePinned(lock, pinned, { what: 'x', hint: 'y' })).toThrow('says more than which package it is');
});
