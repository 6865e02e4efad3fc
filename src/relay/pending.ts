// The requests that the server owes an answer: when it ends, whoever waits is told, instead of waiting for its own deadline.

import { envelopesOf } from './envelope.js';
import { createFramer, type Line } from './frames.js';

export interface Pending {
  /** What was handed to the server, in chunks of any size. */
  asked(chunk: Buffer): void;
  /** A line that was handed to the client. */
  answered(line: Line): void;
  /** Of several such lines: where each has its newline. */
  allAnswered(lines: Buffer, ends: readonly number[]): void;
  /** Ids, raw JSON, in the order of the requests. They count as answered from then on. */
  take(): readonly string[];
  /** The first request has been seen. */
  readonly hasAsked: boolean;
}

/** Of a longer line of the client only the ends are looked at. */
const LONGEST_READ = 64 * 1024;

export function createPending(): Pending {
  const framer = createFramer(LONGEST_READ);
  const ids = new Map<string, string>();
  let hasAsked = false;
  const add = (line: Line): void => {
    for (const { kind, id, cancels } of envelopesOf(line)) {
      // Nobody waits any more; an answer may still come.
      if (cancels !== undefined) ids.delete(keyOf(cancels));
      if (kind !== 'request' || id === undefined) continue;
      ids.set(keyOf(id), id);
      hasAsked = true;
    }
  };
  const answered = (line: Line): void => {
    if (ids.size === 0) return;
    for (const { kind, id } of envelopesOf(line)) {
      if (kind === 'response' && id !== undefined) ids.delete(keyOf(id));
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
