// The audit log of one process: an append-only file of its own below `state/audit/`, and its lines in the index.

import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { makePrivateFolder, removeQuietly } from '../system/atomic-write.js';
import { HEAD_FILE, openIndex, settleIndex, writeHead, type IndexFile } from './index-file.js';
import { dayKey, folderOf, INDEX_KEY, nextDay, stepped, utcDay, type DeriveKey } from './keys.js';
import { hashOfLine, NO_LINE, recordLine, type AuditDetails, type AuditEvent } from './record.js';

export interface AuditLog {
  /** Throws `io`. */
  append(event: AuditEvent, details: AuditDetails): void;
  /** Says in the index how many records there are, so that cutting the file short is noticed. Throws `io`. */
  close(): void;
}

/** That of a launch, which may take long. */
export interface LaunchLog extends AuditLog {
  /** Removes what is older than retention allows, at most once a day. Never throws. */
  retire(): Promise<void>;
}

export interface AuditInput {
  readonly state: string;
  readonly uid: number | undefined;
  readonly pid: number;
  /** HKDF of the vault's master key. */
  readonly deriveKey: DeriveKey;
  readonly now: () => Date;
}

/** Keeps nothing. */
export const NO_AUDIT: LaunchLog = { append: () => undefined, close: () => undefined, retire: async () => undefined };

/** The same log, or none: the first failure is told once, and from then on nothing is written. */
export function bestEffort(open: () => LaunchLog, onFailure: (why: string) => void): LaunchLog {
  let log: LaunchLog | undefined;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log = undefined;
      onFailure(error instanceof SecretctlError ? error.message : 'the log cannot be written');
    }
  };
  attempt(() => (log = open()));
  return {
    append: (event, details) => attempt(() => log?.append(event, details)),
    close: () => attempt(() => log?.close()),
    retire: async () => log?.retire(),
  };
}

/** The same log; its first failure is told before it is thrown, and whatever follows fails too. */
export function failClosed(log: LaunchLog, onFailure: () => void): LaunchLog {
  let failure: unknown;
  const attempt = (work: () => void): void => {
    if (failure !== undefined) throw failure;
    try {
      work();
    } catch (error) {
      failure = error;
      onFailure();
      throw error;
    }
  };
  return {
    append: (event, details) => attempt(() => log.append(event, details)),
    close: () => attempt(() => log.close()),
    retire: () => log.retire(),
  };
}

/** Milliseconds, and records, that may wait: what a kill in that moment loses. */
const WAIT = 10;
const MOST_WAITING = 64;

/** The same log, whose records of tools wait a moment: so no message waits for them. */
export function deferred(log: LaunchLog): LaunchLog {
  let waiting: AuditDetails[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    const records = waiting;
    waiting = [];
    for (const details of records) log.append('tool', details);
  };
  return {
    append(event, details) {
      if (event !== 'tool') {
        flush();
        log.append(event, details);
        return;
      }
      waiting.push(details);
      if (waiting.length === 1) timer = setTimeout(flush, WAIT);
      if (waiting.length >= MOST_WAITING) flush();
    },
    close() {
      flush();
      log.close();
    },
    retire: () => log.retire(),
  };
}

/** Records between two lines in the index. */
const SETTLE_EVERY = 100;

