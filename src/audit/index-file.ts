// The index of all logs of one vault key: each log's beginning, its state on the way and its end, so that a log that is gone, or
// has been cut short, is missed. Processes append without a lock, one write each: a line names the last lines that were there
// (one, or several that were written in the same moment), so that nothing but the very last lines can go unnoticed. These
// are named by the head beside it. See docs/audit.md.

import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { removeQuietly, temporaryName } from '../system/atomic-write.js';
import { membersOf, textsIn } from './json.js';
import { authenticated, bodyOf } from './keys.js';
import { hashOfLine } from './record.js';

export const INDEX_FILE = 'index';
export const HEAD_FILE = 'index.head';

/** `open` a log was begun · `at` it has come so far · `close` it has ended. `base` stands first after old logs were removed. */
export type IndexEntry =
  | { readonly ev: 'open'; readonly log: string; readonly file: string }
  | { readonly ev: 'at' | 'close'; readonly log: string; readonly seq: number; readonly last: string };

/** Bytes of the end of the index that are read at first. */
const WINDOW = 2 * 1024;
const WIDEST = 512 * 1024;
/** So many lines fit into one line. */
const MOST_NAMED = 40;

export interface IndexFile {
  /** One line; in the cache of the system when this returns. Throws the error of the system call. */
  append(entry: IndexEntry, now: Date): void;
  /** After the index is on the disk: names its last lines. */
  writeHead(): void;
  readonly descriptor: number;
  close(): void;
}

/** Made when it is absent. Throws the error of the system call. */
export function openIndex(folder: string, key: Buffer): IndexFile {
  const path = join(folder, INDEX_FILE);
  let descriptor = openToAppend(path);
  const line = (entry: IndexEntry, now: Date): string => {
    const { ends, isCut } = endsOf(descriptor, key);
    const body = JSON.stringify({ v: 1, t: now.toISOString(), ...entry, prev: ends.slice(0, MOST_NAMED) });
    // What a full disk left of a line of somebody else must not spoil ours.
    return `${isCut ? '\n' : ''}${authenticated(body, key)}\n`;
  };
  /** Whoever removes old logs puts a new index in the place of this one: then that is opened, and what was written is said again. */
  const isReplaced = (): boolean => {
    if (statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(descriptor).ino) return false;
    closeSync(descriptor);
    descriptor = openToAppend(path);
    return true;
  };
  return {
    append(entry, now) {
      do writeWhole(descriptor, line(entry, now));
      while (isReplaced());
    },
    writeHead() {
      isReplaced();
      do writeHead(folder, endsOf(descriptor, key).ends, key);
      while (isReplaced());
    },
    get descriptor() {
      return descriptor;
    },
    close: () => closeSync(descriptor),
  };
}

/** Atomic, not synced: an older head is no lie, it only says less. */
export function writeHead(folder: string, heads: readonly string[], key: Buffer): void {
  const path = join(folder, HEAD_FILE);
  const temporary = temporaryName(path);
  try {
    const body = JSON.stringify({ v: 1, heads: heads.slice(0, MOST_NAMED) });
    writeFileSync(temporary, `${authenticated(body, key)}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/** To the disk, and then the head: else after a power cut the head would name what is not there. */
export function settleIndex(index: IndexFile): void {
  fdatasyncSync(index.descriptor);
  index.writeHead();
}

function openToAppend(path: string): number {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
  return openSync(path, O_APPEND | O_CREAT | O_RDWR | (O_NOFOLLOW ?? 0), 0o600);
}

function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(line);
  if (writeSync(descriptor, bytes) < bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

/** Hashes of the genuine lines that no later line names, oldest first; `isCut`: the last line has no newline. */
function endsOf(descriptor: number, key: Buffer): { readonly ends: readonly string[]; readonly isCut: boolean } {
  const { size } = fstatSync(descriptor);
  for (let window = WINDOW; ; window *= 4) {
    const start = Math.max(0, size - window);
    const bytes = Buffer.alloc(size - start);
    const text = bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, start));
    const lines = text.split('\n').slice(start === 0 ? 0 : 1);
    const ends = unnamedIn(lines, key);
    // Many that wrote in the same moment: there may be more of them further up.
    if (start > 0 && window < WIDEST && ends.length > lines.length / 4) continue;
    return { ends, isCut: size > 0 && !text.endsWith('\n') };
  }
}

/** A line that is not ours is named by nobody. */
export function unnamedIn(lines: readonly string[], key: Buffer): readonly string[] {
  const ends = new Set<string>();
  for (const line of lines) {
    const body = bodyOf(line, key);
    if (body === undefined) continue;
    for (const named of textsIn(membersOf(body)?.['prev'])) ends.delete(named);
    ends.add(hashOfLine(line));
  }
  return [...ends];
}
