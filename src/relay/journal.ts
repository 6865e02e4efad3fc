// What the audit is told of a session: which tools were called and how that ended, and where something was scrubbed. Names and
// counts; whatever the client or the server has chosen is scrubbed, and cut to a length.

import { changedTokens } from '../scrub/pointer.js';
import { membersAt, messagesIn, stringAt, type Member } from '../scrub/json-values.js';
import type { Finding, Scrubber } from '../scrub/scrubber.js';
import { envelopesOf } from './envelope.js';
import { isWhole, type Line } from './frames.js';

export const TOOL_CALL = 'tools/call';

export type CallOutcome = 'ok' | 'error' | 'refused' | 'cancelled' | 'withheld' | 'unanswered';

/** Where something was scrubbed: a JSON Pointer (RFC 6901) in which `*` stands for an index, or `stdout`, `stderr`. */
export interface Place {
  readonly name: string;
  readonly at: string;
  readonly count: number;
}

export interface CallEntry {
  readonly kind: 'call';
  /** Undefined where the call names none, or could not be read. */
  readonly tool: string | undefined;
  readonly outcome: CallOutcome;
  /** Milliseconds from the call to its answer; undefined for a call that was not passed on. */
  readonly ms: number | undefined;
  readonly places: readonly Place[];
}

export interface PlacesEntry {
  readonly kind: 'places';
  readonly places: readonly Place[];
}

export type JournalEntry = CallEntry | PlacesEntry;

export interface Journal {
  /** `key`: the same for every spelling of the id; undefined for a call that wants no answer. */
  asked(key: string | undefined, line: Line, index: number): void;
  cancelled(key: string): void;
  /** The message at `index` of this line answers it. Throws what `onEntry` throws: then the answer must not leave. */
  answered(key: string, line: Line, index: number, withheld: boolean): void;
  /** A line that was not passed on. */
  readonly refused: (line: Line) => void;
  /** A line in which something was found; it may be the answer that comes next. */
  readonly found: (before: Buffer, after: Buffer, findings: readonly Finding[], kind: 'json' | 'text') => void;
  /** Of stderr. */
  foundAside(findings: readonly Finding[]): void;
  /** Calls that nobody has answered, and what was found elsewhere. */
  close(): void;
}

