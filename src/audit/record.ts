// One line of an audit log: JSON, chained to the line before, authenticated. Names and counts only, never a value.

import { hash } from 'node:crypto';
import { safeJson } from '../system/safe-text.js';
import { authenticated } from './keys.js';

/**
 * `launch` a plan that may run · `refuse` one that was stopped after the vault was open · `trust` an approval given or withdrawn ·
 * `resolve` references that were resolved · `read` secrets that were handed out · `tool` a call · `found` what was scrubbed
 * elsewhere · `end` of a launch.
 */
export const AUDIT_EVENTS = ['launch', 'refuse', 'trust', 'resolve', 'read', 'tool', 'found', 'end'] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

export interface AuditDetails {
  readonly profile?: string;
  /** Fingerprint of the plan. */
  readonly fp?: string;
  /** Why the plan was allowed to run: `record`, `pinned` or `packaged`. */
  readonly gate?: string;
  /** Code of the error that stopped a launch. */
  readonly code?: string;
  /** `approved` or `withdrawn`, and by what: `passphrase` or `name`. */
  readonly action?: string;
  readonly factor?: string;
  /** Names of secrets. */
  readonly secrets?: readonly string[];
  readonly references?: readonly ResolvedReference[];
  /** To whom a secret was handed out: `terminal`, `pipe`, `file`, or `command` for `run`. */
  readonly to?: string;
  /** Name of the tool that was called. */
  readonly tool?: string;
  readonly outcome?: ToolOutcome;
  /** From the call to its answer, in milliseconds. */
  readonly ms?: number;
  /** What was scrubbed, and where. */
  readonly found?: readonly FoundAt[];
  /** How many entries of `found` are left out. */
  readonly more?: number;
  /** Scrubbed findings of the whole launch: name → count. */
  readonly scrubbed?: Readonly<Record<string, number>>;
  /** Lines that could not be scrubbed and were dropped. */
  readonly dropped?: number;
  /** Who ended the launch, and how the child ended. */
  readonly cause?: string;
  readonly status?: number;
}

/** The profile's name for a secret, and where it came from. Only of the vault's own secrets the name there, too. */
export interface ResolvedReference {
  readonly name: string;
  readonly scheme: string;
  readonly secret?: string;
}

/** `withheld`: there was an answer that could not be scrubbed, or was too long. */
export type ToolOutcome = 'ok' | 'error' | 'refused' | 'cancelled' | 'withheld' | 'unanswered';

export interface FoundAt {
  /** Of the secret, or of the detector. */
  readonly name: string;
  /** JSON Pointer (RFC 6901) in which `*` stands for the index of an item; or `stdout`, `stderr`. */
  readonly at: string;
  readonly count: number;
}

export interface RecordHead {
  readonly v: 1;
  /** Random id of the file: a record cannot move to another one. */
  readonly log: string;
  readonly seq: number;
  /** Wall clock, ISO 8601 UTC. */
  readonly t: string;
  /** Milliseconds since the file was opened, from a clock that never goes back. */
  readonly mono: number;
  /** In the first record: the day whose key the file begins with. */
  readonly day?: string;
  readonly ev: AuditEvent;
}

/** A line with its newline stays under this, so that one append writes it whole. */
export const MAX_RECORD_BYTES = 4096;

/** What `prev` is in the first record of a file. */
export const NO_LINE = '0'.repeat(64);

/** The line, without its newline. `prev` is the SHA-256 of the line before, `hmac` covers all before it. */
export function recordLine(head: RecordHead, details: AuditDetails, prev: string, key: Buffer): string {
  const line = lineOf({ ...head, ...details, prev }, key);
  if (Buffer.byteLength(line) < MAX_RECORD_BYTES) return line;
  // Too many names: the single facts stay, the lists go, and the record says so.
  const facts = Object.entries(details).filter(([, fact]) => typeof fact !== 'object');
  return lineOf({ ...head, ...Object.fromEntries(facts), truncated: true, prev }, key);
}

export function hashOfLine(line: string): string {
  return hash('sha256', line, 'hex');
}

function lineOf(record: object, key: Buffer): string {
  return authenticated(safeJson(JSON.stringify(record)), key);
}
