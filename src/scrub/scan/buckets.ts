// Which marks share a bucket. A bucket fires where each of four bytes has a low half that one of its marks has there: alike
// marks in one bucket keep that rare. Of a long literal any four bytes may be the mark.

import type { Mark, Pattern } from './pattern.js';
import type { Placement } from './scan.js';
import { LONGEST_MARK } from './pattern.js';

export const BUCKETS = 24;
/** The plan uses the first ones, and leaves the others to known values. */
export const PLANNED = 16;
/**
 * Marks that begin with `$`, `%`, `&`, `\0`, `\1`, `\x`, 0xc2 or 0xe2, or are a character between two escaped line breaks, need no
 * bucket: these places are looked at anyway.
 */
const SIGNED = 24;

/** What a bucket accepts: for each of four bytes the low halves, a bit for each of 16. */
export type Accepted = readonly number[];

const ANY = 0xffff;

/** Every pattern where it is placed beforehand, or where it adds least: far from the optimum, and quick. */
export function markAll(
  patterns: readonly Pattern[],
  placements: readonly (Placement | undefined)[] = [],
  hints: readonly { readonly markAt?: number }[] = [],
): readonly Mark[] {
  const marks: Mark[] = [];
  patterns.forEach((pattern, index) => {
    const placement = placements[index];
    if (placement !== undefined) marks[index] = { pattern, ...placement };
  });
  const buckets = acceptedIn(marks.flat()).map((accepted) => ({ accepted: [...accepted], cost: costOf(accepted) }));
  for (const [index, pattern] of patterns.entries()) marks[index] ??= cheapest(pattern, buckets, hints[index]?.markAt);
  return marks;
}

interface Bucket {
  readonly accepted: number[];
  cost: number;
}

/** Runs when a launch starts, for every literal of a known value: it makes nothing that has to be collected. */
function cheapest(pattern: Pattern, buckets: readonly Bucket[], markAt: number | undefined): Mark {
  const sign = signIn(pattern);
  if (sign >= 0) return { pattern, offset: sign, bucket: SIGNED };
  const last = Math.max(0, pattern.text.length - LONGEST_MARK);
  let [offset, bucket, least] = [0, 0, Infinity];
  for (let from = markAt ?? 0; from <= (markAt ?? last); from++) {
    for (let index = PLANNED; index < buckets.length; index++) {
      const more = costWith(buckets[index], pattern, from);
      if (more < least) [offset, bucket, least] = [from, index, more];
    }
  }
  const best = buckets[bucket];
  if (best !== undefined) {
    accept(best.accepted, pattern, offset);
    best.cost = costOf(best.accepted);
  }
  return { pattern, offset, bucket };
}

/** What a bucket would fire more often with this mark. */
function costWith(bucket: Bucket | undefined, { text }: Pattern, offset: number): number {
  if (bucket === undefined) return Infinity;
  let cost = 1;
  for (let index = 0; index < LONGEST_MARK; index++)
    cost *= shareOf((bucket.accepted[index] ?? 0) | bitsAt(text, offset + index));
  return cost - bucket.cost;
}

/** Where a mark may begin. */
export function offsetsOf({ text }: Pattern): readonly number[] {
  return Array.from({ length: Math.max(1, text.length - LONGEST_MARK + 1) }, (_, offset) => offset);
}

/** Where one of the signs has two bytes more behind it; -1 when none has. */
export function signIn({ text }: Pattern): number {
  return text.findIndex((byte, at) => at + 2 <= text.length && (isSign(byte, text[at + 1] ?? 0) || isLone(text, at)));
}

function isSign(byte: number, next: number): boolean {
  return (
    (byte >= 0x24 && byte <= 0x26) || byte === 0xc2 || byte === 0xe2 || (byte === BACKSLASH && (next & 0x96) === 0x10)
  );
}

/** A character between two escaped line breaks. */
function isLone(text: Uint8Array, at: number): boolean {
  const next = text[at + 1];
  return text[at] === BACKSLASH && (next === LINE_FEED || next === RETURN) && text[at + 3] === BACKSLASH;
}
const BACKSLASH = 0x5c;
const LINE_FEED = 0x6e;
const RETURN = 0x72;

/** What each bucket accepts. */
export function acceptedIn(marks: readonly Mark[]): readonly Accepted[] {
  const buckets = Array.from({ length: BUCKETS }, () => [0, 0, 0, 0]);
  for (const { pattern, offset, bucket } of marks) {
    const accepted = buckets[bucket];
    if (accepted !== undefined) accept(accepted, pattern, offset);
  }
  return buckets;
}

export function acceptedBy(pattern: Pattern, offset: number): Accepted {
  const accepted = [0, 0, 0, 0];
  accept(accepted, pattern, offset);
  return accepted;
}

function accept(accepted: number[], { text }: Pattern, offset: number): void {
  for (let index = 0; index < LONGEST_MARK; index++)
    accepted[index] = (accepted[index] ?? 0) | bitsAt(text, offset + index);
}

/** A byte that a short mark does not have may be any. */
function bitsAt(text: Uint8Array, at: number): number {
  const byte = text[at];
  return byte === undefined ? ANY : 1 << (byte & 15);
}

/** How often a bucket fires on text, about: the share of places. */
function costOf(accepted: Accepted): number {
  return accepted.reduce((share, bits) => share * shareOf(bits), 1);
}

/** How often each low half occurs in JSON, text and code of Latin letters, in thousandths. */
const SHARES = [107, 67, 144, 67, 94, 98, 27, 21, 26, 40, 42, 7, 116, 41, 47, 55];

const SUMS = [0, 8].map((from) =>
  Float64Array.from({ length: 256 }, (_, bits) =>
    SHARES.slice(from, from + 8).reduce((sum, share, index) => sum + (((bits >> index) & 1) === 1 ? share : 0), 0),
  ),
);

function shareOf(bits: number): number {
  return ((SUMS[0]?.[bits & 255] ?? 0) + (SUMS[1]?.[bits >> 8] ?? 0)) / 1000;
}
