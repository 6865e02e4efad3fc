// The requests that the server owes an answer: when it ends, whoever waits is told, instead of waiting for its own deadline.

import { envelopesOf } from './envelope.js';
import { createFramer, type Line } from './frames.js';
import { TOOL_CALL, type Journal } from './journal.js';

export interface Pending {
  /** What was handed to the server, in chunks of any size. */
  asked(chunk: Buffer): void;
  /** A line that is handed to the client, or that something else is said in place of (`withheld`). Throws what the journal throws. */
  answered(line: Line, withheld?: boolean): void;
  /** Of several such lines: where each has its newline. */
  allAnswered(lines: Buffer, ends: readonly number[]): void;
  /** Ids, raw JSON, in the order of the requests. They count as answered from then on. */
  take(): readonly string[];
  /** The first request has been seen. */
  readonly hasAsked: boolean;
}

/** Of a longer line of the client only the ends are looked at. */
const LONGEST_READ = 64 * 1024;

/** `journal` hears of the calls of tools. */
export function createPending(journal?: Pick<Journal, 'asked' | 'answered' | 'cancelled'>): Pending {
  const framer = createFramer(LONGEST_READ);
  const ids = new Map<string, string>();
  let hasAsked = false;
  const add = (line: Line): void => {
    for (const [index, { kind, method, id, cancels }] of envelopesOf(line).entries()) {
      // Nobody waits any more; an answer may still come.
      if (cancels !== undefined) cancel(keyOf(cancels));
      const key = id === undefined ? undefined : keyOf(id);
      if (method === TOOL_CALL) journal?.asked(key, line, index);
      if (kind !== 'request' || key === undefined || id === undefined) continue;
      ids.set(key, id);
      hasAsked = true;
    }
  };
  const cancel = (key: string): void => {
    ids.delete(key);
    journal?.cancelled(key);
  };
  const answered = (line: Line, withheld = false): void => {
    if (ids.size === 0) return;
    for (const [index, { kind, id }] of envelopesOf(line).entries()) {
      if (kind !== 'response' || id === undefined) continue;
      const key = keyOf(id);
      journal?.answered(key, line, index, withheld);
      ids.delete(key);
    }
  };
  return {
    asked(chunk) {
      for (const line of framer.push(chunk)) add(line);
    },
    answered,
    allAnswered(lines, ends) {
      let start = 0;
      for (const end of ends) {
        if (ids.size === 0) return;
        if (!saysMethod(lines, start)) answered(lines.subarray(start, end));
        start = end + 1;
      }
    },
    take() {
      for (const line of framer.end()) add(line);
      const all = [...ids.values()];
      ids.clear();
      return all;
    },
    get hasAsked() {
      return hasAsked;
    },
  };
}

/** Floods are of notifications, and most servers begin them so. */
const METHOD = Buffer.from('{"jsonrpc":"2.0","method":');

/** Whether the line at `start` does. A loop, for a call of Buffer.compare takes longer than so few bytes. */
function saysMethod(lines: Buffer, start: number): boolean {
  let index = METHOD.length - 1;
  while (index >= 0 && lines[start + index] === METHOD[index]) index--;
  return index < 0;
}

/** The same for every spelling of an id: a server may have rounded a number or escaped a letter. */
function keyOf(id: string): string {
  return JSON.stringify(JSON.parse(id));
}
