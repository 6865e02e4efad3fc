// The n-th system call of a write fails, for every n: afterwards the vault is the old or the new one, and nothing is left.

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fs from 'node:fs';
import type { SecretValue } from '../../src/vault/entry.js';
import type { VaultHome } from '../support/vault-home.js';

const CALLS = [
  'openSync',
  'writeSync',
  'writeFileSync',
  'fchmodSync',
  'fsyncSync',
  'linkSync',
  'renameSync',
  'readdirSync',
] as const;

/** Calls until the failing one; Infinity: none fails. */
let untilFailure = Infinity;
let failed: string | undefined;

function failing<A extends unknown[], R>(name: string, call: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    untilFailure -= 1;
    if (untilFailure !== 0) return call(...args);
    failed = name;
    throw Object.assign(new Error(`injected into ${name}`), { code: 'ENOSPC' });
  };
}

jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  openSync: failing('openSync', fs.openSync),
  // Short writes, three bytes at a time at first: one write is never taken for all.
  writeSync: failing('writeSync', (fd: number, bytes: Buffer, offset: number) =>
    fs.writeSync(fd, bytes, offset, Math.min(bytes.length - offset, offset < 9 ? 3 : 1 << 20)),
  ),
  writeFileSync: failing('writeFileSync', fs.writeFileSync),
  fchmodSync: failing('fchmodSync', fs.fchmodSync),
  fsyncSync: failing('fsyncSync', fs.fsyncSync),
  linkSync: failing('linkSync', fs.linkSync),
  renameSync: failing('renameSync', fs.renameSync),
  readdirSync: failing('readdirSync', fs.readdirSync),
}));

const { keyFileVault, open, vaultHome } = await import('../support/vault-home.js');

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => {
  untilFailure = Infinity;
  home.remove();
});

const textOf = (value: SecretValue | undefined): string => (typeof value === 'string' ? value : 'no text');

/** True when the work failed; then it failed clearly. */
async function failsCleanly(work: () => Promise<unknown>, at: number): Promise<boolean> {
  failed = undefined;
  untilFailure = at;
  const error: unknown = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  untilFailure = Infinity;
  if (error !== undefined) expect(error).toMatchObject({ code: 'io' });
  return error !== undefined;
}

describe('when the disk is full at the n-th call', () => {
  test('of a change: the old value or the new one, no lock, no rest', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('x', { value: '0' });
    const names = fs.readdirSync(home.folder).toSorted();
    const hit = new Set<string>();
    for (let n = 1, written = '0'; ; n += 1) {
      const hasFailed = await failsCleanly(() => vault.put('x', { value: String(n) }), n);
      const value = textOf((await open(home.places)).get('x')?.value);
      expect([written, String(n)]).toContain(value);
      if (!hasFailed) expect(value).toBe(String(n));
      written = value;
      expect(fs.readdirSync(home.folder).toSorted()).toEqual(names);
      if (failed === undefined) break;
      hit.add(failed);
    }
    expect([...hit].toSorted()).toEqual([...CALLS].toSorted());
  });

  test('of making a vault: all or nothing', async () => {
    for (let n = 1; ; n += 1) {
      const hasFailed = await failsCleanly(() => keyFileVault(home.places), n);
      if (failed === undefined) break;
      if (hasFailed) expect(fs.readdirSync(home.folder)).toEqual([]);
      else expect((await open(home.places)).generation).toBe(1);
      home.remove();
      home = vaultHome();
    }
  });
});
