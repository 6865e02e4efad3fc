import { copyFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Keychain } from '../../src/system/keychain.js';
import type { NewSlot } from '../../src/vault/create.js';
import type { OpenOptions } from '../../src/vault/store.js';
import { refusal } from '../support/errors.js';
import { createWith, type FakeKeychain, LOCKED, mapKeychain, openWith, words } from '../support/fake-keychain.js';
import { passphraseSlot, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
let keychain: FakeKeychain;
beforeEach(() => {
  home = vaultHome();
  keychain = mapKeychain();
});
afterEach(() => home.remove());

const create = (...more: readonly NewSlot[]) => createWith(keychain, home.places, ...more);
const open = (options: Partial<OpenOptions> = {}) => openWith(keychain, home.places, options);
const generationOf = (): string | undefined =>
  [...keychain.items].find(([name]) => name.startsWith('secretctl/gen:'))?.[1].toString();
const putBack = (): void => {
  copyFileSync(`${home.places.vault}.bak-1`, home.places.vault);
  rmSync(home.places.state, { recursive: true });
};

/** Somebody waits until somebody else opens it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const opening: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((resolve) => (opening.open = resolve));
  return { opened, open: () => opening.open() };
}

describe('the copy of the generation', () => {
  test('follows every write, and every vault that is newer', async () => {
    const vault = await create({ type: 'keyfile', path: home.places.keyFile });
    expect(generationOf()).toBeUndefined();
    await vault.put('x', { value: '1' });
    expect(generationOf()).toBe('2');
    await (await open({ keychain: LOCKED })).put('x', { value: '2' });
    expect(generationOf()).toBe('2');
    await open();
    expect(generationOf()).toBe('3');
  });

  test('notices who puts back the vault and the record beside it', async () => {
    const vault = await create({ type: 'keyfile', path: home.places.keyFile });
    await vault.put('x', { value: '1' });
    await vault.put('x', { value: '2' });
    putBack();
    const error = await refusal(() => open());
    expect(error).toMatchObject({ code: 'rollback', hint: expect.stringContaining('--accept-rollback 2') });
    // The key file asks nobody, and knows nothing of it.
    expect((await open({ keychain: LOCKED })).generation).toBe(2);
    expect((await open({ acceptRollback: 2 })).get('x')?.value).toBe('1');
    expect([generationOf(), (await open()).generation]).toEqual(['2', 2]);
  });

  test('is set back by a person who accepts the older vault by passphrase, too', async () => {
    const vault = await create(passphraseSlot('right'));
    await vault.put('x', { value: '1' });
    await vault.put('x', { value: '2' });
    putBack();
    expect((await refusal(() => open())).code).toBe('rollback');
    await open({ unattended: false, passphrase: words('right'), acceptRollback: 2 });
    expect([generationOf(), (await open()).generation]).toEqual(['2', 2]);
  });

  test('that is ahead because another process has just written is no rollback', async () => {
    const vault = await create();
    let isFirst = true;
    const slow: Keychain = {
      ...keychain,
      async get(service, account) {
        if (account.startsWith('gen:') && isFirst) {
          isFirst = false;
          await vault.put('x', { value: 'new' });
        }
        return keychain.get(service, account);
      },
    };
    const opened = await open({ keychain: slow });
    expect([opened.generation, opened.get('x')?.value]).toEqual([2, 'new']);
  });

  test('survives a new master key, and goes with the last slot', async () => {
    const vault = await create();
    await vault.rekey([{ type: 'keychain', keychain }]);
    expect([generationOf(), (await open()).generation]).toEqual(['2', 2]);
    await vault.addSlot({ type: 'keyfile', path: home.places.keyFile });
    await vault.removeSlot(vault.slots[0]?.id ?? '');
    expect(keychain.items.size).toBe(0);
  });

  test('is the newest one, however two writers cross', async () => {
    const fast = await create({ type: 'keyfile', path: home.places.keyFile });
    const [written, second] = [gate(), gate()];
    const slowKeychain: Keychain = {
      ...keychain,
      async set(service, account, bytes) {
        if (bytes.toString() === '2') {
          written.open();
          await second.opened;
        }
        return keychain.set(service, account, bytes);
      },
    };
    const slow = await open({ keychain: slowKeychain });
    const late = slow.put('x', { value: 'first' });
    await written.opened;
    await fast.put('y', { value: 'second' });
    expect(generationOf()).toBe('3');
    second.open();
    await late;
    expect(generationOf()).toBe('3');
  });

  test('goes with the last slot also when the passphrase has opened the vault', async () => {
    const vault = await create(passphraseSlot('right'));
    await vault.put('x', { value: '1' });
    const opened = await open({ unattended: false, passphrase: words('right') });
    await opened.removeSlot(opened.slots[0]?.id ?? '');
    expect(keychain.items.size).toBe(0);
  });

  test('goes with an older vault without a slot that a person accepts', async () => {
    const vault = await create(passphraseSlot('right'));
    await vault.put('x', { value: '1' });
    await vault.removeSlot(vault.slots[0]?.id ?? '');
    await keychain.set('secretctl', `gen:${vault.id}`, Buffer.from('9'));
    await open({ passphrase: words('right'), acceptRollback: 3 });
    expect(keychain.items.size).toBe(0);
  });

  test('that is no number is refused', async () => {
    const vault = await create();
    keychain.items.set(`secretctl/gen:${vault.id}`, Buffer.from('1e9'));
    expect((await refusal(() => open())).code).toBe('rollback');
  });
});
