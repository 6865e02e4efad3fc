import type { Command } from './command.js';

export const identityNew: Command = {
  name: 'identity new',
  summary: 'make the key pair that opens sealed profiles',
  usage: '[--out PATH] [--keychain | --passphrase | --no-passphrase]',
  details:
    'The private key (RSA, 3072 bits) is encrypted. Where there is a vault, a random passphrase for it is kept there, and\n' +
    'launches need nobody; --keychain keeps it in the keychain of the system. Else, and with --passphrase, you choose one,\n' +
    'which an MCP client cannot type.\n' +
    '--no-passphrase leaves it to the mode of the file (0600): for CI, where the file is the secret.',
  examples: ['secretctl identity new', 'secretctl identity new --no-passphrase --out ci-identity.pem'],
  flags: {
    out: { type: 'string', value: 'PATH', help: 'write it there; without it beside the configuration' },
    keychain: { type: 'boolean', help: 'let the keychain of the system open it' },
    passphrase: { type: 'boolean', help: 'choose a passphrase on the terminal' },
    'no-passphrase': { type: 'boolean', help: 'do not encrypt it' },
  },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-identity.js')).runNew(host, args),
};

export const identityShow: Command = {
  name: 'identity show',
  summary: 'print the public key of the identity: what others seal for',
  usage: '[--json]',
  examples: ['secretctl identity show > alice.pem'],
  flags: { json: { type: 'boolean', help: 'print JSON' } },
  arguments: [0, 0],
  run: async (host, args) => (await import('./run-identity.js')).runShow(host, args),
};
