import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { NewSlot } from '../../src/vault/create.js';
import { refusal } from '../support/errors.js';
import { keyFileVault, open, passphraseSlot, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => home.remove());

const sameKeyFile = (): NewSlot => {
  const path = home.places.keyFile;
  return { type: 'keyfile', path, bytes: readFileSync(path) };
};

describe('a new master key', () => {
  test('while another process has the vault open: its change is refused, and nothing is called damaged', async () => {
    const vault = await keyFileVault(home.places);
    const other = await open(home.places);
    await vault.rekey([sameKeyFile()]);
    const error = await refusal(() => other.put('late', { value: 'x' }));
    expect(error).toMatchObject({ code: 'vault-busy', hint: 'try again' });
    await vault.put('after', { value: 'y' });
    expect((await open(home.places)).list().map(({ name }) => name)).toEqual(['after']);
  });

  test('takes no key slot away that another process has added meanwhile', async () => {
    const vault = await keyFileVault(home.places);
    const other = await open(home.places);
    await other.addSlot(passphraseSlot('correct horse'));
    expect(await refusal(() => vault.rekey([sameKeyFile()]))).toMatchObject({ code: 'vault-busy' });
    expect((await open(home.places)).slots.map(({ type }) => type)).toEqual(['keyfile', 'scrypt']);
  });
});
