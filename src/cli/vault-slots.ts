import { SecretctlError } from '../errors.js';
import { checkNewKeyFile } from '../vault/key-file.js';
import type { SlotInfo } from '../vault/slots.js';
import { readVaultHeader } from '../vault/store.js';
import type { Command } from './command.js';
import { announceKeyFile, keyFileSlot } from './init.js';
import { printJson, printTable, say } from './output.js';
import { withOwnersVault } from './with-vault.js';

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
  usage: 'keyfile [PATH]',
  details:
    'Makes a key file of 32 random bytes; without PATH beside the configuration, where it is found by itself.\n' +
    'A vault with a passphrase asks for it on the terminal.',
  examples: ['secretctl vault slots add keyfile'],
  arguments: [1, 2],
  async run(host, args) {
    const [type, path = ''] = args.positionals;
    if (type !== 'keyfile')
      throw new SecretctlError(
        'not-supported',
        `key slots of type "${type}" are not supported yet`,
        'secretctl vault slots add keyfile',
      );
    const slot = keyFileSlot(host, path);
    checkNewKeyFile(slot.path, 'secretctl vault slots add keyfile PATH');
    await withOwnersVault(host, 'adding a key slot', (vault) => vault.addSlot(slot));
    announceKeyFile(host, slot.path);
    return 0;
  },
};

export const slotsRemove: Command = {
  name: 'vault slots remove',
  summary: 'remove a key slot',
  usage: 'TYPE|ID',
  examples: ['secretctl vault slots remove keyfile'],
  arguments: [1, 1],
  async run(host, args) {
    const wanted = args.positionals[0] ?? '';
    await withOwnersVault(host, 'removing a key slot', (vault) => vault.removeSlot(oneSlot(vault.slots, wanted).id));
    say(host, 'removed the key slot; whoever opened the vault by it may have kept its master key');
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
