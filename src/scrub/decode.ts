// Bytes to text. The fast way is enough to look for something; only where something was found, each character of the text
// is traced to its bytes. A byte that is not UTF-8 becomes a lone surrogate U+DC80…U+DCFF and stands for itself.

import { isAscii, isUtf8 } from 'node:buffer';
import { escapeLength } from './json-strings.js';

/** How the bytes of a line can be decoded fast; undefined when they are not UTF-8. */
export type FastEncoding = 'latin1' | 'utf8' | undefined;

export interface TracedText {
  readonly text: string;
  /** For each UTF-16 unit of the text where its bytes begin, and at last where they end. */
  readonly offsets: Uint32Array;
}

export function encodingOf(bytes: Buffer): FastEncoding {
  if (isAscii(bytes)) return 'latin1';
  return isUtf8(bytes) ? 'utf8' : undefined;
}

/** A range of a line as text. */
export function decodeText(bytes: Buffer, start: number, end: number, encoding: FastEncoding): string {
  return encoding === undefined ? trace(bytes, start, end, false).text : bytes.toString(encoding, start, end);
}

/** The inside of a JSON string that the scanner has accepted; `escaped` as the scanner says. */
export function decodeJsonString(
  bytes: Buffer,
  { start, end, escaped }: { readonly start: number; readonly end: number; readonly escaped: boolean },
  encoding: FastEncoding,
): string {
  if (encoding === undefined) return trace(bytes, start, end, true).text;
  if (!escaped) return bytes.toString(encoding, start, end);
  return String(JSON.parse(bytes.toString(encoding, start - 1, end + 1)));
}

/** The same text with the place of each of its units; `json` decodes the escapes of a JSON string. */
export function trace(bytes: Buffer, start: number, end: number, json: boolean): TracedText {
  const offsets = new Uint32Array(end - start + 1);
  const parts: string[] = [];
  const units = new Uint16Array(4096);
  let used = 0;
  let total = 0;
  const add = (unit: number, at: number): void => {
    if (used === units.length) {
      parts.push(String.fromCharCode(...units));
      used = 0;
    }
    units[used++] = unit;
    offsets[total++] = at;
  };
  for (let at = start; at < end;) {
    const code = bytes[at] ?? 0;
    if (json && code === 0x5c) {
      add(escapedUnit(bytes, at), at);
      at += Math.max(1, escapeLength(bytes, at));
      continue;
    }
    const length = sequenceLength(bytes, at, end);
    const point = length === 0 ? 0xdc00 + code : pointOf(bytes, at, length);
    if (point > 0xffff) add(0xd7c0 + (point >> 10), at);
    add(point > 0xffff ? 0xdc00 + (point & 0x3ff) : point, at);
    at += Math.max(1, length);
  }
  offsets[total] = end;
  parts.push(String.fromCharCode(...units.subarray(0, used)));
  return { text: parts.join(''), offsets: offsets.subarray(0, total + 1) };
}

/**
 * Where the bytes of the units at these indices begin, of the text that `trace` makes of the same range; the indices
 * ascend. The text itself is not made.
 */
export function placesOf(
  bytes: Buffer,
  { start, end, json }: { readonly start: number; readonly end: number; readonly json: boolean },
  indices: readonly number[],
): readonly number[] {
  const places: number[] = [];
  let unit = 0;
  let at = start;
  /** Between the two units of a character of four bytes: both begin with it. */
  let isHalf = false;
  for (const index of indices) {
    for (; unit < index && at < end; unit++) {
      const code = bytes[at] ?? 0;
      if (code < 0x80) at += json && code === 0x5c ? Math.max(1, escapeLength(bytes, at)) : 1;
      else {
        const length = sequenceLength(bytes, at, end);
        isHalf = length === 4 && !isHalf;
        if (!isHalf) at += Math.max(1, length);
      }
    }
    places.push(unit < index ? end : at);
  }
  return places;
}

/** The other way round: how many units of that text stand before each of these places in the bytes, which ascend. */
export function unitsBefore(
  bytes: Buffer,
  { start, end, json }: { readonly start: number; readonly end: number; readonly json: boolean },
  places: readonly number[],
): readonly number[] {
  let unit = 0;
  let at = start;
  return places.map((place) => {
    while (at < place && at < end) {
      const code = bytes[at] ?? 0;
      const length = code < 0x80 ? 1 : sequenceLength(bytes, at, end);
      unit += length === 4 ? 2 : 1;
      at += json && code === 0x5c ? Math.max(1, escapeLength(bytes, at)) : Math.max(1, length);
    }
    return unit;
  });
}

function escapedUnit(bytes: Buffer, at: number): number {
  const code = bytes[at + 1] ?? 0;
  if (code === 0x75) return Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16);
  return SHORT[String.fromCharCode(code)] ?? code;
}
const SHORT: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9 };

/** The length of the UTF-8 sequence at `at` (Unicode §3.9, table 3-7); 0 when it is none. */
function sequenceLength(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > end) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function pointOf(bytes: Buffer, at: number, length: number): number {
  let point = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next++) point = (point << 6) | ((bytes[next] ?? 0) & 0x3f);
  return point;
}
