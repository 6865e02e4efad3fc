import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVault, isPersonal, openVault, readVaultHeader } from '../../src/vault/store.js';
import { entryIdOf } from '../../src/vault/keys.js';
import { refusal } from '../support/errors.js';
import { forgeVault } from '../support/vault-forge.js';
import { keyFileVault, open, passphraseSlot, placesIn, UID, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => home.remove());

describe('a new vault', () => {
  test('with a key file opens by it, without a question', async () => {
    const created = await keyFileVault(home.places);
    const opened = await open(home.places);
    expect(opened.id).toBe(created.id);
    expect(opened.unlockedBy).toEqual(created.unlockedBy);
    expect(opened.unlockedBy.type).toBe('keyfile');
    expect(readFileSync(home.places.keyFile)).toHaveLength(32);
    for (const file of [home.places.vault, home.places.keyFile]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('with a passphrase opens by it, and is a personal one', async () => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('correct horse')] });
    const opened = await open(home.places, 'correct horse');
    expect(opened.unlockedBy).toMatchObject({ type: 'scrypt', cost: { logN: 15, r: 8, p: 1 } });
    const header = readVaultHeader(home.places.vault, UID);
    expect(header).toMatchObject({ vaultId: opened.id, generation: 1, slots: opened.slots });
    expect(isPersonal(header)).toBe(true);
  });

  test('makes its folders, for nobody else', async () => {
    const places = placesIn(join(home.folder, 'a', 'b'));
    await keyFileVault(places);
    expect(statSync(join(home.folder, 'a', 'b')).mode & 0o777).toBe(0o700);
    expect(isPersonal(readVaultHeader(places.vault, UID))).toBe(false);
  });

  test('never overwrites a vault', async () => {
    writeFileSync(home.places.vault, 'mine');
    expect((await refusal(() => keyFileVault(home.places))).message).toContain('is there already');
    expect(readdirSync(home.folder)).toEqual(['vault.sctl']);
  });

  test('never overwrites a key file, and leaves nothing behind', async () => {
    writeFileSync(home.places.keyFile, 'mine');
    await refusal(() => keyFileVault(home.places));
    expect([readdirSync(home.folder), readFileSync(home.places.keyFile, 'utf8')]).toEqual([['vault.key'], 'mine']);
  });

  test.each([
    ['an empty passphrase', [passphraseSlot('')]],
    ['no slot', []],
    ['a cost below the limits', [{ ...passphraseSlot('x'), cost: { logN: 10, r: 8, p: 1 } }]],
  ])('is refused for %s, and leaves nothing behind', async (_name, slots) => {
    const keyFile = { type: 'keyfile', path: home.places.keyFile } as const;
    const places = placesIn(join(home.folder, 'deep', 'er'));
    const all = slots.length === 0 ? [] : [keyFile, ...slots];
    expect((await refusal(() => createVault({ places, uid: UID, slots: all }))).code).toBe('usage');
    expect(readdirSync(home.folder)).toEqual([]);
  });

  test('is refused inside a git work tree, for making and for opening', async () => {
    await keyFileVault(home.places);
    mkdirSync(join(home.folder, '.git'));
    expect((await refusal(() => open(home.places))).code).toBe('not-permitted');
    const places = placesIn(join(home.folder, 'sub'));
    expect((await refusal(() => keyFileVault(places))).code).toBe('not-permitted');
    expect(existsSync(join(home.folder, 'sub'))).toBe(false);
  });
});