export interface JournalOptions {
  readonly scrubber: Pick<Scrubber, 'text'>;
  readonly onEntry: (entry: JournalEntry) => void;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

const LONGEST_NAME = 128;
const LONGEST_POINTER = 160;
/** In a longer line it is not looked up where something was found. */
const LONGEST_LOOK = 1024 * 1024;
/** Names of tools that are scrubbed once. */
const MOST_KNOWN = 512;
/** Places that are kept apart; beyond that they count as one. */
const MOST_PLACES = 200;

export function createJournal({ scrubber, onEntry, now = () => performance.now() }: JournalOptions): Journal {
  const calls = new Map<string, { readonly tool: string | undefined; readonly from: number }>();
  /** Found in no answer of a tool: place → count. */
  const elsewhere = new Map<string, Place>();
  /** Of the line that is on its way. */
  let current: readonly Place[] = [];
  let currentLine: Line | undefined;
  const shown = (text: string, limit: number): string => {
    try {
      return shortened(scrubber.text(Buffer.from(text)).bytes.toString(), limit);
    } catch {
      return '';
    }
  };
  const known = new Map<string, string>();
  const nameOf = (tool: string | undefined): string | undefined => {
    if (tool === undefined) return undefined;
    const name = known.get(tool) ?? shown(tool, LONGEST_NAME);
    if (known.size < MOST_KNOWN && tool.length <= LONGEST_NAME) known.set(tool, name);
    return name;
  };
  const settle = (): void => {
    for (const { name, at, count } of current) {
      const key = `${name}\n${at}`;
      const isNew = !elsewhere.has(key) && elsewhere.size >= MOST_PLACES;
      const place = { name, at: isNew ? '' : at };
      const slot = isNew ? `${name}\n` : key;
      elsewhere.set(slot, { ...place, count: count + (elsewhere.get(slot)?.count ?? 0) });
    }
    current = [];
  };
  /** Whoever must not fail has been told by then that it did. */
  const tell = (entry: JournalEntry): void => {
    try {
      onEntry(entry);
    } catch {
      // An answer alone can be kept back.
    }
  };
  return {
    asked(key, line, index) {
      const tool = toolAt(line, index);
      if (key !== undefined) calls.set(key, { tool, from: now() });
      else tell({ kind: 'call', tool: nameOf(tool), outcome: 'unanswered', ms: undefined, places: [] });
    },
    cancelled(key) {
      const call = calls.get(key);
      if (call === undefined) return;
      calls.delete(key);
      tell({ kind: 'call', tool: nameOf(call.tool), outcome: 'cancelled', ms: since(call.from, now()), places: [] });
    },
    answered(key, line, index, withheld) {
      const call = calls.get(key);
      if (call === undefined) return;
      const outcome = withheld || !isWhole(line) ? 'withheld' : isFailure(line, index) ? 'error' : 'ok';
      const places = currentLine === line ? current : [];
      if (currentLine === line) current = [];
      onEntry({ kind: 'call', tool: nameOf(call.tool), outcome, ms: since(call.from, now()), places });
      calls.delete(key);
    },
    refused(line) {
      for (const [index, { method }] of envelopesOf(line).entries()) {
        if (method !== TOOL_CALL) continue;
        tell({ kind: 'call', tool: nameOf(toolAt(line, index)), outcome: 'refused', ms: undefined, places: [] });
      }
    },
    found(before, after, findings, kind) {
      settle();
      const places = kind === 'text' ? placed(findings, 'stdout') : placesIn(before, after, findings);
      currentLine = before;
      current = places.map(({ name, at, count }) => ({ name, at: shown(at, LONGEST_POINTER), count }));
    },
    foundAside(findings) {
      settle();
      current = placed(findings, 'stderr');
    },
    close() {
      settle();
      for (const { tool, from } of calls.values())
        tell({ kind: 'call', tool: nameOf(tool), outcome: 'unanswered', ms: since(from, now()), places: [] });
      calls.clear();
      if (elsewhere.size > 0) tell({ kind: 'places', places: [...elsewhere.values()] });
    },
  };
}

function since(from: number, now: number): number {
  return Math.round((now - from) * 10) / 10;
}

/** Cut by characters, after it was scrubbed: half a credential is one, too. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${Array.from(text.slice(0, limit)).slice(0, -20).join('')}… (${text.length})`;
}

/** What the call at `index` of the line wants to call. */
function toolAt(line: Line, index: number): string | undefined {
  try {
    const bytes = isWhole(line) ? line : line.head;
    const start = isWhole(line) ? messagesIn(line).starts[index] : 0;
    const params = lastOf(membersAt(bytes, start ?? 0), 'params');
    const name = params && lastOf(membersAt(bytes, params.start), 'name');
    return name === undefined || name.end >= bytes.length ? undefined : stringAt(bytes, name);
  } catch {
    return undefined;
  }
}

function lastOf(members: readonly Member[], wanted: string): Member | undefined {
  return members.findLast(({ key }) => key === wanted);
}

const ERROR = Buffer.from('"error"');
const IS_ERROR = Buffer.from('"isError"');

/** Long results are seldom failures: where neither word stands in the line, nothing of it is read. */
function isFailure(line: Buffer, index: number): boolean {
  if (!line.includes(ERROR) && !saysTrue(line)) return false;
  try {
    const members = membersAt(line, messagesIn(line).starts[index] ?? 0);
    if (lastOf(members, 'error') !== undefined) return true;
    const result = lastOf(members, 'result');
    const flag = result && lastOf(membersAt(line, result.start), 'isError');
    return flag !== undefined && line.toString('latin1', flag.start, flag.end) === 'true';
  } catch {
    return false;
  }
}

/** Whether `"isError": true` stands anywhere: in valid JSON its quotes stand in no text. */
function saysTrue(line: Buffer): boolean {
  for (let at = line.indexOf(IS_ERROR); at !== -1; at = line.indexOf(IS_ERROR, at + 1)) {
    if (/^\s*:\s*t/.test(line.toString('latin1', at + IS_ERROR.length, at + IS_ERROR.length + 16))) return true;
  }
  return false;
}

function placed(findings: readonly Finding[], at: string): readonly Place[] {
  return findings.map(({ name, count }) => ({ name, at, count }));
}

/** Masks say whose they are; those that must not (in URLs, for numbers) are told by the only name that there is. */
function placesIn(before: Buffer, after: Buffer, findings: readonly Finding[]): readonly Place[] {
  if (before.length > LONGEST_LOOK) return placed(findings, '');
  const names = new Set(findings.map(({ name }) => name));
  const [only] = names.size === 1 ? names : [];
  const places = new Map<string, Place>();
  for (const { pointer, masked } of changedTokens(before, after)) {
    const at = pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*');
    const said = [...masked.matchAll(/\[REDACTED:([^\]]*)\]/g)].map(([, name = '']) => name);
    const known = said.filter((name) => names.has(name));
    for (const name of known.length > 0 ? known : [only ?? '']) {
      const key = `${name}\n${at}`;
      places.set(key, { name, at, count: 1 + (places.get(key)?.count ?? 0) });
    }
  }
  return [...places.values()];
}
