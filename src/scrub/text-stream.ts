// Text as it comes, in chunks that end anywhere. The unit is the line, and an ended line leaves at once. A line without an
// end is scrubbed in windows that overlap, so that memory stays bounded and no match is cut in two.

import type { Cleaned } from './cleaning.js';
import { textEdits } from './cleaning.js';
import type { Engine } from './engine.js';
import { scrubText } from './message.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';

export interface ScrubbedStream {
  push(chunk: Buffer): Buffer;
  end(): Buffer;
  /**
   * Nothing came for a while, and somebody may be waiting for a prompt: lets go of what no match can begin in. What left is
   * still looked at together with what follows.
   */
  idle(): Buffer;
  /** How many lines, or windows of one, could not be scrubbed. */
  readonly withheld: number;
}

const NEWLINE = 0x0a;
const WINDOW = 65_536;
const SHORTEST_OVERLAP = 4_096;
/** How many bytes a byte of a value may take when it is written in some deep encoding. */
const LONGEST_SPELLING = 16;
/** Bytes of a word that may be one of a list of numbers. */
const LONGEST_LISTED = 32;
/** Stands for a line that could not be scrubbed: never the original. */
const WITHHELD = Buffer.from('[line withheld: it could not be scrubbed]');

/**
 * `longest` is the UTF-8 length of the longest known value, `words` the largest count of words in one; `onFound` hears of
 * everything that was masked.
 */
export function createTextStream(
  engine: Engine,
  { longest, words }: { readonly longest: number; readonly words: number },
  onFound: (names: readonly string[]) => void,
): ScrubbedStream {
  const overlap = Math.min(WINDOW, Math.max(SHORTEST_OVERLAP, longest * LONGEST_SPELLING));
  /** The current line so far, or what is kept of it. */
  let parts: Buffer[] = [];
  let size = 0;
  /** How many of its first bytes have left already; they are kept to be looked at together with what follows. */
  let sent = 0;
  let withheld = 0;

  const noted = (bytes: Buffer): Buffer => {
    if (bytes === WITHHELD) withheld++;
    return bytes;
  };
  const keep = (bytes: Buffer, sentBytes: number): void => {
    parts = bytes.length === 0 ? [] : [bytes];
    size = bytes.length;
    sent = sentBytes;
  };
  const reported = ({ bytes, found }: Cleaned): Buffer => {
    onFound(found);
    return bytes;
  };
  const line = (bytes: Buffer): Buffer =>
    noted(
      withheldOnFailure(() =>
        reported(sent === 0 ? scrubText(bytes, engine) : scrubPart(bytes, sent, bytes.length, engine)),
      ),
    );

  /** Everything up to the last newline; most blocks are clean as a whole and leave as they came. */
  const lines = (block: Buffer): readonly Buffer[] => {
    if (sent === 0 && !engine.prefilter.line(block)) return [block];
    const out: Buffer[] = [];
    let from = 0;
    for (let to = block.indexOf(NEWLINE); to >= 0; to = block.indexOf(NEWLINE, from)) {
      out.push(line(block.subarray(from, to)), block.subarray(to, to + 1));
      from = to + 1;
      sent = 0;
    }
    return out;
  };
  /** Lets go of a line that has become too long, but for the overlap at its end and as much before it. */
  const window = (bytes: Buffer): readonly Buffer[] => {
    const { cut, ...scrubbed } = withoutFailure(
      () => scrubWindow(bytes, sent, overlap, engine),
      bytes.length - overlap,
    );
    const from = Math.max(0, cut - overlap);
    // A copy: a slice would hold on to every chunk of the line.
    keep(Buffer.from(bytes.subarray(from)), cut - from);
    return [noted(reported(scrubbed))];
  };
  const take = (piece: Buffer): readonly Buffer[] => {
    parts.push(piece);
    size += piece.length;
    const hasEnd = piece.includes(NEWLINE);
    if (!hasEnd && size - sent <= WINDOW + overlap) return [];
    const bytes = Buffer.concat(parts);
    if (!hasEnd) return window(bytes);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const out = lines(bytes.subarray(0, end));
    keep(Buffer.from(bytes.subarray(end)), 0);
    return out;
  };

  return {
    push(chunk) {
      const out: Buffer[] = [];
      for (let at = 0; at < chunk.length; at += WINDOW) out.push(...take(chunk.subarray(at, at + WINDOW)));
      return out.length === 1 ? (out[0] ?? Buffer.alloc(0)) : Buffer.concat(out);
    },
    end() {
      const rest = line(Buffer.concat(parts));
      keep(Buffer.alloc(0), 0);
      return rest;
    },
    idle() {
      const bytes = Buffer.concat(parts);
      const cut = settledEnd(bytes, words);
      if (cut <= sent || bytes.length > WINDOW) return Buffer.alloc(0);
      const { cut: end, ...scrubbed } = withoutFailure(() => scrubUpTo(bytes, sent, cut, engine), cut);
      if (end <= sent) return Buffer.alloc(0);
      keep(Buffer.from(bytes), end);
      return noted(reported(scrubbed));
    },
    get withheld() {
      return withheld;
    },
  };
}