describe('unlocking', () => {
  test('refuses a wrong passphrase', async () => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('right')] });
    expect(await refusal(() => open(home.places, 'wrong'))).toMatchObject({
      code: 'locked',
      message: 'the passphrase is wrong',
    });
  });

  test('asks three times, and says which are not the first', async () => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('right')] });
    const asked: boolean[] = [];
    const answering = (right: number) =>
      openVault({
        places: home.places,
        uid: UID,
        passphrase: async (isAgain) => Buffer.from(asked.push(isAgain) === right ? 'right' : 'wrong'),
      });
    expect((await answering(3)).unlockedBy.type).toBe('scrypt');
    expect(asked).toEqual([false, true, true]);
    expect((await refusal(() => answering(7))).code).toBe('locked');
    expect(asked).toHaveLength(6);
  });

  test.each([
    ['there is none', undefined, 'there is no key file', 'secretctl vault slots add keyfile'],
    [
      'it is of another vault',
      Buffer.alloc(32, 1),
      'is no key file of this vault',
      'secretctl vault slots add keyfile PATH',
    ],
  ])('without a terminal it says of the key file that %s', async (_name, bytes, message, hint) => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('right')] });
    if (bytes !== undefined) writeFileSync(home.places.keyFile, bytes, { mode: 0o600 });
    const error = await refusal(() => open(home.places));
    expect(error).toMatchObject({ code: 'locked', hint });
    expect(error.message).toContain(message);
  });

  test('without a terminal it names the way out', async () => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('right')] });
    const expected = { code: 'locked', hint: 'secretctl vault slots add keyfile' };
    expect(await refusal(() => open(home.places))).toMatchObject(expected);
  });

  test.each([
    ['a missing key file', undefined, 'there is no key file'],
    ['another key file', Buffer.alloc(32, 1), 'is no key file of this vault'],
  ])('refuses %s', async (_name, bytes, message) => {
    await keyFileVault(home.places);
    const places = { ...home.places, keyFile: join(home.folder, 'other.key') };
    if (bytes !== undefined) writeFileSync(places.keyFile, bytes, { mode: 0o600 });
    expect(await refusal(() => open(places, 'unused'))).toMatchObject({
      code: 'locked',
      message: expect.stringContaining(message),
    });
  });

  test('asks for the passphrase when the key file is of another vault', async () => {
    const vault = await keyFileVault(home.places);
    await vault.addSlot(passphraseSlot('words'));
    const places = { ...home.places, keyFile: join(home.folder, 'other.key') };
    writeFileSync(places.keyFile, Buffer.alloc(32, 1), { mode: 0o600 });
    expect((await open(places, 'words')).unlockedBy.type).toBe('scrypt');
    expect((await open(home.places, 'never asked')).unlockedBy.type).toBe('keyfile');
  });

  test('refuses a key file that is too short', async () => {
    await keyFileVault(home.places);
    writeFileSync(home.places.keyFile, Buffer.alloc(31));
    expect((await refusal(() => open(home.places))).code).toBe('bad-data');
  });

  test('says when there is no vault', async () => {
    expect(await refusal(() => open(home.places))).toMatchObject({ code: 'vault-not-found', hint: 'secretctl init' });
    expect((await refusal(() => readVaultHeader(home.places.vault, UID))).code).toBe('vault-not-found');
  });
});

