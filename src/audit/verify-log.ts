// Is this log the one that was written? Pure: its bytes, and what the index says of it.

import { membersOf } from './json.js';
import { bodyOf, dayKey, nextDay, stepped, type DeriveKey } from './keys.js';
import { hashOfLine, MAX_RECORD_BYTES, NO_LINE } from './record.js';

/**
 * `edited` a line that we did not write so · `deleted` records are missing in between · `reordered` and `duplicated` are in the
 * wrong place · `truncated` the end is missing · `spliced` a record of another log · `missing` a whole file · `unlisted` a file
 * that the index does not know · `unreadable` a file that cannot be read.
 */
export type Trouble =
  | 'edited'
  | 'deleted'
  | 'reordered'
  | 'duplicated'
  | 'truncated'
  | 'spliced'
  | 'missing'
  | 'unlisted'
  | 'unreadable';

export interface Complaint {
  /** From 1. */
  readonly line?: number;
  readonly what: Trouble;
  readonly detail: string;
}

/** What the index knows of a log. */
export interface ListedLog {
  readonly log: string;
  /** Name of the file. */
  readonly file: string;
  /** When it was opened, ISO 8601 UTC. */
  readonly opened: string;
  /** The last state that was committed. */
  readonly reached: { readonly seq: number; readonly last: string } | undefined;
  readonly isClosed: boolean;
}

export interface LogVerdict {
  /** Genuine records. */
  readonly records: number;
  readonly complaints: readonly Complaint[];
  /** The file ends within a line, as it may after a crash. */
  readonly isCut: boolean;
}

interface Genuine {
  readonly line: number;
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
}

export function verifyLog(bytes: Buffer, listed: ListedLog, derive: DeriveKey): LogVerdict {
  const { lines, rest } = linesOf(bytes);
  const isGenuine = createJudge(listed, derive);
  const complaints: Complaint[] = [];
  const genuine: Genuine[] = [];
  for (const [index, line] of lines.entries()) {
    const verdict = isGenuine(line);
    if ('seq' in verdict) genuine.push({ ...verdict, line: index + 1 });
    else complaints.push({ line: index + 1, ...verdict });
  }
  complaints.push(...orderOf(genuine), ...gapsOf(genuine, lines.length), ...endOf(genuine, lines.length, rest, listed));
  return { records: genuine.length, complaints: sorted(complaints), isCut: rest.length > 0 };
}

/** A line is bytes: what decodes to the same text need not be the same. Undefined where they are no UTF-8. */
export function textOf(line: Buffer): string | undefined {
  const text = line.toString('utf8');
  return Buffer.byteLength(text) === line.length && Buffer.from(text).equals(line) ? text : undefined;
}

/** Whole lines without their newlines, and what follows the last newline. */
export function linesOf(bytes: Buffer): { readonly lines: readonly Buffer[]; readonly rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return { lines, rest: bytes.subarray(start) };
}

type Verdict = Omit<Genuine, 'line'> | Complaint;
const EDITED: Complaint = { what: 'edited', detail: 'this is not the line that was written' };

function createJudge({ log, opened }: ListedLog, derive: DeriveKey): (line: Buffer) => Verdict {
  const keyOf = createKeys(opened.slice(0, 10), derive);
  /** The latest day so far: a clock that is set back does not take the key back. */
  let latest = opened.slice(0, 10);
  return (bytes) => {
    const line = textOf(bytes);
    const record = line === undefined || bytes.length >= MAX_RECORD_BYTES ? undefined : parsed(line);
    if (line === undefined || record === undefined) return EDITED;
    if (record.log !== log) return { what: 'spliced', detail: 'this record belongs to another log' };
    const day = record.t.slice(0, 10);
    const body = [day, latest].map((each) => keyOf(each)).find((key) => key && bodyOf(line, key) !== undefined);
    if (body === undefined) return EDITED;
    if (day > latest) latest = day;
    return { seq: record.seq, prev: record.prev, hash: hashOfLine(line) };
  };
}