/**
 * How much of a line without an end is settled: all but its last words, of which a match may be in the making. A value of
 * three words may begin in the third last, and one that is written as a list of numbers where the list begins.
 */
function settledEnd(bytes: Buffer, words: number): number {
  const last = startOfWord(bytes, bytes.length);
  let end = startOfList(bytes, last, bytes.length);
  for (let more = 1; more < words; more++) end = startOfWord(bytes, endOfWord(bytes, end));
  return end;
}

/** A byte or a few of them, as a list in a text has them: `118,` `[0x76` `7667`. The last word may not be there as a whole. */
const LISTED = /^[[({<"':,-]{0,8}(?:0x|\\x)?([\da-f]{0,8})[\])}"':,;-]{0,8}$/i;
/** A prompt may end in a number; that of fewer digits is no more than two bytes of a value. */
const FEWEST_DIGITS = 6;

/** Of the list of numbers that ends with the word from `start` to `end`; `start` where it is none. */
function startOfList(bytes: Buffer, start: number, end: number): number {
  let [first, from, to, digits] = [start, start, end, 0];
  while (to > 0) {
    const listed = to - from > LONGEST_LISTED ? null : LISTED.exec(bytes.toString('latin1', from, to));
    if (listed === null) break;
    digits += listed[1]?.length ?? 0;
    first = from;
    to = endOfWord(bytes, from);
    from = startOfWord(bytes, to);
  }
  return digits < FEWEST_DIGITS ? start : first;
}

function startOfWord(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && !isBlank(bytes[at - 1])) at--;
  return at;
}

/** Of the word before `start`. */
function endOfWord(bytes: Buffer, start: number): number {
  let at = start;
  while (at > 0 && isBlank(bytes[at - 1])) at--;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** The bytes from `from` to `to`, scrubbed in the light of those around them. */
function scrubPart(bytes: Buffer, from: number, to: number, engine: Engine): Cleaned {
  return partOf(bytes, from, to, textEdits(bytes, engine), engine);
}

function partOf(bytes: Buffer, from: number, to: number, edits: readonly ByteEdit[], engine: Engine): Cleaned {
  const inside = edits
    .filter(({ start, end }) => end > from && start < to)
    .map((edit) => ({ ...edit, start: Math.max(edit.start, from) - from, end: Math.min(edit.end, to) - from }));
  if (inside.length === 0) return { bytes: bytes.subarray(from, to), found: [] };
  const again = scrubText(splice(bytes.subarray(from, to), inside), engine);
  return { bytes: again.bytes, found: [...inside.map(({ name }) => name), ...again.found] };
}

interface Window extends Cleaned {
  readonly cut: number;
}

/** What may leave of an endless line: all but the overlap. */
function scrubWindow(bytes: Buffer, sent: number, overlap: number, engine: Engine): Window {
  return scrubUpTo(bytes, sent, bytes.length - overlap, engine);
}

/** Up to `limit`, and never the beginning of a match without its end. */
function scrubUpTo(bytes: Buffer, sent: number, limit: number, engine: Engine): Window {
  const edits = textEdits(bytes, engine);
  const across = edits.find(({ start, end }) => start < limit && end > limit);
  const cut = across !== undefined && across.start > sent ? across.start : limit;
  return { cut, ...partOf(bytes, sent, cut, edits, engine) };
}

function withheldOnFailure(scrub: () => Buffer): Buffer {
  try {
    return scrub();
  } catch {
    return WITHHELD;
  }
}

function withoutFailure(scrub: () => Window, cut: number): Window {
  try {
    return scrub();
  } catch {
    return { cut, bytes: WITHHELD, found: [] };
  }
}
