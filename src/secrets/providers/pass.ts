// `pass://PATH[#LINE]`: an entry of pass, the password store of GnuPG. Its first line; `#all` the whole entry, `#2` that
// line, `#user` what stands after `user:`.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SecretctlError } from '../../errors.js';
import type { ToolResult } from '../../process/tool.js';
import type { Environment } from '../../system/host.js';
import { shellWord } from '../../system/safe-text.js';
import { oneByOne, type ProvidedSecret, type Provider } from '../provider.js';

export const passProvider: Provider = {
  hint: ({ body }) => `pass insert -m ${shellWord(body)}`,
  refusesPin: () => 'the password store of a person is not read under a pin',
  resolve: oneByOne(async ({ body }, { env, platform, runTool, signal }) => {
    if (body.split('/').includes('..')) throw new SecretctlError('bad-profile', 'the path of an entry has no ".."');
    if (!isEntry(storeOf(env), body)) return undefined;
    const request = { command: 'pass', args: ['show', '--', body], env: toldByStatus(env), signal };
    const result = await runTool(request).catch((error: unknown) => rethrow(error, platform));
    if (result.status !== 0) throw failed(body, result);
    return entryOf(result.stdout);
  }),
};

/** As pass itself finds it. */
function storeOf(env: Environment): string {
  const named = env['PASSWORD_STORE_DIR'];
  if (named !== undefined && named !== '') return named;
  const home = env['HOME'];
  if (home === undefined || home === '') throw new SecretctlError('config', 'HOME is not set', 'export HOME');
  return join(home, '.password-store');
}

/** For a folder pass prints its tree and is content, and a tree is no credential. */
function isEntry(store: string, path: string): boolean {
  if (statSync(join(store, `${path}.gpg`), { throwIfNoEntry: false })?.isFile() === true) return true;
  const isFolder = statSync(join(store, path), { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) throw new SecretctlError('bad-data', 'it is a folder of entries', `pass ls ${shellWord(path)}`);
  return false;
}

/** With the way to get the program, where that is what is missing. */
function rethrow(error: unknown, platform: NodeJS.Platform): never {
  if (!(error instanceof SecretctlError) || error.code !== 'command-not-found') throw error;
  throw new SecretctlError(error.code, error.message, `${platform === 'darwin' ? 'brew' : 'apt-get'} install pass`);
}

/** gpg's words for people are the same for a key that is missing and one that is locked; those for programs are not. */
function toldByStatus(env: Environment): Environment {
  return { PASSWORD_STORE_GPG_OPTS: `${env['PASSWORD_STORE_GPG_OPTS'] ?? ''} --status-fd=2`.trim() };
}

function failed(path: string, { status, stderr }: ToolResult): SecretctlError {
  const byHand = `pass show ${shellWord(path)}`;
  const says = (word: string): boolean => stderr.includes(`[GNUPG:] ${word}`);
  // With DECRYPTION_KEY the key did its part, and what it opened is damaged.
  if (!says('DECRYPTION_FAILED') || says('DECRYPTION_KEY'))
    return new SecretctlError('unavailable', `pass ended with status ${status}`, byHand);
  // Only a key whose secret part is there is considered.
  if (says('KEY_CONSIDERED') || says('PINENTRY_LAUNCHED')) {
    return new SecretctlError('locked', 'gpg has no way to ask for the passphrase of its key', byHand);
  }
  return new SecretctlError('unavailable', 'gpg has no secret key for this entry', 'gpg --list-secret-keys');
}

function entryOf(bytes: Buffer): ProvidedSecret {
  const text = decoded(bytes);
  const lines = text.split(/\r?\n/);
  return { kind: 'value', value: lines[0] ?? '', part: (field) => partOf(field, text, lines) };
}

/** `user: ada`, as browser extensions and the like note it down; the first that is there. */
function partOf(field: string, text: string, lines: readonly string[]): string | undefined {
  if (field === 'all') return text;
  if (/^\d+$/.test(field)) return lines[Number(field) - 1];
  return lines
    .find((line) => line.startsWith(`${field}:`))
    ?.slice(field.length + 1)
    .trim();
}

/** Without the one newline at the end, which is pass's. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new SecretctlError('bad-data', 'the entry is not UTF-8');
  }
}
