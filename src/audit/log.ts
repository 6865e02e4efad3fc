// The audit log of one process: an append-only file of its own in `state/audit/`, and its head beside it.

import { closeSync, openSync, writeSync } from 'node:fs';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { makePrivateFolder, writeAtomically } from '../system/atomic-write.js';
import { hashOfLine, recordLine, type AuditDetails, type AuditEvent } from './record.js';

export interface AuditLog {
  append(event: AuditEvent, details: AuditDetails): void;
  /** Commits the head (number and hash of the last record), so that cutting the file short is noticed. */
  close(): void;
}

export interface AuditInput {
  readonly state: string;
  readonly pid: number;
  /** HKDF of the vault's master key: the label `audit|<UTC day>` gives the key of that day. */
  readonly deriveKey: (label: `audit|${string}`) => Buffer;
  readonly now: () => Date;
}

/** Keeps nothing. */
export const NO_AUDIT: AuditLog = { append: () => undefined, close: () => undefined };

/** The same log, or none: the first failure is told once, and from then on nothing is written. */
export function bestEffort(open: () => AuditLog, onFailure: (why: string) => void): AuditLog {
  let log: AuditLog | undefined;
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
  };
}

/** Records between two commits of the head. */
const HEAD_EVERY = 100;

/** Creates the file; throws `io` when it cannot be written. */
export function openAuditLog(input: AuditInput): AuditLog {
  const opened = input.now();
  const log = randomBytes(16).toString('base64url');
  const folder = join(input.state, 'audit');
  const path = join(folder, `${stamp(opened)}-${input.pid}-${log.slice(0, 6)}.jsonl`);
  const file = createFile(folder, path);
  const start = performance.now();
  let day = utcDay(opened);
  let key = input.deriveKey(`audit|${day}`);
  let seq = 0;
  let last = '0'.repeat(64);

  /** A process that runs past midnight steps its key one way: a key taken later opens no earlier day. */
  const stepKey = (now: Date): void => {
    for (const today = utcDay(now); day < today; day = nextDay(day)) {
      const next = Buffer.from(hkdfSync('sha256', key, '', 'audit-next', 32));
      key.fill(0);
      key = next;
    }
  };
  const commitHead = (): void => {
    const head = JSON.stringify({ log, day, seq, last });
    const mac = createHmac('sha256', key).update(head).digest('hex');
    writeAtomically(`${path}.head`, Buffer.from(`${head.slice(0, -1)},"hmac":"${mac}"}\n`));
  };
  return {
    append(event, details) {
      const now = input.now();
      stepKey(now);
      seq++;
      const mono = Math.round(performance.now() - start);
      const line = recordLine({ log, seq, t: now.toISOString(), mono, ev: event }, details, last, key);
      writeSync(file, `${line}\n`);
      last = hashOfLine(line);
      if (seq % HEAD_EVERY === 0) commitHead();
    },
    close() {
      commitHead();
      closeSync(file);
      key.fill(0);
    },
  };
}

function createFile(folder: string, path: string): number {
  try {
    makePrivateFolder(folder);
    return openSync(path, 'ax', 0o600);
  } catch (error) {
    throw new SecretctlError('io', `the audit log ${path} cannot be written (${systemCode(error) ?? 'unknown error'})`);
  }
}

function stamp(time: Date): string {
  return time
    .toISOString()
    .replaceAll(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
}

function utcDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function nextDay(day: string): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3600 * 1000));
}