/** Creates the file; throws `io` when it cannot be written. */
export function openAuditLog(input: AuditInput): LaunchLog {
  const opened = input.now();
  const log = randomBytes(16).toString('base64url');
  const indexKey = input.deriveKey(INDEX_KEY);
  const folder = join(input.state, 'audit', folderOf(indexKey));
  const name = `${stamp(opened)}-${input.pid}-${log.slice(0, 6)}.jsonl`;
  const path = join(folder, name);
  const { file, index } = orIo(path, () => create(folder, name, { log, indexKey, opened }));
  const start = performance.now();
  const first = utcDay(opened);
  let day = first;
  let key = dayKey(input.deriveKey, day);
  let [seq, size, last] = [0, 0, NO_LINE];
  let isClosed = false;

  /** A process that runs past midnight steps its key one way. */
  const stepKey = (today: string): void => {
    for (; day < today; day = nextDay(day)) {
      const next = stepped(key);
      key.fill(0);
      key = next;
    }
  };
  /** Without anybody waiting for the disk; what fails here fails again at the close. */
  const settleSoon = (): void => {
    const reached = { seq, last };
    fdatasync(file, () => {
      if (isClosed) return;
      attemptQuietly(() => index.append({ ev: 'at', log, ...reached }, input.now()));
      fdatasync(index.descriptor, () => isClosed || attemptQuietly(() => index.writeHead()));
    });
  };
  fdatasync(index.descriptor, () => isClosed || attemptQuietly(() => index.writeHead()));
  return {
    append(event, details) {
      // Its descriptor may be another file's by now.
      if (isClosed) throw new SecretctlError('internal', 'the audit log is closed');
      const t = input.now().toISOString();
      stepKey(t.slice(0, 10));
      const mono = Math.round(performance.now() - start);
      const head = { v: 1, log, seq: seq + 1, t, mono, ...(seq === 0 && { day: first }), ev: event } as const;
      const line = recordLine(head, details, last, key);
      size += orIo(path, () => appendWhole(file, `${line}\n`, size));
      [seq, last] = [seq + 1, hashOfLine(line)];
      if (seq % SETTLE_EVERY === 0) settleSoon();
    },
    async retire() {
      try {
        const now = input.now();
        if (!isDue(folder, now) || !mayBeOld(folder, now)) return;
        const { prune } = await import('./prune.js');
        await prune({ folder, uid: input.uid, now, days: RETENTION_DAYS }, indexKey);
      } catch {
        // Old logs are no reason to fail; "secretctl audit prune" says what is wrong.
      }
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      try {
        orIo(path, () => {
          fdatasyncSync(file);
          index.append({ ev: 'close', log, seq, last }, input.now());
          settleIndex(index);
        });
      } finally {
        closeSync(file);
        index.close();
        key.fill(0);
        indexKey.fill(0);
      }
    },
  };
}

export const RETENTION_DAYS = 90;
const RETIRED = 'retired';
const DAY_MS = 24 * 3600 * 1000;

/** Whether nobody has looked for old logs today. Then it is noted that somebody does. */
function isDue(folder: string, now: Date): boolean {
  const path = join(folder, RETIRED);
  const last = statSync(path, { throwIfNoEntry: false });
  if (last !== undefined && Math.abs(now.getTime() - last.mtimeMs) < DAY_MS) return false;
  writeFileSync(path, '', { mode: 0o600 });
  utimesSync(path, now, now);
  return true;
}

/** By the names alone: what they say is looked at by whoever removes anything. */
function mayBeOld(folder: string, now: Date): boolean {
  const before = stamp(new Date(now.getTime() - RETENTION_DAYS * DAY_MS));
  return readdirSync(folder).some((name) => name.endsWith('.jsonl') && name < before);
}

interface Begun {
  readonly log: string;
  readonly indexKey: Buffer;
  readonly opened: Date;
}

/** The file, and its line in the index; or neither. */
function create(folder: string, name: string, { log, indexKey, opened }: Begun): { file: number; index: IndexFile } {
  makePrivateFolder(folder);
  const file = openSync(join(folder, name), 'ax', 0o600);
  try {
    // There is always a head; the first one names nothing.
    if (!existsSync(join(folder, HEAD_FILE))) writeHead(folder, [], indexKey);
    const index = openIndex(folder, indexKey);
    index.append({ ev: 'open', log, file: name }, opened);
    return { file, index };
  } catch (error) {
    removeQuietly(join(folder, name));
    closeSync(file);
    throw error;
  }
}

/** One write; how many bytes. What a full disk has taken of a line is taken back, so that the file stays one of whole lines. */
function appendWhole(file: number, line: string, size: number): number {
  const bytes = Buffer.from(line);
  if (writeSync(file, bytes) === bytes.length) return bytes.length;
  ftruncateSync(file, size);
  throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

function orIo<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SecretctlError('io', `the audit log ${path} cannot be written (${systemCode(error) ?? 'unknown error'})`);
  }
}

function attemptQuietly(work: () => void): void {
  try {
    work();
  } catch {
    // The close does it again, and says what fails.
  }
}

function stamp(time: Date): string {
  return time
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
}
