// Which marks share a bucket. A bucket fires where each of four bytes has a low half that one of its marks has there: alike
// marks in one bucket keep that rare. Of a long literal any four bytes may be the mark.

import type { Mark, Pattern } from './pattern.js';
import { wordIn } from './layout.js';
import { LONGEST_MARK, patternOf } from './pattern.js';
import type { Literal, Placement } from './scan.js';

export const BUCKETS = 24;
/** The plan uses the first ones, and leaves the others to known values. */
export const PLANNED = 16;
/**
 * Marks that begin with `$`, `%`, `&`, `\0`, `\1`, `\x`, 0xc2 or 0xe2, or are a character between two escaped line breaks, need no
 * bucket: these places are looked at anyway.
 */
const SIGNED = 24;

/** What the buckets accept: for each of four bytes of each bucket the low halves, a bit for each of 16. */
export type Accepted = Uint16Array;

const ANY = 0xffff;

/** Every literal where it is placed beforehand, or where it adds least: far from the optimum, and quick. */
export function markAll(literals: readonly Literal[], placements: readonly (Placement | undefined)[] = []): Marked {
  const patterns = literals.map(patternOf);
  const places = patterns.map((pattern, index) => placements[index] ?? placeOfSign(pattern));
  const accepted = new Uint16Array(BUCKETS * LONGEST_MARK);
  for (const [index, pattern] of patterns.entries()) {
    const place = places[index];
    if (place !== undefined && place.bucket !== SIGNED) accept(accepted, place.bucket, pattern, place.offset);
  }
  const costs = Float64Array.from({ length: BUCKETS }, (_, bucket) => costWith(accepted, bucket, 0, 0, 0, 0));
  const marks = literals.map(({ isWord = false, markAt }, index) => {
    const pattern = patterns[index] ?? NOTHING;
    const { offset, bucket } = places[index] ?? cheapest(pattern, accepted, costs, markAt);
    const size = Math.min(pattern.text.length - offset, LONGEST_MARK);
    return { pattern, offset, bucket, isWord, size, word: wordIn(pattern.text, offset) };
  });
  return { marks, accepted };
}
const NOTHING: Pattern = { text: '', anyCase: false };

export interface Marked {
  readonly marks: readonly Mark[];
  readonly accepted: Accepted;
}

function placeOfSign(pattern: Pattern): Placement | undefined {
  const sign = signIn(pattern);
  return sign < 0 ? undefined : { offset: sign, bucket: SIGNED };
}

function cheapest(pattern: Pattern, accepted: Accepted, costs: Float64Array, markAt: number | undefined): Placement {
  let best = { offset: 0, bucket: 0, more: Infinity, cost: 0 };
  const last = markAt ?? lastOffset(pattern);
  for (let offset = markAt ?? 0; offset <= last; offset++) {
    const one = acceptedAt(pattern, offset);
    const two = acceptedAt(pattern, offset + 1);
    const three = acceptedAt(pattern, offset + 2);
    const four = acceptedAt(pattern, offset + 3);
    for (let bucket = PLANNED; bucket < BUCKETS; bucket++) {
      const cost = costWith(accepted, bucket, one, two, three, four);
      const more = cost - (costs[bucket] ?? 0);
      if (more < best.more) best = { offset, bucket, more, cost };
    }
  }
  costs[best.bucket] = best.cost;
  accept(accepted, best.bucket, pattern, best.offset);
  return best;
}

/** Where a mark may begin at the latest. */
export function lastOffset({ text }: Pattern): number {
  return Math.max(0, text.length - LONGEST_MARK);
}

/** Where one of the signs has two bytes more behind it; -1 when none has. */
export function signIn({ text }: Pattern): number {
  for (let at = 0; at + 2 <= text.length; at++) {
    if (isSign(text.charCodeAt(at), text.charCodeAt(at + 1)) || isLone(text, at)) return at;
  }
  return -1;
}

function isSign(byte: number, next: number): boolean {
  return (
    (byte >= 0x24 && byte <= 0x26) || byte === 0xc2 || byte === 0xe2 || (byte === BACKSLASH && (next & 0x96) === 0x10)
  );
}

/** A character between two escaped line breaks. */
function isLone(text: string, at: number): boolean {
  const next = text[at + 1];
  return text.charCodeAt(at) === BACKSLASH && (next === 'n' || next === 'r') && text.charCodeAt(at + 3) === BACKSLASH;
}
const BACKSLASH = 0x5c;

function accept(accepted: Accepted, bucket: number, pattern: Pattern, offset: number): void {
  for (let index = 0; index < LONGEST_MARK; index++) {
    const at = bucket * LONGEST_MARK + index;
    accepted[at] = (accepted[at] ?? 0) | acceptedAt(pattern, offset + index);
  }
}

/** A byte that a short mark does not have may be any. */
export function acceptedAt({ text }: Pattern, at: number): number {
  return at < text.length ? 1 << (text.charCodeAt(at) & 15) : ANY;
}

/** How often a bucket fires on text, about, once it accepts these too: the share of places. */
function costWith(accepted: Accepted, bucket: number, one: number, two: number, three: number, four: number): number {
  const at = bucket * LONGEST_MARK;
  return (
    shareOf((accepted[at] ?? 0) | one) *
    shareOf((accepted[at + 1] ?? 0) | two) *
    shareOf((accepted[at + 2] ?? 0) | three) *
    shareOf((accepted[at + 3] ?? 0) | four)
  );
}

/** How often each low half occurs in JSON, text and code of Latin letters, in thousandths. */
const SHARES = [107, 67, 144, 67, 94, 98, 27, 21, 26, 40, 42, 7, 116, 41, 47, 55];

const LOW = sumsOf(SHARES.slice(0, 8));
const HIGH = sumsOf(SHARES.slice(8));

/** For each set of eight, the sum of what is in it. */
function sumsOf(shares: readonly number[]): Float64Array {
  const sums = new Float64Array(256);
  for (let bits = 1; bits < 256; bits++) {
    const rest = bits & (bits - 1);
    sums[bits] = (sums[rest] ?? 0) + (shares[31 - Math.clz32(bits ^ rest)] ?? 0);
  }
  return sums;
}

function shareOf(bits: number): number {
  return ((LOW[bits & 255] ?? 0) + (HIGH[bits >> 8] ?? 0)) / 1000;
}
