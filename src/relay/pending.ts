// The requests that the server owes an answer: when it ends, whoever waits is told, instead of waiting for its own deadline.

import { envelopesOf } from './envelope.js';
import { createFramer, isWhole, type Line } from './frames.js';

export interface Pending {
  /** What was handed to the server, in chunks of any size. */
  asked(chunk: Buffer): void;
  /** A line that was handed to the client. */
  answered(line: Line): void;
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
  return {
    asked(chunk) {
      for (const line of framer.push(chunk)) add(line);
    },
    answered(line) {
      if (ids.size === 0 || (isWhole(line) && saysMethod(line))) return;
      for (const { kind, id } of envelopesOf(line)) {
        if (kind === 'response' && id !== undefined) ids.delete(keyOf(id));
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

function saysMethod(line: Buffer): boolean {
  return line.length > METHOD.length && line.compare(METHOD, 0, METHOD.length, 0, METHOD.length) === 0;
}

/** The same for every spelling of an id: a server may have rounded a number or escaped a letter. */
function keyOf(id: string): string {
  return JSON.stringify(JSON.parse(id));
}
