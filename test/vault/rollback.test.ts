import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../support/errors.js';
import { keyFileVault, open, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
let record: string;

beforeEach(async () => {
  home = vaultHome();
  record = join(home.places.state, 'last-gen');
  const vault = await keyFileVault(home.places);
  await vault.put('x', { value: '1' });
  await vault.put('x', { value: '2' });
});
afterEach(() => home.remove());

const restoreBackup = (): void => copyFileSync(`${home.places.vault}.bak-1`, home.places.vault);

describe('an older vault', () => {
  test('is refused, for reading and for writing', async () => {
    const vault = await open(home.places);
    restoreBackup();
    expect((await refusal(() => open(home.places))).code).toBe('rollback');
    expect((await refusal(() => vault.put('x', { value: '3' }))).code).toBe('rollback');
  });

  test('is accepted where nothing is known of it, and remembered from then on', async () => {
    const newest = readFileSync(home.places.vault);
    restoreBackup();
    rmSync(record);
    expect((await open(home.places)).generation).toBe(2);
    writeFileSync(home.places.vault, newest);
    expect((await open(home.places)).generation).toBe(3);
    restoreBackup();
    expect((await refusal(() => open(home.places))).code).toBe('rollback');
  });
});

describe('the record', () => {
  test('is private, and names the newest generation', () => {
    expect(statSync(record).mode & 0o777).toBe(0o600);
    expect(readFileSync(record, 'utf8')).toMatch(/^secretctl-last-gen\/1 \S{22} gen=3 \S{43}\n$/);
  });

  test.each([
    ['a lower generation', (text: string) => text.replace('gen=3', 'gen=2')],
    ['another mac', (text: string) => text.replace(/ \S{43}\n$/, ` ${'A'.repeat(43)}\n`)],
    ['a mac that is too short', (text: string) => text.replace(/ \S{43}\n$/, ' AAAA\n')],
    ['another magic', (text: string) => text.replace('last-gen/1', 'last-gen/2')],
    ['garbage', () => 'garbage'],
  ])('with %s is refused', async (_name, spoil) => {
    writeFileSync(record, spoil(readFileSync(record, 'utf8')));
    expect(await refusal(() => open(home.places))).toMatchObject({
      code: 'rollback',
      hint: expect.stringContaining('rm '),
    });
  });

  test('of another vault does not count', async () => {
    writeFileSync(record, readFileSync(record, 'utf8').replace(/ \S{22} gen=3/, ` ${'A'.repeat(22)} gen=99`));
    expect((await open(home.places)).generation).toBe(3);
    expect(readFileSync(record, 'utf8')).toContain('gen=3 ');
  });

  test('that cannot be written stops nothing', async () => {
    rmSync(home.places.state, { recursive: true });
    writeFileSync(home.places.state, 'a file where the folder should be');
    const vault = await open(home.places);
    expect((await vault.put('x', { value: '3' })).value).toBe('3');
  });
});
