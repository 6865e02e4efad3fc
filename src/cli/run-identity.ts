import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import { identityText, KEYCHAIN_SERVICE, keychainAccount, passphraseName } from '../launch/identity.js';
import { unlockVault } from '../launch/unlock.js';
import { formatIdentity, type Identity, newIdentity, publicHalf, readIdentity } from '../seal/identity.js';
import { publicPem, spkiText } from '../seal/recipient.js';
import { createDurably, makePrivateFolder, syncFolder, writeFailure } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { lazyKeychain } from '../system/keychain.js';
import { checkNewKeyFile } from '../vault/key-file.js';
import { usage } from './arguments.js';
import type { ParsedArguments } from './command.js';
import { choosePassphrase } from './init.js';
import { printJson, say } from './output.js';
import { rememberRecipient } from './sealing.js';
import { PROMPT } from './with-vault.js';

export async function runNew(host: Host, args: ParsedArguments): Promise<number> {
  const ways = ['keychain', 'passphrase', 'no-passphrase'].filter((flag) => args.has(flag));
  if (ways.length > 1) throw usage({ name: 'identity new' }, `--${ways.join(' and --')} exclude each other`);
  const path = pathOf(host, args);
  checkNewKeyFile(path, 'secretctl identity new --out PATH');
  const identity = await newIdentity();
  const text = formatIdentity(identity, await passphraseFor(host, args, identity));
  writeNew(path, text);
  rememberRecipient(host, identity);
  say(host, `made the identity ${path} (${spkiText(identity.spki)})`);
  if (path !== host.places.identity) say(host, `it is used when SECRETCTL_IDENTITY=${path} is set`);
  say(host, 'give others the public half: secretctl identity show > me.pem');
  return 0;
}

export function runShow(host: Host, args: ParsedArguments): number {
  const text = identityText(host);
  const half = publicHalf(text) ?? readIdentity(text);
  if (half === undefined)
    throw new SecretctlError('bad-data', 'the identity file holds no public key', 'secretctl identity new');
  const [pem, spki] = [publicPem(half.key), spkiText(half.spki)];
  if (args.has('json')) printJson(host, { path: host.places.identity, spki, publicKey: pem });
  else {
    host.stdout.write(pem);
    say(host, spki);
  }
  return 0;
}

function pathOf(host: Host, args: ParsedArguments): string {
  const out = args.text('out');
  if (out === undefined) return host.places.identity;
  return isAbsolute(out) ? out : resolve(host.cwd, out);
}

/** Undefined: not encrypted. */
async function passphraseFor(host: Host, args: ParsedArguments, identity: Identity): Promise<Buffer | undefined> {
  if (args.has('no-passphrase')) return undefined;
  if (args.has('keychain')) return passphraseInKeychain(identity);
  const inVault = !args.has('passphrase') && existsSync(host.places.vault);
  return inVault
    ? storedPassphrase(host, identity)
    : choosePassphrase(host, 'the new identity', 'secretctl identity new --no-passphrase');
}

async function passphraseInKeychain(identity: Identity): Promise<Buffer> {
  const passphrase = Buffer.from(randomBytes(32).toString('base64url'));
  await lazyKeychain().set(KEYCHAIN_SERVICE, keychainAccount(identity.spki), passphrase);
  return passphrase;
}

async function storedPassphrase(host: Host, identity: Identity): Promise<Buffer> {
  const passphrase = randomBytes(32).toString('base64url');
  const vault = await unlockVault(host, PROMPT);
  try {
    await vault.put(passphraseName(identity.spki), { value: passphrase, note: 'passphrase of an identity' });
  } finally {
    vault.close();
  }
  return Buffer.from(passphrase);
}

function writeNew(path: string, text: string): void {
  try {
    makePrivateFolder(dirname(path));
    createDurably(path, Buffer.from(text));
    syncFolder(dirname(path));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
