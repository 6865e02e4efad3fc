// Newline framing on bytes (MCP specification, "stdio transport"): one message per line. Bytes are never decoded here.

import { DEFAULT_MAX_LINE } from '../profile/quantity.js';

export const NEWLINE = 0x0a;

/** Pieces under this size are gathered into blocks of that one. */
const SMALL = 1024;
const GATHERED = 16 * 1024;
/** So much is kept of each end of a line that is longer than the limit: enough for its envelope. */
const KEPT = 4096;

/** What is left of a line that was longer than the limit. */
export interface LongLine {
  readonly head: Buffer;
  /** Up to its newline, which is not in it. */
  readonly tail: Buffer;
}

export type Line = Buffer | LongLine;

export interface Framer {
  /**
   * Lines that `chunk` completes, each with its newline, in order; of one that was longer than the limit its ends. Lines are
   * views of the chunk where they can be.
   */
  push(chunk: Buffer): Line[];
  /** What follows the last newline; an empty list when nothing does. */
  end(): Line[];
  /** What a line of the last `push` was made of. */
  piecesOf(line: Buffer): readonly Buffer[];
  /** A line has begun. */
  readonly isOpen: boolean;
}

export function isWhole(line: Line): line is Buffer {
  return Buffer.isBuffer(line);
}

/** Longer lines are put together where they end up, so that they take their length once. */
const LARGE = 2 * 1024 * 1024;

/**
 * With `reuses`, a line of several pieces lies in memory that the next one takes: it must not be kept, and `piecesOf` says what
 * may be written in its place.
 */
export function createFramer(maxBytes = DEFAULT_MAX_LINE, reuses = false): Framer {
  /** The unfinished line, as it came: joined once, when its newline is there (joining at every chunk would be quadratic). */
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Holds the unfinished line when that is large. Of its memory only what was written to is real. */
  let large: Buffer | undefined;
  /** Set inside a line that is already longer than the limit. */
  let long: LongLine | undefined;
  let scratch = Buffer.alloc(0);
  let last: { readonly line: Buffer; readonly pieces: readonly Buffer[] } | undefined;

  /** Small pieces are gathered: a Buffer for each byte of a slow writer would take a hundred times their size. */
  let gathered = Buffer.alloc(0);
  let used = 0;
  const gather = (part: Buffer): void => {
    if (used + part.length > gathered.length) {
      flush();
      gathered = Buffer.allocUnsafe(GATHERED);
    }
    used += part.copy(gathered, used);
  };
  const flush = (): void => {
    if (used > 0) pending.push(gathered.subarray(0, used));
    gathered = gathered.subarray(used);
    used = 0;
  };
  const hold = (part: Buffer): void => {
    if (part.length === 0) return;
    if (long !== undefined) long = { head: long.head, tail: lastOf([long.tail, part]) };
    else if (pendingBytes + part.length > maxBytes) giveUp(part);
    else if (large !== undefined) part.copy(large, pendingBytes);
    else if (part.length < SMALL && pendingBytes > 0) gather(part);
    else {
      flush();
      pending.push(part);
    }
    pendingBytes += part.length;
    if (large === undefined && long === undefined && pendingBytes > LARGE) settle();
  };
  const giveUp = (part: Buffer): void => {
    flush();
    const parts = large === undefined ? [...pending, part] : [large.subarray(0, pendingBytes), part];
    long = { head: firstOf(parts), tail: lastOf(parts) };
    [pending, large] = [[], undefined];
  };
  const settle = (): void => {
    flush();
    large = Buffer.allocUnsafeSlow(maxBytes);
    let at = 0;
    for (const part of pending) at += part.copy(large, at);
    pending = [];
  };
  const take = (): Line => {
    flush();
    const line = long === undefined ? whole() : withoutNewline(long);
    [pending, pendingBytes, large, long] = [[], 0, undefined, undefined];
    return line;
  };
  const whole = (): Buffer => {
    if (large !== undefined) return large.subarray(0, pendingBytes);
    const [only] = pending;
    if (pending.length === 1 && only !== undefined) return only;
    if (!reuses) return Buffer.concat(pending, pendingBytes);
    if (scratch.length < pendingBytes) scratch = Buffer.allocUnsafeSlow(Math.min(LARGE, 2 * pendingBytes));
    let at = 0;
    for (const part of pending) at += part.copy(scratch, at);
    last = { line: scratch.subarray(0, pendingBytes), pieces: pending };
    return last.line;
  };

  return {
    push(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (;;) {
        const newline = chunk.indexOf(NEWLINE, start);
        if (newline === -1) break;
        hold(chunk.subarray(start, newline + 1));
        lines.push(take());
        start = newline + 1;
      }
      hold(chunk.subarray(start));
      return lines;
    },
    end() {
      return pendingBytes === 0 ? [] : [take()];
    },
    piecesOf: (line) => (line === last?.line ? last.pieces : [line]),
    get isOpen() {
      return pendingBytes > 0;
    },
  };
}

function firstOf(parts: readonly Buffer[]): Buffer {
  const few = [];
  for (let index = 0, length = 0; index < parts.length && length < KEPT; index++) {
    const part = parts[index]?.subarray(0, KEPT - length) ?? Buffer.alloc(0);
    few.push(part);
    length += part.length;
  }
  return Buffer.concat(few);
}

function lastOf(parts: readonly Buffer[]): Buffer {
  const few = [];
  for (let index = parts.length - 1, length = 0; index >= 0 && length < KEPT; index--) {
    const part = parts[index]?.subarray(-(KEPT - length)) ?? Buffer.alloc(0);
    few.unshift(part);
    length += part.length;
  }
  return Buffer.concat(few);
}

function withoutNewline({ head, tail }: LongLine): LongLine {
  return { head, tail: tail.at(-1) === NEWLINE ? tail.subarray(0, -1) : tail };
}