describe('secrets', () => {
  test('are kept, found one by one, listed by name and deleted', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('b/token', { value: 'two\nlines \u00e9 ${x}', tags: ['ci'], note: 'hello' });
    await vault.put('A', { value: 'x' });
    const opened = await open(home.places);
    expect(opened.generation).toBe(3);
    expect(opened.get('b/token')).toMatchObject({
      value: 'two\nlines \u00e9 ${x}',
      version: 1,
      meta: { type: 'string', tags: ['ci'], note: 'hello' },
    });
    expect(opened.list().map(({ name }) => name)).toEqual(['A', 'b/token']);
    expect(opened.get('a')).toBeUndefined();
    await opened.delete('A');
    expect((await open(home.places)).list().map(({ name }) => name)).toEqual(['b/token']);
    expect((await refusal(() => opened.delete('A'))).code).toBe('secret-not-found');
  });

  test('no name and no value is in the file', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('a/very/special/name', { value: 'a-very-special-value', note: 'a-very-special-note' });
    expect(readFileSync(home.places.vault, 'latin1')).not.toMatch(/special/);
  });

  test('are found without opening the others', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('one', { value: '1' });
    await vault.put('two', { value: '2' });
    forgeVault(home.places, (document, masterKey) => {
      const id = entryIdOf(masterKey, 'two');
      return {
        ...document,
        entries: new Map(document.entries).set(id, { id, version: 1, blob: Buffer.alloc(40).toString('base64url') }),
      };
    });
    const opened = await open(home.places);
    expect(opened.get('one')?.value).toBe('1');
    for (const look of [() => opened.get('two'), () => opened.list()])
      expect((await refusal(look)).code).toBe('vault-damaged');
  });

  test('fields are set one at a time, and keep the type of a connection', async () => {
    const vault = await keyFileVault(home.places);
    const url = new Map([
      ['engine', 'postgres'],
      ['host', 'db'],
      ['password', 'first'],
    ]);
    await vault.put('db', { value: url, type: 'connection' });
    const changed = await vault.put('db', {
      fields: new Map([
        ['password', 'second'],
        ['__proto__', 'odd'],
      ]),
    });
    expect(changed).toMatchObject({ version: 2, meta: { type: 'connection' } });
    expect((await open(home.places)).get('db')?.value).toEqual(
      new Map([...url, ['password', 'second'], ['__proto__', 'odd']]),
    );
  });

  test('remember the last ten values, and what did not change', async () => {
    let clock = 0;
    const places = home.places;
    const slots = [{ type: 'keyfile', path: places.keyFile }] as const;
    const vault = await createVault({ places, uid: UID, slots, now: () => new Date(Date.UTC(2030, 0, 1) + clock++) });
    for (let i = 1; i <= 12; i += 1) await vault.put('x', { value: `v${i}` });
    const noted = await vault.put('x', { note: 'n' });
    expect(noted).toMatchObject({ value: 'v12', version: 13, created: '2030-01-01T00:00:00.011Z' });
    expect(noted.history.map(({ value, version }) => [value, version])).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((n) => [`v${n}`, n]),
    );
  });

  test.each([
    ['an empty name', '', { value: 'x' }, 'usage'],
    ['a name with a space', 'a b', { value: 'x' }, 'usage'],
    ['a name that begins with a dot', '../x', { value: 'x' }, 'usage'],
    ['a name that is too long', 'a'.repeat(129), { value: 'x' }, 'usage'],
    ['no value', 'x', { note: 'n' }, 'usage'],
    ['an empty value', 'x', { value: '' }, 'bad-data'],
    ['NUL', 'x', { value: 'a\0b' }, 'bad-data'],
    ['half a surrogate pair', 'x', { value: 'a\ud800b' }, 'bad-data'],
    ['a value that is too long', 'x', { value: 'x'.repeat(131_001) }, 'bad-data'],
    ['no field', 'x', { value: new Map<string, string>() }, 'bad-data'],
    ['an empty field', 'x', { fields: new Map([['a', '']]) }, 'bad-data'],
    ['an odd field name', 'x', { fields: new Map([['a b', 'x']]) }, 'usage'],
    ['a field of a text', 'text', { fields: new Map([['a', 'x']]) }, 'usage'],
    ['an expiry that is no time', 'x', { value: 'x', expires: 'soon' }, 'usage'],
  ])('%s is refused, and nothing changes', async (_name, name, change, code) => {
    const vault = await keyFileVault(home.places);
    await vault.put('text', { value: 'x' });
    const before = readFileSync(home.places.vault);
    expect((await refusal(() => vault.put(name, change))).code).toBe(code);
    expect(readFileSync(home.places.vault)).toEqual(before);
    expect(readdirSync(home.folder).toSorted()).toEqual(['state', 'vault.key', 'vault.sctl', 'vault.sctl.bak-1']);
  });

  test('the longest value fits', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('x', { value: 'x'.repeat(131_000) });
    expect((await open(home.places)).get('x')?.value).toHaveLength(131_000);
  });
});

