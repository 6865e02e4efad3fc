import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, chownSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notRun, refusal } from '../support/errors.js';
import { keyFileVault, open, UID, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
beforeEach(async () => {
  home = vaultHome();
  (await keyFileVault(home.places)).close();
});
afterEach(() => home.remove());

/** Replaces the file by something else, with the same contents where it has contents. */
const SPOILS: Record<string, (path: string) => void> = {
  'mode 0644': (path) => chmodSync(path, 0o644),
  'mode 0660': (path) => chmodSync(path, 0o660),
  'a symbolic link': (path) => {
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
  },
  'a second hard link': (path) => linkSync(path, `${path}.copy`),
  'a FIFO': (path) => {
    rmSync(path);
    spawnSync('mkfifo', ['-m', '600', path]);
  },
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path, 0o700);
  },
  'a device': (path) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
};

describe.each(['vault', 'keyFile'] as const)('the %s is refused', (which) => {
  test.each(Object.keys(SPOILS))('as %s', async (name) => {
    SPOILS[name]?.(home.places[which]);
    expect((await refusal(() => open(home.places))).code).toBe('unsafe-file');
  });

  test('when it belongs to another user', async () => {
    if (UID !== 0) return notRun('only root can give a file away');
    chownSync(home.places[which], 12345, 0);
    expect((await refusal(() => open(home.places))).code).toBe('unsafe-file');
  });
});

test('a folder that others can write to is refused, with the command that repairs it', async () => {
  chmodSync(home.folder, 0o770);
  expect(await refusal(() => open(home.places))).toMatchObject({
    code: 'unsafe-file',
    hint: `chmod go-w ${home.folder}`,
  });
});

describe('hard links of the write protocol', () => {
  test.each(['bak-1', 'bak-1.tmp'])(
    '%s, left by a writer that was killed, is accepted, and the next write clears it up',
    async (name) => {
      linkSync(home.places.vault, `${home.places.vault}.${name}`);
      const vault = await open(home.places);
      await vault.put('x', { value: '1' });
      await vault.put('x', { value: '2' });
      expect((await open(home.places)).get('x')?.value).toBe('2');
    },
  );

  test('both at once are accepted, a third is not', async () => {
    linkSync(home.places.vault, `${home.places.vault}.bak-1`);
    linkSync(home.places.vault, `${home.places.vault}.bak-1.tmp`);
    await open(home.places);
    linkSync(home.places.vault, join(home.folder, 'copy'));
    expect((await refusal(() => open(home.places))).message).toContain('hard links');
  });

  test('a backup that is another file does not excuse a link', async () => {
    writeFileSync(`${home.places.vault}.bak-1`, 'older', { mode: 0o600 });
    linkSync(home.places.vault, join(home.folder, 'copy'));
    expect((await refusal(() => open(home.places))).code).toBe('unsafe-file');
  });
});
