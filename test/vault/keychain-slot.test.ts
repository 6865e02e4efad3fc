// A key slot whose key is an item of the keychain: with a map in the keychain's place for every order of failures, and with
// the command line and gnome-keyring for what a person sees.

import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import { lazyKeychain, type Keychain } from '../../src/system/keychain.js';
import type { NewSlot } from '../../src/vault/create.js';
import { parseVault } from '../../src/vault/format.js';
import { unwrapWithKeychain, wrapWithKeychain } from '../../src/vault/slots.js';
import { createVault, hasPassphrase, isPersonal, type OpenOptions } from '../../src/vault/store.js';
import { cleanEnv, run, secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { notRun, refusal } from '../support/errors.js';
import {
  createWith,
  type FakeKeychain,
  failing,
  LOCKED,
  mapKeychain,
  openWith,
  words,
} from '../support/fake-keychain.js';
import { nodeProfile } from '../support/home.js';
import { keyringSession, noKeyring, type KeyringSession } from '../support/keyring-session.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { root } from '../support/project.js';
import { noTerminal, terminal } from '../support/terminal.js';
import { passphraseSlot, UID, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
let keychain: FakeKeychain;
beforeEach(() => {
  home = vaultHome();
  keychain = mapKeychain();
});
afterEach(() => home.remove());

const create = (...more: readonly NewSlot[]) => createWith(keychain, home.places, ...more);
const open = (options: Partial<OpenOptions> = {}) => openWith(keychain, home.places, options);
const slotItems = () => [...keychain.items].filter(([name]) => !name.startsWith('secretctl/gen:'));

describe('the wrapping', () => {
  const id = Buffer.alloc(16, 1).toString('base64url');
  const [masterKey, item] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
  const slot = wrapWithKeychain(id, masterKey, 'secretctl/x', item);

  test('opens with the item that it was made with, which it leaves as it is', () => {
    expect(unwrapWithKeychain(id, slot, item)).toEqual(masterKey);
    expect(item).toEqual(Buffer.alloc(32, 3));
  });

  test.each([
    ['another item', id, slot, Buffer.alloc(32, 4)],
    ['a short item', id, slot, Buffer.alloc(16, 3)],
    ['another vault', Buffer.alloc(16, 9).toString('base64url'), slot, item],
    ['another label', id, { ...slot, params: 'secretctl/y' }, item],
    ['another type', id, { ...slot, type: 'keyfile' } as const, item],
  ])('does not with %s', (_name, vaultId, line, bytes) => {
    expect(unwrapWithKeychain(vaultId, line, bytes)).toBeUndefined();
  });
});

describe('a vault with a keychain slot', () => {
  test('has one item of 32 bytes, named by its line, and opens without anybody', async () => {
    const vault = await create();
    await vault.put('x', { value: 'kept' });
    const [[label, item] = ['', Buffer.alloc(0)]] = slotItems();
    expect(label).toMatch(new RegExp(`^secretctl/${vault.id}\\.[\\w-]{8}$`));
    expect([slotItems().length, item.length, vault.slots]).toEqual([1, 32, [{ type: 'keychain', id: label }]]);
    const opened = await open();
    expect([opened.get('x')?.value, opened.unlockedBy.type]).toEqual(['kept', 'keychain']);
    expect(readFileSync(home.places.vault, 'latin1')).not.toContain(item.toString('base64url'));
    expect([isPersonal(opened), hasPassphrase(opened)]).toEqual([true, false]);
  });

  test('asks the keychain, then the key file, then a person', async () => {
    const keyFile = { type: 'keyfile', path: home.places.keyFile } as const;
    await create(keyFile, passphraseSlot('right'));
    const passphrase = words('right');
    expect((await open({ passphrase })).unlockedBy.type).toBe('keychain');
    expect((await open({ keychain: LOCKED, passphrase })).unlockedBy.type).toBe('keyfile');
    const places = { ...home.places, keyFile: join(home.folder, 'none') };
    expect((await open({ places, keychain: LOCKED, passphrase })).unlockedBy.type).toBe('scrypt');
    expect((await open({ places, keychain: undefined, passphrase })).unlockedBy.type).toBe('scrypt');
    keychain.asked.length = 0;
    expect((await open({ passphrase, unattended: false })).unlockedBy.type).toBe('scrypt');
    expect(keychain.asked).toEqual([]);
  });

  test('is not asked of a keychain when it has no slot for one', async () => {
    const slots = [{ type: 'keyfile', path: home.places.keyFile }] as const;
    await createVault({ places: home.places, uid: UID, slots });
    const never = lazyKeychain(() => Promise.reject(new Error('opened')));
    expect((await open({ keychain: never })).unlockedBy.type).toBe('keyfile');
  });

  test.each([
    ['is locked', LOCKED, 'the keychain is locked', 'unlock-it'],
    ['has no item', mapKeychain(), 'the keychain of this machine has no item of this vault', 'slots add keychain'],
    [
      'has no addon',
      lazyKeychain(() => Promise.reject(new SecretctlError('not-supported', 'not installed', 'install it'))),
      'not installed',
      'install it',
    ],
  ])('says why it stays locked when the keychain %s', async (_name, other, message, hint) => {
    await create();
    const alone = await refusal(() => open({ keychain: other }));
    expect(alone).toMatchObject({ code: 'locked', message: `the vault is locked: ${message}` });
    expect(alone.hint).toContain(hint);
  });

  test('says it beside what else did not open it', async () => {
    const vault = await create(passphraseSlot('right'));
    const nobody = await refusal(() => open({ keychain: LOCKED }));
    const file = home.places.keyFile;
    expect(nobody).toMatchObject({
      code: 'locked',
      message: `the vault is locked: the keychain is locked, there is no key file ${file}, and no terminal to ask for the passphrase`,
    });
    await vault.addSlot({ type: 'keyfile', path: join(home.folder, 'second.key') });
    await vault.removeSlot(vault.slots[1]?.id ?? '');
    const lost = await refusal(() => open({ keychain: LOCKED }));
    expect(lost.message).toBe(`the vault is locked: the keychain is locked, and there is no key file ${file}`);
    expect((await refusal(() => open({ keychain: undefined }))).message).toBe(
      `the vault is locked: there is no key file ${file}`,
    );
  });

  test('does not open by an item that is not its own', async () => {
    await create();
    for (const [name] of slotItems()) keychain.items.set(name, Buffer.alloc(32, 7));
    const error = await refusal(() => open());
    expect(error).toMatchObject({ code: 'locked', message: expect.stringContaining('is not the one of this vault') });
  });

  test('asks for no item of other programs, whatever its line says', async () => {
    await create(passphraseSlot('right'));
    const text = readFileSync(home.places.vault, 'latin1').replace(/slot keychain \S+/, 'slot keychain login/someone');
    writeFileSync(home.places.vault, text);
    keychain.asked.length = 0;
    expect((await refusal(() => open({ passphrase: words('right') }))).code).toBe('vault-damaged');
    expect(keychain.asked).toEqual([]);
  });

  test('passes on what is no refusal', async () => {
    await create();
    await expect(open({ keychain: failing(new TypeError('a bug')) })).rejects.toThrow('a bug');
  });
});

describe('the item', () => {
  test('goes with its slot, and only that one', async () => {
    const vault = await create();
    const second = await vault.addSlot({ type: 'keychain', keychain });
    const [first] = vault.slots;
    expect(slotItems()).toHaveLength(2);
    expect(await vault.removeSlot(first?.id ?? '')).toBeUndefined();
    expect(slotItems().map(([name]) => name)).toEqual([second.id]);
    expect((await open()).slots).toEqual([second]);
    expect((await refusal(() => vault.removeSlot(second.id))).code).toBe('usage');
    expect(slotItems()).toHaveLength(1);
  });

  test('that cannot be deleted does not keep the slot', async () => {
    await create(passphraseSlot('right'));
    const vault = await open({ keychain: LOCKED, passphrase: words('right') });
    expect(await vault.removeSlot(vault.slots[0]?.id ?? '')).toMatchObject({ message: 'the keychain is locked' });
    expect((await open({ passphrase: words('right') })).slots.map(({ type }) => type)).toEqual(['scrypt']);
  });

  test('is not left behind by a vault that could not be written', async () => {
    const vault = await create();
    writeFileSync(home.places.vault, 'broken');
    expect((await refusal(() => vault.addSlot({ type: 'keychain', keychain }))).code).toBe('vault-damaged');
    expect(slotItems()).toHaveLength(1);
  });

  test('is read back before a vault depends on it', async () => {
    const forgetful: Keychain = { ...keychain, get: async () => undefined };
    const slots = [{ type: 'keychain', keychain: forgetful }] as const;
    const error = await refusal(() => createVault({ places: home.places, uid: UID, slots }));
    expect(error.message).toBe('the keychain did not keep what was stored in it');
    expect((await refusal(() => open())).code).toBe('vault-not-found');
  });

  test('is named by what a vault file may say', async () => {
    await create();
    const { document } = parseVault(readFileSync(home.places.vault));
    expect(document.slots[0]?.params).toMatch(/^[A-Za-z0-9._/:-]+$/);
  });
});

const isBundle = (path: string): boolean => path.endsWith('dist') || /\/secretctl[^/]*\.cjs$/.test(path);

describe('the command line', () => {
  const without = noKeyring() ?? noTerminal();
  const TOKEN = randomPassword();
  const PASSPHRASE = randomPassword();
  let folder: TemporaryFolder;
  let session: KeyringSession | undefined;
  let env: Record<string, string>;
  beforeAll(async () => {
    folder = await temporaryFolder('secretctl-keychain-');
    mkdirSync(join(folder.path, 'desktop'), { mode: 0o700 });
    if (without === undefined) await start('unlocked');
  });
  afterAll(async () => {
    await session?.stop();
    await folder.remove();
  });

  async function start(state: 'unlocked' | 'locked'): Promise<void> {
    session = await keyringSession(join(folder.path, 'desktop'), state);
    env = { ...session.env, ...cleanEnv(join(folder.path, 'home')) };
  }

  const demand = async (args: readonly string[], input = ''): Promise<string> => {
    const { status, stdout, stderr } = await secretctl(args, { env, input });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const items = async (): Promise<number> => {
    const { stdout } = await run('secret-tool', ['search', '--all', 'service', 'secretctl'], { env });
    const accounts = stdout.split('\n').filter((line) => line.startsWith('label') && !line.includes('gen:'));
    return accounts.length;
  };

  test('makes a vault that opens while the keychain is unlocked', async () => {
    if (without !== undefined) return notRun(without);
    mkdirSync(join(folder.path, 'home'), { mode: 0o700 });
    const made = await secretctl(['init', '--keychain'], { env });
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('vault slots add keyfile PATH')]);
    await demand(['set', 'api/token'], TOKEN);
    expect(await demand(['list'])).toContain('api/token');
    expect(await demand(['vault', 'slots', 'list'])).toMatch(/keychain +secretctl\/\S+/);
    expect(await items()).toBe(1);
    expect((await secretctl(['init', '--key-file', '--keychain'], { env: cleanEnv(folder.path) })).status).toBe(64);
  });

  test('hands nothing out to whoever has no terminal, and to a person for a yes', async () => {
    if (without !== undefined) return notRun(without);
    const piped = await secretctl(['get', 'api/token', '--stdout'], { env });
    expect([piped.status, piped.stdout]).toEqual([77, '']);
    expect(piped.stderr).toContain('reading a secret of a vault with an owner needs a terminal');
    const no = await terminal(['get', 'api/token', '--reveal'], { env, dialogue: [[/Type "yes"/, 'y\n']] });
    expect([no.status, no.screen.includes(TOKEN)]).toEqual([77, false]);
    const yes = await terminal(['get', 'api/token', '--reveal'], { env, dialogue: [[/Type "yes"/, 'yes\n']] });
    expect([yes.status, yes.screen.includes(TOKEN)]).toEqual([0, true]);
  });

  test('approves a plan for its name, and launches it without anybody', async () => {
    if (without !== undefined) return notRun(without);
    const profiles = join(folder.path, 'home', 'profiles');
    mkdirSync(profiles, { mode: 0o700 });
    const profile = nodeProfile(
      'plain',
      ['-e', '0'],
      'secrets: { token: secret://api/token }\nenv: { TOKEN: "${token}" }\n',
    );
    writeFileSync(join(profiles, 'plain.yaml'), profile, { mode: 0o600 });
    const dialogue = [
      [/Trust this plan/, 'y\n'],
      [/Type the profile's name/, 'plain\n'],
    ] as const;
    expect((await terminal(['trust', 'plain'], { env, dialogue })).status).toBe(0);
    const { status, stderr } = await secretctl(['mcp-launch', 'plain'], { env });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('stays locked with the keychain, and says so', async () => {
    if (without !== undefined) return notRun(without);
    await session?.stop();
    await start('locked');
    const { status, stderr } = await secretctl(['list'], { env });
    expect([status, stderr]).toEqual([77, expect.stringContaining('the vault is locked: the keychain is locked')]);
    await session?.stop();
    const noBus = await secretctl(['list'], { env });
    expect([noBus.status, noBus.stderr]).toEqual([77, expect.stringContaining('no D-Bus of a session')]);
    await start('unlocked');
  });

  test('removes slot and item together', async () => {
    if (without !== undefined) return notRun(without);
    const yes = [[/Type "yes"/, 'yes\n']] as const;
    const last = await terminal(['vault', 'slots', 'remove', 'keychain'], { env, dialogue: yes });
    expect([last.status, await items()]).toEqual([64, 1]);
    const key = join(folder.path, 'home', 'vault.key');
    expect((await terminal(['vault', 'slots', 'add', 'keyfile', key], { env, dialogue: yes })).status).toBe(0);
    expect((await terminal(['vault', 'slots', 'remove', 'keychain'], { env, dialogue: yes })).status).toBe(0);
    expect(await items()).toBe(0);
    expect(await demand(['get', 'api/token', '--stdout'])).toBe(TOKEN);
    const added = await secretctl(['vault', 'slots', 'add', 'keychain'], { env });
    expect([added.status, await items()]).toEqual([0, 1]);
    expect(added.stderr).toMatch(/its item is secretctl\/\S+/);
  });

  test('still asks for the passphrase of a vault that has one', async () => {
    if (without !== undefined) return notRun(without);
    const other = { ...env, SECRETCTL_HOME: join(folder.path, 'other') };
    const typed = [/Passphrase/, `${PASSPHRASE}\n`] as const;
    await terminal(['init'], { env: other, dialogue: [typed, [/again/, `${PASSPHRASE}\n`]] });
    const add = ['vault', 'slots', 'add', 'keychain'];
    expect((await secretctl([...add, 'x'], { env: other })).status).toBe(64);
    expect((await secretctl(add, { env: other })).status).toBe(77);
    expect((await terminal(add, { env: other, dialogue: [typed] })).status).toBe(0);
    expect((await secretctl(['set', 'x'], { env: other, input: TOKEN })).status).toBe(0);
    const reveal = await terminal(['get', 'x', '--reveal'], { env: other, dialogue: [typed] });
    expect([reveal.status, reveal.screen.includes(TOKEN)]).toEqual([0, true]);
    expect((await secretctl(['get', 'x', '--stdout'], { env: other })).status).toBe(77);
  });

  test('says that the addon is not installed, and does all the rest without it', async () => {
    if (without !== undefined) return notRun(without);
    const copy = join(folder.path, 'copy');
    for (const name of ['package.json', 'profiles']) cpSync(join(root, name), join(copy, name), { recursive: true });
    cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true, filter: isBundle });
    const bare = { ...env, SECRETCTL_HOME: join(folder.path, 'bare') };
    const bin = join(copy, 'dist', 'secretctl.cjs');
    const refused = await run(process.execPath, [bin, 'init', '--keychain'], { env: bare });
    expect([refused.status, refused.stderr]).toEqual([65, expect.stringContaining('@napi-rs/keyring')]);
    expect(refused.stderr).toContain('npm install -g @napi-rs/keyring');
    expect((await run(process.execPath, [bin, 'init', '--key-file'], { env: bare })).status).toBe(0);
    mkdirSync(join(copy, 'node_modules'));
    symlinkSync(join(root, 'node_modules', '@napi-rs'), join(copy, 'node_modules', '@napi-rs'));
    const there = { ...env, SECRETCTL_HOME: join(folder.path, 'there') };
    expect((await run(process.execPath, [bin, 'init', '--keychain'], { env: there })).status).toBe(0);
  });
});