describe('slots', () => {
  test('are added and removed, but for the last one', async () => {
    const vault = await keyFileVault(home.places);
    await vault.put('x', { value: 'kept' });
    const added = await vault.addSlot(passphraseSlot('words'));
    const [keyFile] = vault.slots;
    await vault.removeSlot(keyFile?.id ?? '');
    const opened = await open(home.places, 'words');
    expect([opened.slots, opened.get('x')?.value]).toEqual([[added], 'kept']);
    expect(await refusal(() => opened.removeSlot(added.id))).toMatchObject({
      code: 'usage',
      message: 'the last key slot cannot be removed',
    });
    expect((await refusal(() => opened.removeSlot('nothing'))).code).toBe('usage');
  });

  test('that cost a guesser too little are made anew by the passphrase, and nothing else changes', async () => {
    const slots = [passphraseSlot('right'), passphraseSlot('other')];
    const [, other] = (await createVault({ places: home.places, uid: UID, slots })).slots;
    const slotCost = { logN: 16, r: 8, p: 1 };
    const openWith = (places = home.places) =>
      openVault({ places, uid: UID, passphrase: async () => Buffer.from('right'), slotCost });
    const opened = await openWith();
    expect(opened.unlockedBy.cost).toEqual(slotCost);
    expect([opened.generation, opened.slots]).toEqual([2, [opened.unlockedBy, other]]);
    const again = await openWith();
    expect([again.generation, again.slots]).toEqual([2, opened.slots]);
    expect((await open(home.places, 'other')).unlockedBy).toEqual(other);
    expect(existsSync(`${home.places.vault}.bak-1`)).toBe(false);
  });

  test('stay as they are where the vault cannot be written', async () => {
    await createVault({ places: home.places, uid: UID, slots: [passphraseSlot('right')] });
    const before = readFileSync(home.places.vault);
    writeFileSync(`${home.places.vault}.lock`, JSON.stringify({ host: 'another' }));
    const options = { places: home.places, uid: UID, slotCost: { logN: 16, r: 8, p: 1 } };
    const opened = await openVault({ ...options, passphrase: async () => Buffer.from('right') });
    expect([opened.unlockedBy.cost, readFileSync(home.places.vault)]).toEqual([{ logN: 15, r: 8, p: 1 }, before]);
  });

  test('what was taken away is not in the backup either', async () => {
    const backup = `${home.places.vault}.bak-1`;
    const vault = await keyFileVault(home.places);
    await vault.put('x', { value: '1' });
    const added = await vault.addSlot(passphraseSlot('words'));
    expect(existsSync(backup)).toBe(true);
    await vault.removeSlot(added.id);
    expect(existsSync(backup)).toBe(false);
    await vault.put('y', { value: '1' });
    await vault.delete('x');
    expect(existsSync(backup)).toBe(false);
  });

  test('a key file inside a git work tree is refused, and not made', async () => {
    const vault = await keyFileVault(home.places);
    const tree = join(home.folder, 'tree');
    mkdirSync(join(tree, '.git'), { recursive: true });
    const slot = { type: 'keyfile', path: join(tree, 'keys', 'vault.key') } as const;
    expect((await refusal(() => vault.addSlot(slot))).code).toBe('not-permitted');
    const places = placesIn(join(home.folder, 'other'));
    expect((await refusal(() => createVault({ places, uid: UID, slots: [slot] }))).code).toBe('not-permitted');
    expect([readdirSync(tree), existsSync(places.vault)]).toEqual([['.git'], false]);
  });

  test('a key file that cannot be used is not left behind', async () => {
    const vault = await keyFileVault(home.places);
    const path = join(home.folder, 'second.key');
    writeFileSync(home.places.vault, 'broken');
    expect((await refusal(() => vault.addSlot({ type: 'keyfile', path }))).code).toBe('vault-damaged');
    expect(existsSync(path)).toBe(false);
  });
});

describe('the vault in hand', () => {
  test('derives keys that depend on vault and label', async () => {
    const vault = await keyFileVault(home.places);
    const keys = [vault.deriveKey('trust'), vault.deriveKey('gen'), vault.deriveKey('audit|2030-01-01')];
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
    expect((await open(home.places)).deriveKey('trust')).toEqual(keys[0]);
  });

  test('is of no use once it is closed', async () => {
    const vault = await keyFileVault(home.places);
    vault.close();
    expect((await refusal(() => vault.get('x'))).code).toBe('internal');
    expect((await refusal(() => vault.deriveKey('trust'))).code).toBe('internal');
  });
});
