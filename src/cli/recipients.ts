import type { Command } from './command.js';

export const recipientsList: Command = {
  name: 'recipients list',
  summary: 'list for whom a profile is sealed',
  usage: 'PATH [--json]',
  examples: ['secretctl recipients list profiles/shop.yaml'],
  flags: { json: { type: 'boolean', help: 'print JSON' } },
  arguments: [1, 1],
  run: async (host, args) => (await import('./run-recipients.js')).runList(host, args),
};

export const recipientsAdd: Command = {
  name: 'recipients add',
  summary: 'let one more open the sealed values of a profile',
  usage: 'PATH NAME FILE',
  details:
    'FILE is a public key or a certificate in PEM: what "secretctl identity show" prints. Only the seal changes, no value.\n' +
    'Asks on the terminal, always; a vault with a passphrase asks for it.',
  examples: ['secretctl recipients add profiles/shop.yaml ci ci.pem'],
  arguments: [3, 3],
  run: async (host, args) => (await import('./run-recipients.js')).runAdd(host, args),
};

export const recipientsRemove: Command = {
  name: 'recipients remove',
  summary: 'seal a profile anew for all but one',
  usage: 'PATH NAME [--recipient NAME=FILE]…',
  details:
    'Makes a new profile key and seals every value with it. The public keys of those who stay are taken from those that\n' +
    'were used here before, from the folder "recipients" beside the profile, or from --recipient.\n' +
    'Earlier versions of the file can still be opened by whoever was removed: rotate the values themselves.',
  examples: ['secretctl recipients remove profiles/shop.yaml bob'],
  flags: {
    recipient: { type: 'string', value: 'NAME=FILE', multiple: true, help: 'the public key of one who stays' },
  },
  arguments: [2, 2],
  run: async (host, args) => (await import('./run-recipients.js')).runRemove(host, args),
};
