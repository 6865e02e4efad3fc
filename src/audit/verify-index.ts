// Is the index whole? Pure: its bytes, its head, the key. Only what this finds genuine says which logs there must be.

import { membersOf, textsIn, type Members } from './json.js';
import { bodyOf } from './keys.js';
import { hashOfLine } from './record.js';
import { linesOf, textOf, type Complaint, type ListedLog } from './verify-log.js';

export interface IndexVerdict {
  /** By the id of the log. */
  readonly logs: ReadonlyMap<string, ListedLog>;
  /** Names of files that retention has removed the last time. */
  readonly pruned: ReadonlySet<string>;
  /** Genuine lines, as they stand: each once. */
  readonly lines: readonly IndexedLine[];
  /** Hashes of the lines that the head names; none without one. */
  readonly heads: readonly string[];
  readonly complaints: readonly Complaint[];
  /** Bytes of its whole lines. */
  readonly size: number;
  /** What a full disk or a crash may leave. */
  readonly notes: readonly string[];
}

export interface IndexedLine {
  readonly text: string;
  readonly hash: string;
  readonly prev: readonly string[];
  /** Undefined for a base. */
  readonly log: string | undefined;
}

/** `head` undefined: there is none. */
export function verifyIndex(bytes: Buffer, head: Buffer | undefined, key: Buffer): IndexVerdict {
  const { lines, rest } = linesOf(bytes);
  const complaints: Complaint[] = [];
  const notes: string[] = [];
  const genuine = new Map<string, IndexedLine>();
  const logs = createLogs();
  const [gone, pruned] = [new Set<string>(), new Set<string>()];
  for (const [index, each] of lines.entries()) {
    const at = index + 1;
    const text = textOf(each);
    const fields = text === undefined ? undefined : membersOf(text);
    if (text === undefined || fields === undefined) {
      notes.push(`line ${at} is incomplete, as a full disk may leave one`);
      continue;
    }
    if (bodyOf(text, key) === undefined) {
      complaints.push({ line: at, what: 'edited', detail: 'this is not the line that was written' });
      continue;
    }
    const hash = hashOfLine(text);
    if (genuine.has(hash)) continue;
    const line = {
      text,
      hash,
      prev: textsIn(fields['prev']),
      log: fields['ev'] === 'base' ? undefined : String(fields['log']),
    };
    genuine.set(hash, line);
    for (const removed of textsIn(fields['gone'])) gone.add(removed);
    for (const file of textsIn(fields['files'])) pruned.add(file);
    if (line.prev.some((named) => !genuine.has(named) && !gone.has(named)))
      complaints.push({ line: at, what: 'deleted', detail: 'a line that this one names is missing before it' });
    if (line.log !== undefined) logs.note(line.log, at, fields);
  }
  complaints.push(...logs.orphans());
  if (rest.length > 0) notes.push('the last line is incomplete, as a crash may leave it');
  const heads = headsOf(head, key);
  complaints.push(...headComplaints(head, heads, lines.length, (hash) => genuine.has(hash) || gone.has(hash)));
  return {
    logs: logs.listed(),
    pruned,
    lines: [...genuine.values()],
    heads: heads ?? [],
    complaints,
    size: bytes.length - rest.length,
    notes,
  };
}

interface State {
  readonly line: number;
  readonly seq: number;
  readonly last: string;
  readonly isClosed: boolean;
}

/** What the lines say of each log. The order of lines that were written while the index was replaced means nothing. */
function createLogs() {
  const opened = new Map<string, Pick<ListedLog, 'log' | 'file' | 'opened'>>();
  const states = new Map<string, State>();
  return {
    note(log: string, line: number, { ev, t, file, seq, last }: Members): void {
      if (ev === 'open') {
        opened.set(log, { log, file: String(file), opened: String(t) });
        return;
      }
      const state = { line, seq: Number(seq), last: String(last), isClosed: ev === 'close' };
      const known = states.get(log);
      if (known === undefined || state.seq > known.seq || (state.seq === known.seq && state.isClosed))
        states.set(log, state);
    },
    listed(): ReadonlyMap<string, ListedLog> {
      return new Map([...opened].map(([log, each]) => [log, { ...each, ...reachedBy(states.get(log)) }]));
    },
    orphans(): Complaint[] {
      const lost = [...states].filter(([log]) => !opened.has(log));
      return lost.map(([, { line }]) => ({
        line,
        what: 'deleted',
        detail: 'the line that opened this log is missing',
      }));
    },
  };
}

function reachedBy(state: State | undefined): Pick<ListedLog, 'reached' | 'isClosed'> {
  if (state === undefined) return { reached: undefined, isClosed: false };
  const { seq, last, isClosed } = state;
  return { reached: { seq, last }, isClosed };
}

function headComplaints(
  head: Buffer | undefined,
  heads: readonly string[] | undefined,
  lines: number,
  isKnown: (hash: string) => boolean,
): Complaint[] {
  if (head === undefined) return lines === 0 ? [] : [{ what: 'missing', detail: 'the head of the index is missing' }];
  if (heads === undefined) return [{ what: 'edited', detail: 'the head of the index is not the one that was written' }];
  if (heads.every(isKnown)) return [];
  return [{ line: lines, what: 'truncated', detail: 'a line that the head of the index names is missing' }];
}

/** Undefined when it is not genuine. */
function headsOf(head: Buffer | undefined, key: Buffer): readonly string[] | undefined {
  if (head === undefined) return [];
  const text = textOf(head);
  const body = text?.endsWith('\n') === true ? bodyOf(text.slice(0, -1), key) : undefined;
  return body === undefined ? undefined : textsIn(membersOf(body)?.['heads']);
}
