// `file://PATH[?encode=base64][#FIELD]`: a file that only its owner can read, such as a secret that a container mounts.

import { readSafeFile } from '../../system/safe-file.js';
import { isAbsolute, resolve } from 'node:path';
import { SecretctlError } from '../../errors.js';
import { oneByOne, type Provider } from '../provider.js';

const MAX_BYTES = 131_000;

export const fileProvider: Provider = {
  hint: ({ body }) => `write the value into ${body}, mode 600`,
  refusesPin: () => 'files are not read under a pin',
  resolve: oneByOne(async ({ body, query }, { profileFolder, uid }) => {
    const encode = query?.get('encode');
    if (encode !== undefined && encode !== 'base64') {
      throw new SecretctlError('bad-profile', '"encode" can be base64 only');
    }
    const bytes = read(isAbsolute(body) ? body : resolve(profileFolder, body), uid);
    if (bytes === undefined) return undefined;
    return { kind: 'value', value: encode === 'base64' ? bytes.toString('base64') : textOf(bytes) };
  }),
};

/** Mounted secrets belong to root as often as to the user. */
function read(path: string, uid: number | undefined): Buffer | undefined {
  try {
    const rules = { what: 'file', maxBytes: MAX_BYTES, forbiddenMode: 0o077, uid, rootMayOwn: true };
    return readSafeFile(path, rules).bytes;
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

/** Without one newline at the end, which editors add. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new SecretctlError('bad-data', 'the file is not UTF-8', 'add ?encode=base64 to the reference');
  }
}