interface Parsed {
  readonly log: string;
  readonly t: string;
  readonly seq: number;
  readonly prev: string;
}

function parsed(line: string): Parsed | undefined {
  const { log, t, seq, prev } = membersOf(line) ?? {};
  const isText = typeof log === 'string' && typeof t === 'string' && typeof prev === 'string';
  return isText && typeof seq === 'number' ? { log, t, seq, prev } : undefined;
}

/** A forged date must not keep us busy: no process runs for so many days. */
const MOST_DAYS = 3660;

/** The key of a day: that of the first one, stepped; undefined for what is no day, or none that comes later. */
function createKeys(first: string, derive: DeriveKey): (day: string) => Buffer | undefined {
  const keys = [dayKey(derive, first)];
  const days = new Map([[first, 0]]);
  let last = first;
  return (day) => {
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
    while (last < day && keys.length < MOST_DAYS) {
      last = nextDay(last);
      days.set(last, keys.length);
      keys.push(stepped(keys.at(-1) ?? Buffer.alloc(0)));
    }
    return keys[days.get(day) ?? -1];
  };
}

/** Genuine records that stand in the wrong place. */
function orderOf(genuine: readonly Genuine[]): Complaint[] {
  const seen = new Set<number>();
  let most = 0;
  return genuine.flatMap(({ seq, line }): Complaint[] => {
    const isAgain = seen.has(seq);
    const isLate = seq < most;
    seen.add(seq);
    most = Math.max(most, seq);
    if (isAgain) return [{ line, what: 'duplicated', detail: `record ${seq} stands here once more` }];
    return isLate ? [{ line, what: 'reordered', detail: `record ${seq} stands behind record ${most}` }] : [];
  });
}

/** Numbers that are nowhere, but for those of edited lines in the same place; and genuine records that do not follow each other. */
function gapsOf(genuine: readonly Genuine[], lines: number): Complaint[] {
  const inOrder = genuine.toSorted((one, other) => one.seq - other.seq || one.line - other.line);
  const complaints: Complaint[] = [];
  let before: Genuine = { line: 0, seq: 0, prev: '', hash: NO_LINE };
  for (const record of inOrder) {
    const gap = record.seq - before.seq - 1;
    const others = record.line - before.line - 1;
    if (gap > Math.max(0, Math.min(others, lines))) {
      const range = gap === 1 ? `record ${before.seq + 1} is` : `records ${before.seq + 1} to ${record.seq - 1} are`;
      complaints.push({ line: record.line, what: 'deleted', detail: `${range} missing before this one` });
    }
    if (gap === 0 && record.prev !== before.hash)
      complaints.push({ line: record.line, what: 'edited', detail: 'this record does not follow the one before it' });
    before = record;
  }
  return complaints;
}

function endOf(
  genuine: readonly Genuine[],
  lines: number,
  rest: Buffer,
  { reached, isClosed }: ListedLog,
): Complaint[] {
  if (isClosed && rest.length > 0)
    return [{ line: lines + 1, what: 'truncated', detail: 'the last line is incomplete' }];
  if (reached === undefined) return [];
  const last = genuine.toSorted((one, other) => other.seq - one.seq)[0];
  const edited = lines - (last?.line ?? 0);
  const end = last?.seq ?? 0;
  if (end + edited < reached.seq)
    return [{ line: lines, what: 'truncated', detail: `the log ends at record ${end}, and had ${reached.seq}` }];
  const named = genuine.find(({ seq }) => seq === reached.seq);
  const isOther = named !== undefined && named.hash !== reached.last;
  const isLonger = isClosed && end > reached.seq;
  if (!isOther && !isLonger) return [];
  return [{ line: named?.line ?? lines, what: 'edited', detail: 'the index knows another record in this place' }];
}

function sorted(complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
