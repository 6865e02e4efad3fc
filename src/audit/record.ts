// One line of the audit log: JSON, chained to the line before, authenticated. Names and counts only, never a value.

import { createHash, createHmac } from 'node:crypto';

/** What happened. `launch` opens a file; `end` closes it; `read` is a secret that was handed out. */
export type AuditEvent = 'launch' | 'read' | 'end';

export interface AuditDetails {
  readonly profile?: string;
  /** Fingerprint of the plan. */
  readonly fp?: string;
  /** Why the plan was allowed to run: `record`, `pinned` or `packaged`. */
  readonly gate?: string;
  /** Names of secrets. */
  readonly secrets?: readonly string[];
  /** To whom a secret was handed out: `terminal`, `pipe`, `file`, or `command` for `run`. */
  readonly to?: string;
  /** Scrubbed findings: name → count. */
  readonly scrubbed?: Readonly<Record<string, number>>;
  /** Lines that could not be scrubbed and were dropped. */
  readonly dropped?: number;
  /** Who ended the launch, and how the child ended. */
  readonly cause?: string;
  readonly status?: number;
}

export interface RecordHead {
  /** Random id of the file: a record cannot move to another one. */
  readonly log: string;
  readonly seq: number;
  /** Wall clock, ISO 8601 UTC. */
  readonly t: string;
  /** Milliseconds since the file was opened, from a clock that never goes back. */
  readonly mono: number;
  readonly ev: AuditEvent;
}

/** A line with its newline stays under this, so that one append writes it whole. */
export const MAX_RECORD_BYTES = 4096;

/** The line, without its newline. `prev` is the SHA-256 of the line before (64 zeros at the start), `hmac` covers all before it. */
export function recordLine(head: RecordHead, details: AuditDetails, prev: string, key: Buffer): string {
  const body = JSON.stringify({ ...head, ...details, prev });
  const line = seal(body, key);
  if (Buffer.byteLength(line) < MAX_RECORD_BYTES) return line;
  // Too many names: the counts stay, the lists go, and the record says so.
  const { profile, fp, gate, dropped, cause, status } = details;
  return seal(JSON.stringify({ ...head, profile, fp, gate, dropped, cause, status, truncated: true, prev }), key);
}

export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

/** HMAC-SHA256 over the text without the member `hmac`, which always stands last. */
function seal(body: string, key: Buffer): string {
  const hmac = createHmac('sha256', key).update(body).digest('hex');
  return `${body.slice(0, -1)},"hmac":"${hmac}"}`;
}
