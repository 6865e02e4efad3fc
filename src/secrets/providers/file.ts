// `file://PATH[?encode=base64][#FIELD]`: a file that only its owner can read, such as a secret that a container mounts.

import { realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { SecretctlError } from '../../errors.js';
import { readSafeFile } from '../../system/safe-file.js';
import { oneByOne, type Provider, type ProviderContext } from '../provider.js';

const MAX_BYTES = 131_000;

export const fileProvider: Provider = {
  hint: ({ body }) => `write the value into ${body}, mode 600`,
  refusesPin: () => 'files are not read under a pin',
  resolve: oneByOne(async ({ body, query }, context) => {
    const encode = query?.get('encode');
    if (encode !== undefined && encode !== 'base64') {
      throw new SecretctlError('bad-profile', '"encode" can be base64 only');
    }
    if (body.startsWith('~'))
      throw new SecretctlError('bad-profile', 'no shell expands "~" here: write the whole path');
    const bytes = read(isAbsolute(body) ? body : resolve(context.profileFolder, body), context);
    if (bytes === undefined) return undefined;
    return { kind: 'value', value: encode === 'base64' ? bytes.toString('base64') : textOf(bytes) };
  }),
};

/** Mounted secrets belong to root as often as to the user. */
function read(path: string, { uid, ownFiles }: ProviderContext): Buffer | undefined {
  try {
    refuseProcesses(path);
    const rules = { what: 'file', maxBytes: MAX_BYTES, forbiddenMode: 0o077, uid, rootMayOwn: true };
    const { bytes, stats } = readSafeFile(path, rules);
    refuseOwn(stats, ownFiles);
    return bytes;
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

/** There our own environment stands, with the credentials that are kept from every program. */
function refuseProcesses(path: string): void {
  if (realPathOf(path).startsWith('/proc/'))
    throw new SecretctlError('not-permitted', 'files under /proc are not read', 'name one variable: env://NAME');
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Reading it says what is wrong.
    return path;
  }
}

/** By whatever name: a link is the same file. */
function refuseOwn({ dev, ino }: Stats, ownFiles: readonly string[]): void {
  const own = ownFiles.map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!own.some((stats) => stats?.dev === dev && stats.ino === ino)) return;
  throw new SecretctlError('not-permitted', 'it opens what secretctl keeps locked, and is never handed on');
}

/** Without one newline at the end, which editors add. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new SecretctlError('bad-data', 'the file is not UTF-8', 'add ?encode=base64 to the reference');
  }
}
