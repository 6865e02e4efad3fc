// What the prefilter cannot see in the bytes of a line: text inside base64 in which a value is encoded once more, and a
// value of which no string holds enough. A cheap look, for every line that the prefilter has let go.

import { LONG, openField, startsAsText } from './field.js';
import type { Needle } from './needle.js';
import { createSeek } from './seek.js';

export interface BlindSpots {
  /** `line` is what the prefilter says of bytes. */
  mayHold(bytes: Buffer, line: (bytes: Buffer) => boolean): boolean;
  /** A value may be cut in two by the ends of strings. */
  mayBeCut(bytes: Buffer): boolean;
  /** Base64 in base64. */
  isEncoded(bytes: Buffer): boolean;
}

const QUOTE = 0x22;
const MEMBERS = ['"blob"', '"data"'];
const DATA_URI = ';base64,';
const FIELDS = [...MEMBERS, DATA_URI].map((text) => Buffer.from(text));

/** With nothing to look for, nothing is looked at. */
export function createBlindSpots(needles: readonly Needle[], hasShapes: boolean): BlindSpots {
  if (needles.length === 0 && !hasShapes) return { mayHold: NEVER, mayBeCut: NEVER, isEncoded: NEVER };
  const edges = needles.flatMap(({ exact }) => exact.flatMap(edgesOf));
  const heads = edges.map(({ bytes }) => bytes);
  const seek = createSeek([...heads, ...FIELDS]);
  const seekEdges = createSeek(heads);
  return {
    mayHold(bytes, line) {
      const holds = (from: number): boolean => fieldHolds(bytes, from, line);
      const visit = (at: number, index: number): boolean => {
        const edge = edges[index];
        if (edge !== undefined) return isCut(bytes, at, edge);
        return holds(index - edges.length < MEMBERS.length ? valueOf(bytes, at) : startOfString(bytes, at));
      };
      return seek(bytes, visit) || longStrings(bytes, holds);
    },
    mayBeCut: (bytes) =>
      seekEdges(bytes, (at, index) => {
        const edge = edges[index];
        return edge !== undefined && isCut(bytes, at, edge);
      }),
    isEncoded: isBase64Run,
  };
}

interface Edge {
  /** The first or last bytes of a value. */
  readonly bytes: Buffer;
  readonly whole: Buffer;
  readonly isEnd: boolean;
}

const EDGE = 4;
const NEVER = (): boolean => false;

/** A value as JSON writes it, with and without characters beyond ASCII. */
function edgesOf(value: string): readonly Edge[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const ascii = escaped.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [...new Set([escaped, ascii])].flatMap((text) => {
    const whole = Buffer.from(text);
    return [
      { bytes: whole.subarray(0, EDGE), whole, isEnd: false },
      { bytes: whole.subarray(-EDGE), whole, isEnd: true },
    ];
  });
}

/** Whether a string ends behind the beginning of a value, or begins before the end of one. */
function isCut(bytes: Buffer, at: number, { whole, isEnd }: Edge): boolean {
  for (let length = EDGE; length < whole.length; length++) {
    const code = bytes[isEnd ? at + EDGE - length - 1 : at + length];
    if (code === QUOTE) return true;
    if (code !== whole[isEnd ? whole.length - length - 1 : length]) return !isEnd && code === BACKSLASH;
  }
  return false;
}
const BACKSLASH = 0x5c;

/** The inside of the string that is the value of the member at `at`; -1 when it is none. */
function valueOf(bytes: Buffer, at: number): number {
  let from = at + 6;
  while (bytes[from] === 0x20 || bytes[from] === 0x3a) from++;
  return bytes[from] === QUOTE ? from + 1 : -1;
}

function startOfString(bytes: Buffer, at: number): number {
  return bytes.lastIndexOf(QUOTE, at) + 1;
}

/** The first bytes tell what most base64 is: a picture. */
const HEAD = 64;

function fieldHolds(bytes: Buffer, from: number, line: (bytes: Buffer) => boolean): boolean {
  if (from <= 0) return false;
  const end = bytes.indexOf(QUOTE, from);
  const body = bytes[from] === LETTER_D ? bodyOf(bytes, from) : from;
  if (end - body < 8 || BASE64[bytes[body] ?? 0] !== 1) return false;
  if (end - body > HEAD) {
    const head = bytes.toString('latin1', body, body + HEAD).replace(/\\[rn]?/g, '');
    if (openField(head.slice(0, head.length & ~3))?.isText !== true) return false;
  }
  const field = openField(bytes.toString('latin1', from, end).replace(/\\[rn]?/g, unescaped));
  if (field?.isText !== true) return false;
  return line(field.bytes) || isBase64Run(field.bytes);
}

/** Behind the beginning of a data URI, or the same place when there is none. */
function bodyOf(bytes: Buffer, from: number): number {
  const comma = bytes.subarray(from, from + LONGEST_HEAD).indexOf(0x2c);
  return comma < 0 ? from : from + comma + 1;
}
const LETTER_D = 0x64;
const LONGEST_HEAD = 220;

function unescaped(escape: string): string {
  return escape.endsWith('n') ? '\n' : escape.endsWith('r') ? '\r' : '';
}

function isBase64Run(bytes: Buffer): boolean {
  return bytes.length >= 16 && bytes.subarray(0, 16).every((code) => BASE64[code] === 1);
}

/** Every long string that may be base64 of text. */
const STRIDE = LONG / 2;

function longStrings(bytes: Buffer, holds: (from: number) => boolean): boolean {
  const last = bytes.length - STRIDE;
  for (let at = STRIDE; at < last; at += STRIDE) {
    // In a run of this length the first of these samples has two more behind it.
    if (BASE64[bytes[at] ?? 0] !== 1 || BASE64[bytes[at + STRIDE] ?? 0] !== 1) continue;
    if (BASE64[bytes[at + STRIDE / 2] ?? 0] !== 1) continue;
    let start = at;
    while (start > at - STRIDE && BASE64[bytes[start - 1] ?? 0] === 1) start--;
    if (bytes[start - 1] !== QUOTE) continue;
    // A picture is known by its first bytes, and left behind at once.
    const end = bytes.indexOf(QUOTE, at);
    if (end < 0) return false;
    if (
      end - start >= LONG &&
      startsAsText(bytes.toString('latin1', start, start + 32).replaceAll('\\', '')) &&
      holds(start)
    )
      return true;
    at = Math.max(at, end - (end % STRIDE));
  }
  return false;
}

const BASE64 = Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9+/=_\\-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
