import type { Command } from './command.js';

export const seal: Command = {
  name: 'seal',
  summary: 'encrypt values inside a profile, and sign the whole of it',
  usage: 'PATH [--field env.NAME [--cms]] [--recipient NAME=FILE]… [--as NAME] [--accept-changes]',
  details:
    'Every value that is written SEAL[text] becomes ENC[…]; --field sets or rotates one, from stdin or a hidden prompt.\n' +
    'The seal covers the whole file: who changes a command or a host without being a recipient stops every launch.\n' +
    'The first time it is sealed for your identity and the --recipient files (PEM: public key or certificate);\n' +
    'later "secretctl recipients" changes them. --accept-changes signs changes that were made by hand since.',
  examples: [
    'secretctl seal profiles/shop.yaml --recipient ci=ci.pem',
    'secretctl seal profiles/shop.yaml --field env.API_KEY',
  ],
  flags: {
    field: { type: 'string', value: 'FIELD', help: 'seal a value from stdin or a prompt: env.NAME, secrets.NAME' },
    recipient: { type: 'string', value: 'NAME=FILE', multiple: true, help: 'seal for this public key, too' },
    cms: { type: 'boolean', help: 'seal it as a message that OpenSSL alone opens: ENC[CMS,…]' },
    as: { type: 'string', value: 'NAME', help: 'your own name among the recipients' },
    'accept-changes': { type: 'boolean', help: 'sign what was changed since it was sealed' },
  },
  arguments: [1, 1],
  run: async (host, args) => (await import('./run-seal.js')).runSeal(host, args),
};

export const unseal: Command = {
  name: 'unseal',
  summary: 'show a sealed value, or write the sealed values out to edit them',
  usage: 'PATH (--field env.NAME (--reveal | --stdout) | --in-place)',
  details:
    '--in-place writes SEAL[text] in the place of every ENC[…]: edit, then "secretctl seal PATH --accept-changes". Until\n' +
    'then the file holds plain credentials, and is not launched. A vault with a passphrase asks for it.',
  examples: ['secretctl unseal profiles/shop.yaml --field env.API_KEY --reveal'],
  flags: {
    field: { type: 'string', value: 'FIELD', help: 'the value: env.NAME, secrets.NAME' },
    reveal: { type: 'boolean', help: 'show it on the terminal' },
    stdout: { type: 'boolean', help: 'write it to stdout: to a pipe or file' },
    'in-place': { type: 'boolean', help: 'write all of them into the file' },
  },
  arguments: [1, 1],
  run: async (host, args) => (await import('./run-seal.js')).runUnseal(host, args),
};
