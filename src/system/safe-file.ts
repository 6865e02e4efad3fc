// Reads a file that decides about secrets: opened once, checked on the descriptor, read once. What is checked is what is read.

import { constants, closeSync, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { SecretctlError, systemCode } from '../errors.js';
import { shellWord } from './safe-text.js';

export interface SafeFileRules {
  /** What the file is, for messages: `profile`, `key file`, `vault`. */
  readonly what: string;
  readonly maxBytes: number;
  /** Permission bits that must be off: 0o077 for secrets, 0o022 for what others may read but not change. */
  readonly forbiddenMode: number;
  /** Effective user id; undefined where the platform has none, and then owner and mode are not checked. */
  readonly uid: number | undefined;
  /** Root may own files that others rely on (packaged profiles); never a vault or a key. Default false. */
  readonly rootMayOwn?: boolean;
  /** Others may append to it meanwhile: what it held when it was opened is read. Default: that it grows is refused. */
  readonly mayGrow?: boolean;
  /** Decides about the count of hard links; without it any will do. */
  readonly acceptLinks?: (stats: Stats) => boolean;
}

export interface SafeFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** Throws `file-not-found`, `unsafe-file` or `io`; never blocks on a FIFO or a device (O_NONBLOCK, then a regular file is demanded). */
export function readSafeFile(path: string, rules: SafeFileRules): SafeFile {
  const descriptor = openNoFollow(path, rules);
  try {
    const stats = fstatSync(descriptor);
    check(path, stats, rules);
    return { bytes: readAll(descriptor, path, stats.size, rules), stats };
  } finally {
    closeSync(descriptor);
  }
}

/** Who may write a folder may replace what is in it, whatever the mode of the file. Throws `unsafe-file` or `file-not-found`. */
export function checkSafeFolder(folder: string, uid: number | undefined): void {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw new SecretctlError('file-not-found', `there is no folder ${folder}`);
  if (!stats.isDirectory()) throw new SecretctlError('unsafe-file', `${folder} is not a folder`);
  if (uid === undefined) return;
  if (stats.uid !== uid && stats.uid !== 0) {
    throw new SecretctlError('unsafe-file', `the folder ${folder} belongs to another user (uid ${stats.uid})`);
  }
  if ((stats.mode & 0o022) === 0) return;
  const message = `the folder ${folder} has the mode ${(stats.mode & 0o777).toString(8)}: others can write to it`;
  throw new SecretctlError('unsafe-file', message, `chmod go-w ${folder}`);
}

function openNoFollow(path: string, rules: SafeFileRules): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    // Windows has neither flag; there the two are undefined and add nothing.
    return openSync(path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new SecretctlError('file-not-found', `there is no ${rules.what} ${path}`);
    }
    if (code === 'ELOOP') throw unsafe(path, rules, 'is a symbolic link', `name the file that the link points to`);
    throw new SecretctlError('io', `the ${rules.what} ${path} cannot be read (${code ?? 'unknown error'})`);
  }
}

function check(path: string, stats: Stats, rules: SafeFileRules): void {
  if (!stats.isFile()) throw unsafe(path, rules, 'is not a regular file');
  if (stats.size > rules.maxBytes) throw unsafe(path, rules, `is larger than ${rules.maxBytes} bytes`);
  const linked = rules.acceptLinks?.(stats) ?? true;
  if (!linked) throw unsafe(path, rules, `has ${stats.nlink} hard links`);
  if (rules.uid === undefined) return;
  const ownerIsFine = stats.uid === rules.uid || (rules.rootMayOwn === true && stats.uid === 0);
  if (!ownerIsFine) throw unsafe(path, rules, `belongs to another user (uid ${stats.uid})`);
  const excess = stats.mode & rules.forbiddenMode;
  if (excess !== 0) {
    const wanted = (stats.mode & 0o777 & ~rules.forbiddenMode).toString(8).padStart(3, '0');
    throw unsafe(path, rules, `has the mode ${(stats.mode & 0o777).toString(8)}`, `chmod ${wanted} ${shellWord(path)}`);
  }
}

function unsafe(path: string, rules: SafeFileRules, why: string, hint?: string): SecretctlError {
  return new SecretctlError('unsafe-file', `the ${rules.what} ${path} ${why}`, hint);
}

function readAll(descriptor: number, path: string, size: number, rules: SafeFileRules): Buffer {
  // One byte more than allowed, so that a file that grew after the check is noticed.
  const most = rules.mayGrow === true ? size : Math.min(rules.maxBytes, Math.max(size, 4096)) + 1;
  const buffer = Buffer.alloc(most);
  let length = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length === most && rules.mayGrow === true) return buffer;
    if (length === buffer.length) throw unsafe(path, rules, 'changed or is too large');
  }
}
