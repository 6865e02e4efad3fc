import { randomBytes } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import { readRecipient } from '../seal/recipient.js';
import { KEY_BYTES } from '../system/crypto.js';
import { readSafeFile } from '../system/safe-file.js';
import { requireTerminal } from '../system/terminal.js';
import type { NewSlot } from '../vault/create.js';
import { checkNewKeyFile } from '../vault/key-file.js';
import { formatRecoveryKey } from '../vault/recovery-key.js';
import type { SlotInfo } from '../vault/slots.js';
import { readVaultHeader } from '../vault/store.js';
import type { Host } from '../system/host.js';
import { usage } from './arguments.js';
import type { Command } from './command.js';
import { announceKeyFile, keychainSlot, keyFileSlot, passphraseSlot } from './init.js';
import { printJson, printTable, say } from './output.js';
import { withOwnersVault } from './with-vault.js';

const ADDING = 'adding a key slot';

export const slotsList: Command = {
  name: 'vault slots list',
  summary: 'list the key slots: what opens the vault',
  usage: '[--json]',
  examples: ['secretctl vault slots list'],
  flags: { json: { type: 'boolean', help: 'print JSON' } },
  arguments: [0, 0],
  run(host, args) {
    const { slots } = readVaultHeader(host.places.vault, host.uid);
    if (args.has('json')) printJson(host, slots);
    else printTable(host, [['TYPE', 'ID'], ...slots.map(({ type, id }) => [type, id])]);
    return 0;
  },
};

export const slotsAdd: Command = {
  name: 'vault slots add',
  summary: 'add a key slot, so that MCP clients and CI can open the vault',
  usage: 'keyfile [PATH] | keychain | passphrase | recovery | x509 FILE',
  details:
    'keyfile makes a file of 32 random bytes; without PATH beside the configuration, where it is found by itself.\n' +
    'keychain puts 32 random bytes into the keychain of this system, which opens the vault from then on for as long as it\n' +
    'is unlocked; a vault that had only a key file has an owner then, whom reading a secret asks on the terminal.\n' +
    'recovery shows a key to write down, once; it is typed where the passphrase is asked. x509 takes a public key or a\n' +
    'certificate in PEM; whoever has its private key as identity opens the vault (and "openssl cms -decrypt" its slot).\n' +
    'A vault with a passphrase asks for it on the terminal.',
  examples: ['secretctl vault slots add keyfile', 'secretctl vault slots add keychain'],
  arguments: [1, 2],
  async run(host, args) {
    const [type, path] = args.positionals;
    if (type === 'keychain') return addKeychain(host, path);
    if (type === 'keyfile') return addKeyFile(host, path ?? '');
    if (type === 'x509' && path !== undefined) return addSlot(host, recipientSlot(host, path));
    if (path === undefined && type === 'passphrase') return addSlot(host, await passphraseSlot(host));
    if (path === undefined && type === 'recovery') return addRecovery(host);
    throw usage(slotsAdd, 'a key slot is one of: keyfile [PATH], keychain, passphrase, recovery, x509 FILE');
  },
};

async function addSlot(host: Host, slot: NewSlot): Promise<number> {
  const { type, id } = await withOwnersVault(host, ADDING, (vault) => vault.addSlot(slot));
  say(host, `added the key slot ${type} ${id}`);
  return 0;
}

async function addRecovery(host: Host): Promise<number> {
  const slot = shownRecoverySlot(host);
  await addSlot(host, slot);
  showRecoveryKey(host, slot.key);
  return 0;
}

/** Shown on a terminal only, which must be there before the slot counts: who cannot see the key must not rely on it. */
export function shownRecoverySlot(host: Host): NewSlot & { type: 'recovery' } {
  requireTerminal(host.platform, 'showing a recovery key', 'run the command in a terminal of your own').close();
  return { type: 'recovery', key: randomBytes(KEY_BYTES) };
}

export function showRecoveryKey(host: Host, key: Buffer): void {
  const terminal = requireTerminal(
    host.platform,
    'showing a recovery key',
    'run the command in a terminal of your own',
  );
  terminal.print(`\nThe recovery key. Write it down; it is not shown again:\n\n  ${formatRecoveryKey(key)}\n\n`);
  terminal.close();
  key.fill(0);
}

/** `file`: a public key or a certificate in PEM. */
export function recipientSlot(host: Host, file: string): NewSlot {
  const path = isAbsolute(file) ? file : resolve(host.cwd, file);
  const rules = { what: 'public key', maxBytes: 65_536, forbiddenMode: 0, uid: undefined };
  return { type: 'x509', recipient: readRecipient(readSafeFile(path, rules).bytes.toString('latin1'), path) };
}

async function addKeyFile(host: Host, path: string): Promise<number> {
  const slot = keyFileSlot(host, path);
  checkNewKeyFile(slot.path, 'secretctl vault slots add keyfile PATH');
  await withOwnersVault(host, ADDING, (vault) => vault.addSlot(slot));
  announceKeyFile(host, slot.path);
  return 0;
}

async function addKeychain(host: Host, path: string | undefined): Promise<number> {
  if (path !== undefined) throw usage(slotsAdd, 'the keychain is one: it has no path');
  const { id } = await withOwnersVault(host, ADDING, (vault) => vault.addSlot(keychainSlot()));
  say(host, `the keychain opens the vault from now on: its item is ${id}`);
  return 0;
}

export const slotsRemove: Command = {
  name: 'vault slots remove',
  summary: 'remove a key slot',
  usage: 'TYPE|ID',
  examples: ['secretctl vault slots remove keyfile'],
  arguments: [1, 1],
  async run(host, args) {
    const wanted = args.positionals[0] ?? '';
    const left = await withOwnersVault(host, 'removing a key slot', async (vault) => {
      const { id } = oneSlot(vault.slots, wanted);
      const why = await vault.removeSlot(id);
      return why === undefined ? undefined : `${id} is still in the keychain, and opens nothing: ${why.message}`;
    });
    say(
      host,
      'removed the key slot; whoever opened the vault by it may have kept its master key: secretctl vault rekey',
    );
    if (left !== undefined) say(host, left);
    return 0;
  },
};

function oneSlot(slots: readonly SlotInfo[], wanted: string): SlotInfo {
  const found = slots.filter(({ type, id }) => type === wanted || id === wanted);
  const [slot] = found;
  if (slot === undefined)
    throw new SecretctlError('secret-not-found', `there is no key slot "${wanted}"`, 'secretctl vault slots list');
  if (found.length > 1)
    throw new SecretctlError(
      'usage',
      `there are ${found.length} key slots of type "${wanted}": name one by its id`,
      'secretctl vault slots list',
    );
  return slot;
}
