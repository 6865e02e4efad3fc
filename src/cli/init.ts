import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Host } from '../system/host.js';
import { lazyKeychain } from '../system/keychain.js';
import { requireTerminal, type Terminal } from '../system/terminal.js';
import type { NewSlot } from '../vault/create.js';
import { createVault } from '../vault/store.js';
import { usage } from './arguments.js';
import type { Command } from './command.js';
import { say } from './output.js';

/** Shorter ones fall to anybody who has the file; scrypt only slows that down. */
const MIN_PASSPHRASE = 8;
const MAX_TRIES = 3;

export const init: Command = {
  name: 'init',
  summary: 'create the vault',
  usage: '[--key-file [PATH] | --keychain]',
  details:
    'Asks for a passphrase on the terminal. With --key-file it makes a key file instead, which opens the vault where\n' +
    'nobody can be asked: under an MCP client, in CI. With --keychain the keychain of the system keeps the key, and\n' +
    'opens the vault for as long as it is unlocked: it protects the vault at rest, not from other programs of yours.\n' +
    'A vault can have several of them: see "secretctl help vault slots add".',
  examples: ['secretctl init', 'secretctl init --key-file', 'secretctl init --keychain'],
  flags: {
    'key-file': { type: 'optional', value: 'PATH', help: 'make a key file; without PATH beside the configuration' },
    keychain: { type: 'boolean', help: 'let the keychain of the system open the vault' },
  },
  arguments: [0, 0],
  async run(host, args) {
    refuseSecond(host);
    const keyFile = args.text('key-file');
    if (keyFile !== undefined && args.has('keychain'))
      throw usage(init, '--key-file and --keychain exclude each other');
    const slot = await firstSlot(host, keyFile, args.has('keychain'));
    const vault = await createVault({ places: host.places, uid: host.uid, slots: [slot] });
    vault.close();
    say(host, `made the vault ${host.places.vault}`);
    if (slot.type === 'keyfile') announceKeyFile(host, slot.path);
    else if (slot.type === 'keychain') announceKeychain(host);
    else say(host, 'an MCP client cannot type the passphrase: "secretctl vault slots add keyfile" lets it in');
    say(host, 'next: secretctl set db/postgres/default');
    return 0;
  },
};

/** Before anything is asked: a passphrase for a vault that is there already would be typed for nothing. */
function refuseSecond(host: Host): void {
  if (!existsSync(host.places.vault)) return;
  throw new SecretctlError('usage', `there is a vault already: ${host.places.vault}`, 'secretctl list');
}

async function firstSlot(host: Host, keyFile: string | undefined, keychain: boolean): Promise<NewSlot> {
  if (keychain) return keychainSlot();
  return keyFile === undefined ? passphraseSlot(host) : keyFileSlot(host, keyFile);
}

export function keychainSlot(): NewSlot {
  return { type: 'keychain', keychain: lazyKeychain() };
}

function announceKeychain(host: Host): void {
  say(
    host,
    'its key is in the keychain, and nowhere else: "secretctl vault slots add keyfile PATH" makes a second one',
  );
}

export function keyFileSlot(host: Host, path: string): NewSlot & { type: 'keyfile' } {
  if (path === '') return { type: 'keyfile', path: host.places.keyFile };
  return { type: 'keyfile', path: isAbsolute(path) ? path : resolve(host.cwd, path) };
}

export function announceKeyFile(host: Host, path: string): void {
  say(host, `made the key file ${path}; keep a copy in a safe place`);
  if (path !== host.places.keyFile) say(host, `it is found when SECRETCTL_KEY_FILE=${path} is set`);
}

export async function passphraseSlot(host: Host): Promise<NewSlot> {
  return { type: 'scrypt', passphrase: await choosePassphrase(host, 'the new vault', 'secretctl init --key-file') };
}

/** Asked twice, because nothing but this opens it. `hint` is the way that needs no terminal. */
export async function choosePassphrase(host: Host, what: string, hint: string): Promise<Buffer> {
  const terminal = requireTerminal(host.platform, 'choosing a passphrase', hint);
  try {
    for (let triesLeft = MAX_TRIES; ;) {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      const { passphrase, flaw } = await choose(terminal, what);
      if (flaw === undefined) return Buffer.from(passphrase);
      triesLeft -= 1;
      if (triesLeft === 0) throw new SecretctlError('usage', flaw, 'run the command again');
      terminal.print(`${flaw}: once more from the start\n`);
    }
  } finally {
    terminal.close();
  }
}

async function choose(terminal: Terminal, what: string): Promise<{ passphrase: string; flaw?: string }> {
  const passphrase = await terminal.askHidden(`Passphrase for ${what}: `);
  if (passphrase === undefined) throw new SecretctlError('usage', 'no passphrase was typed', 'run the command again');
  if (Array.from(passphrase).length < MIN_PASSPHRASE) {
    return { passphrase, flaw: `a passphrase needs at least ${MIN_PASSPHRASE} characters` };
  }
  const isSame = passphrase === (await terminal.askHidden('The same again: '));
  return isSame ? { passphrase } : { passphrase, flaw: 'the two passphrases differ' };
}
