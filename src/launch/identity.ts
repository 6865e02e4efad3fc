// The identity that opens sealed profiles: from its file, and, where that is encrypted, its passphrase from the vault or
// from the person at the terminal.

import { dirname } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Identity } from '../seal/identity.js';
import { type Keychain, lazyKeychain } from '../system/keychain.js';
import { readSafeFile } from '../system/safe-file.js';
import type { Host } from '../system/host.js';
import { openTerminal } from '../system/terminal.js';
import { OWN_SECRETS } from '../vault/entry.js';
import { refuseWorkTree } from '../vault/places.js';
import type { Vault } from '../vault/store.js';

export interface IdentitySources {
  /** Open; may hold the passphrase of the identity. */
  readonly vault: Pick<Vault, 'get'> | undefined;
  /** Undefined: nobody may be asked. */
  readonly prompt: string | undefined;
  /** The system's by default. */
  readonly keychain?: Keychain;
}

const MAX_BYTES = 65_536;
export const KEYCHAIN_SERVICE = 'secretctl';

/** In the vault: the passphrase of the identity whose key has this digest. */
export function passphraseName(spki: Buffer): string {
  return `${OWN_SECRETS}identity/${spki.toString('hex').slice(0, 16)}`;
}

/** Text of the file. Throws `file-not-found`, `unsafe-file`, `not-permitted`. */
export function identityText(host: Host): string {
  const path = host.places.identity;
  refuseWorkTree('identity', dirname(path), 'set SECRETCTL_IDENTITY to a file outside every work tree');
  try {
    const rules = { what: 'identity', maxBytes: MAX_BYTES, forbiddenMode: 0o077, uid: host.uid };
    return readSafeFile(path, rules).bytes.toString('latin1');
  } catch (error) {
    if (!(error instanceof SecretctlError) || error.code !== 'file-not-found') throw error;
    throw new SecretctlError('locked', `there is no identity ${path} to open what is sealed`, 'secretctl identity new');
  }
}

/** Throws `locked`, and what reading the file throws. */
export async function loadIdentity(
  host: Host,
  { vault, prompt, keychain = lazyKeychain() }: IdentitySources,
): Promise<Identity> {
  const text = identityText(host);
  const { isEncrypted, publicHalf, readIdentity } = await import('../seal/identity.js');
  if (!isEncrypted(text)) return required(readIdentity(text));
  const spki = publicHalf(text)?.spki;
  const stored = spki === undefined ? undefined : vault?.get(passphraseName(spki))?.value;
  const opened = typeof stored === 'string' ? readIdentity(text, Buffer.from(stored)) : undefined;
  if (opened !== undefined) return opened;
  const kept = spki === undefined ? undefined : await keptPassphrase(spki, keychain);
  const openedByIt = kept === undefined ? undefined : readIdentity(text, kept);
  if (openedByIt !== undefined) return openedByIt;
  const typed = prompt === undefined ? undefined : await ask(host, prompt);
  if (typed === undefined) {
    const message = 'the identity is encrypted, and neither vault nor keychain nor a terminal gives its passphrase';
    throw new SecretctlError('locked', message, 'run the command in a terminal of your own');
  }
  return required(readIdentity(text, typed));
}

/** Where the keychain keeps the passphrase of an identity. */
export function keychainAccount(spki: Buffer): string {
  return `identity.${spki.toString('hex').slice(0, 16)}`;
}

/** A keychain that is absent or locked stops nobody who can type. */
async function keptPassphrase(spki: Buffer, keychain: Keychain): Promise<Buffer | undefined> {
  try {
    return await keychain.get(KEYCHAIN_SERVICE, keychainAccount(spki));
  } catch (error) {
    if (error instanceof SecretctlError) return undefined;
    throw error;
  }
}

function required(identity: Identity | undefined): Identity {
  if (identity !== undefined) return identity;
  throw new SecretctlError('locked', 'the passphrase of the identity is wrong', 'try again');
}

async function ask(host: Host, prompt: string): Promise<Buffer | undefined> {
  const terminal = openTerminal(host.platform);
  if (terminal === undefined) return undefined;
  try {
    const typed = await terminal.askHidden(prompt);
    return typed === undefined || typed === '' ? undefined : Buffer.from(typed);
  } finally {
    terminal.close();
  }
}
