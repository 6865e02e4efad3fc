// What the commands around sealed profiles share: the file, the identity that opens it, and the public keys that are known.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import { identityText, loadIdentity } from '../launch/identity.js';
import { readSealable } from '../launch/sealed-file.js';
import { unlockVault } from '../launch/unlock.js';
import type { Readable } from '../profile/parse.js';
import type { Recipient } from '../seal/cms.js';
import type { Identity } from '../seal/identity.js';
import { openProfileKey, openSeal, type ProfileKey, requireSameRecipients } from '../seal/profile-seal.js';
import { publicPem, readRecipient, spkiText } from '../seal/recipient.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readSafeFile } from '../system/safe-file.js';
import type { Host } from '../system/host.js';
import type { Vault } from '../vault/store.js';
import { PROMPT, withOwnersVault } from './with-vault.js';

const MAX_BYTES = 65_536;
const IDENTITY_PROMPT = 'Passphrase of the identity: ';
const RECIPIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

export interface ProfileFile {
  readonly path: string;
  readonly mode: number;
  readonly read: Readable;
}

export interface Sealed extends ProfileFile {
  readonly section: NonNullable<Readable['section']>;
  readonly identity: Identity;
  readonly profileKey: ProfileKey;
}

export function readProfileFile(host: Host, written: string): ProfileFile {
  const path = isAbsolute(written) ? written : resolve(host.cwd, written);
  const rules = { what: 'profile', maxBytes: MAX_BYTES, forbiddenMode: 0o022, uid: host.uid };
  const { bytes, stats } = readSafeFile(path, rules);
  return { path, mode: stats.mode & 0o777, read: readSealable(bytes, path) };
}

/**
 * The profile key, after the seal was checked over the document as it stands. `acceptChanges`: the document was changed on
 * purpose since it was sealed, and only its key is checked.
 */
export function openSealed(file: ProfileFile, identity: Identity, acceptChanges: boolean): Sealed {
  const { section, document } = file.read;
  if (section === undefined) {
    throw new SecretctlError('bad-data', `${file.path} is not sealed`, `secretctl seal ${file.path}`);
  }
  if (acceptChanges) requireSameRecipients(section);
  const profileKey = acceptChanges ? openProfileKey(section, identity) : openSeal(section, document, identity);
  return { ...file, section, identity, profileKey };
}

export function writeProfile({ path, mode, read }: ProfileFile, bytes: Buffer): void {
  writeAtomically(path, Buffer.concat([Buffer.from(read.mark), bytes]), mode);
}

/** With the vault's help where the identity is encrypted and there is one. */
export async function ownIdentity(host: Host): Promise<Identity> {
  const vault = await vaultFor(host);
  try {
    return await loadIdentity(host, { vault, prompt: IDENTITY_PROMPT });
  } finally {
    vault?.close();
  }
}

/**
 * The same with a fresh proof that the owner is there, where there is a vault to ask; it stays open meanwhile. `what` names
 * the act.
 */
export async function withOwnersIdentity<T>(
  host: Host,
  what: string,
  use: (identity: Identity, vault: Vault | undefined) => T | Promise<T>,
): Promise<T> {
  const load = (vault: Vault | undefined) => loadIdentity(host, { vault, prompt: IDENTITY_PROMPT });
  if (!existsSync(host.places.vault)) return use(await load(undefined), undefined);
  return withOwnersVault(host, what, async (vault) => use(await load(vault), vault));
}

async function vaultFor(host: Host): Promise<Vault | undefined> {
  const { isEncrypted } = await import('../seal/identity.js');
  if (!isEncrypted(identityText(host)) || !existsSync(host.places.vault)) return undefined;
  return unlockVault(host, PROMPT);
}

/** `NAME=FILE` of the command line. */
export function parseRecipient(host: Host, text: string): { name: string; recipient: Recipient } {
  const equals = text.indexOf('=');
  if (equals === -1) throw new SecretctlError('usage', 'a recipient is NAME=FILE', '--recipient alice=alice.pem');
  return readRecipientFile(host, text.slice(0, equals), text.slice(equals + 1));
}

export function readRecipientFile(host: Host, name: string, file: string): { name: string; recipient: Recipient } {
  checkRecipientName(name);
  const path = isAbsolute(file) ? file : resolve(host.cwd, file);
  const rules = { what: 'public key', maxBytes: MAX_BYTES, forbiddenMode: 0, uid: undefined };
  const recipient = readRecipient(readSafeFile(path, rules).bytes.toString('latin1'), path);
  rememberRecipient(host, recipient);
  return { name, recipient };
}

export function checkRecipientName(name: string): void {
  if (RECIPIENT_NAME.test(name)) return;
  const hint = 'a name is 1 to 64 letters, digits and . _ @ - and begins with a letter or digit';
  throw new SecretctlError('usage', `"${name}" is no name of a recipient`, hint);
}

/** Who is taken away is taken away from the others' copies, too: then their public keys are needed again. */
export function rememberRecipient(host: Host, { key, spki }: Recipient): void {
  const path = join(host.places.recipients, `${spki.toString('hex')}.pem`);
  if (!existsSync(path)) writeAtomically(path, Buffer.from(publicPem(key)));
}

/** By `sha256:…`: remembered ones, and those in the folder `recipients` beside the profile. */
export function knownRecipients(host: Host, profile: string): ReadonlyMap<string, Recipient> {
  const folders = [host.places.recipients, join(dirname(profile), 'recipients')];
  const found = folders.flatMap((folder) => filesIn(folder).flatMap((path) => readQuietly(path)));
  return new Map(found.map((recipient) => [spkiText(recipient.spki), recipient]));
}

/** Of everybody in the section. Throws `file-not-found`, with `hint`, for one whom nobody here knows. */
export function publicKeysOf(
  { recipients }: Pick<Sealed['section'], 'recipients'>,
  known: ReadonlyMap<string, Recipient>,
  hint: (name: string) => string,
): Recipient[] {
  return recipients.map(({ name, spki }) => {
    const recipient = known.get(spki);
    if (recipient !== undefined) return recipient;
    throw new SecretctlError('file-not-found', `the public key of "${name}" (${spki}) is not known here`, hint(name));
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pem'))
      .map((name) => join(folder, basename(name)));
  } catch {
    return [];
  }
}

/** What is no public key is none that is known. */
function readQuietly(path: string): Recipient[] {
  try {
    const rules = { what: 'public key', maxBytes: MAX_BYTES, forbiddenMode: 0, uid: undefined };
    return [readRecipient(readSafeFile(path, rules).bytes.toString('latin1'), path)];
  } catch {
    return [];
  }
}
