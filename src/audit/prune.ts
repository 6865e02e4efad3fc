// Retention: logs that are old enough go, with their lines in the index. A new index begins with a base, which names what is no
// longer there: so that nobody takes for removed by us what somebody else has removed.

import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import { createDurably, removeQuietly, temporaryName } from '../system/atomic-write.js';
import { withLock } from '../system/lock.js';
import { INDEX_FILE, unnamedIn, writeHead } from './index-file.js';
import { authenticated } from './keys.js';
import { readIndex } from './verify.js';
import type { IndexVerdict } from './verify-index.js';
import type { ListedLog } from './verify-log.js';

export interface PruneInput {
  /** Of one vault key. */
  readonly folder: string;
  readonly uid: number | undefined;
  readonly now: Date;
  /** Logs that were begun, and last written to, longer ago are removed. */
  readonly days: number;
}

/** So many names and hashes fit into one line. */
const FILES = 40;
const HASHES = 24;
/** Lines at the end of the index that somebody may still be about to name. */
const RECENT = 256;

/**
 * Names of the files that were removed. Throws `bad-data` and removes nothing where the index is not as it was written: what
 * is gone would not be missed any more. Throws `vault-busy` while another process does the same.
 */
export async function prune(input: PruneInput, key: Buffer): Promise<readonly string[]> {
  const { folder, uid, now, days } = input;
  const before = new Date(now.getTime() - days * 24 * 3600 * 1000);
  if (oldIn(timesIn(folder), readIndex(folder, uid, key), before).length === 0) return [];
  return withLock(join(folder, 'prune.lock'), { what: 'the audit logs' }, () => {
    // The times first: a log that ends in this moment must not look as if it had ended long before.
    const times = timesIn(folder);
    const index = readIndex(folder, uid, key);
    if (index.complaints.length > 0) {
      const message = 'the index of the audit logs is not as it was written, so nothing is removed';
      throw new SecretctlError('bad-data', message, 'secretctl audit verify');
    }
    const old = oldIn(times, index, before).filter(({ file }) => times.has(file) || !existsSync(join(folder, file)));
    if (old.length > 0) replaceIndex(folder, index, old, now, key);
    for (const { file } of old) removeQuietly(join(folder, file));
    return old.map(({ file }) => file);
  });
}

/** By the index, which is authentic, and by the file: a log that is still written to stays. */
function oldIn(times: ReadonlyMap<string, number>, { logs }: IndexVerdict, before: Date): readonly ListedLog[] {
  return [...logs.values()].filter(({ file, opened }) => {
    if (!(Date.parse(opened) < before.getTime())) return false;
    // One that is gone without us is missed for as long as it would have been kept.
    return (times.get(file) ?? 0) < before.getTime();
  });
}

/** When each file was last written to, in milliseconds. */
function timesIn(folder: string): ReadonlyMap<string, number> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return new Map(
    files.flatMap((file) => {
      const stats = statSync(join(folder, file), { throwIfNoEntry: false });
      return stats === undefined ? [] : [[file, stats.mtimeMs] as const];
    }),
  );
}

/** A line that somebody appends meanwhile to the old index is taken over; whoever comes later sees the new one. */
function replaceIndex(folder: string, index: IndexVerdict, old: readonly ListedLog[], now: Date, key: Buffer): void {
  const path = join(folder, INDEX_FILE);
  const descriptor = openSync(path, 'r');
  try {
    const removed = new Set(old.map(({ log }) => log));
    const kept = index.lines.filter(({ log }) => log !== undefined && !removed.has(log));
    const lines = [...baseLines(index, kept, old, now, key), ...kept.map(({ text }) => text)];
    const temporary = temporaryName(path);
    createDurably(temporary, Buffer.from(lines.map((line) => `${line}\n`).join('')));
    renameSync(temporary, path);
    writeHead(folder, unnamedIn(lines, key), key);
    appendMissed(path, descriptor, index.size);
  } finally {
    closeSync(descriptor);
  }
}

/** The base names every line that is no longer there and that a kept line names, the head, or whoever appends in this moment: one of the last ones. */
function baseLines(
  { heads, lines }: IndexVerdict,
  kept: IndexVerdict['lines'],
  old: readonly ListedLog[],
  now: Date,
  key: Buffer,
): string[] {
  const there = new Set(kept.map(({ hash }) => hash));
  const last = lines.slice(-RECENT).map(({ hash }) => hash);
  const named = new Set([...heads, ...last, ...kept.flatMap(({ prev }) => prev)]);
  const gone = [...named].filter((hash) => !there.has(hash));
  const files = old.map(({ file }) => file);
  const count = Math.max(1, Math.ceil(gone.length / HASHES), Math.ceil(files.length / FILES));
  return Array.from({ length: count }, (_, part) => {
    const some = {
      gone: gone.slice(part * HASHES, (part + 1) * HASHES),
      files: files.slice(part * FILES, (part + 1) * FILES),
    };
    return authenticated(JSON.stringify({ v: 1, t: now.toISOString(), ev: 'base', ...some, prev: [] }), key);
  });
}

function appendMissed(path: string, descriptor: number, size: number): void {
  const more = fstatSync(descriptor).size - size;
  if (more <= 0) return;
  const bytes = Buffer.alloc(more);
  const read = readSync(descriptor, bytes, 0, more, size);
  const current = openSync(path, 'a', 0o600);
  try {
    writeSync(current, bytes.subarray(0, read));
  } finally {
    closeSync(current);
  }
}
