// Which marks share a bucket. A bucket fires where each of four bytes has a low half that one of its marks has there, and
// each pair of them the kinds of two bytes that some mark has: alike marks in one bucket keep that rare. Of a long literal
// any four bytes may be the mark.

import type { Mark, Pattern } from './pattern.js';
import type { Placement } from './scan.js';
import { LONGEST_MARK } from './pattern.js';

export const BUCKETS = 16;

/**
 * What a bucket accepts: for each of four bytes the low halves, for the first and for the second pair of them the kinds. A
 * bit for each of 16.
 */
export type Accepted = readonly number[];

const NONE: Accepted = [0, 0, 0, 0, 0, 0];
const ANY = 0xffff;

/** Every pattern where it is placed beforehand, or where it adds least: far from the optimum, and quick. */
export function markAll(
  patterns: readonly Pattern[],
  placements: readonly (Placement | undefined)[] = [],
): readonly Mark[] {
  const marks: Mark[] = [];
  patterns.forEach((pattern, index) => {
    const placement = placements[index];
    if (placement !== undefined) marks[index] = { pattern, ...placement };
  });
  const buckets = acceptedIn(marks.flat()).map((accepted) => ({ accepted, cost: costOf(accepted) }));
  for (const [index, pattern] of patterns.entries()) marks[index] ??= cheapest(pattern, buckets);
  return marks;
}

interface Bucket {
  readonly accepted: Accepted;
  readonly cost: number;
}

function cheapest(pattern: Pattern, buckets: Bucket[]): Mark {
  let best: Mark = { pattern, offset: 0, bucket: 0 };
  let least = { more: Infinity, accepted: NONE, cost: 0 };
  for (let offset = 0; offset === 0 || offset + LONGEST_MARK <= pattern.text.length; offset++) {
    const own = acceptedBy(pattern, offset);
    for (const [bucket, before] of buckets.entries()) {
      const accepted = joined(before.accepted, own);
      const cost = costOf(accepted);
      if (cost - before.cost >= least.more) continue;
      least = { more: cost - before.cost, accepted, cost };
      best = { pattern, offset, bucket };
    }
  }
  buckets[best.bucket] = least;
  return best;
}

/** What each bucket accepts. */
export function acceptedIn(marks: readonly Mark[]): readonly Accepted[] {
  const buckets = Array.from({ length: BUCKETS }, () => NONE);
  for (const { pattern, offset, bucket } of marks)
    buckets[bucket] = joined(buckets[bucket] ?? NONE, acceptedBy(pattern, offset));
  return buckets;
}

/** A byte that a short mark does not have may be any. */
export function acceptedBy({ text }: Pattern, offset: number): Accepted {
  const bytes = [0, 1, 2, 3].map((index) => text[offset + index]);
  const [first, second, third, fourth] = bytes;
  return [...bytes.map((byte) => (byte === undefined ? ANY : 1 << (byte & 15))), pair(first, second), pair(third, fourth)];
}

/** Two bits of each byte, by which letters are told from the rest, whatever their case. */
function pair(first: number | undefined, second: number | undefined): number {
  let accepted = 0;
  for (const one of kindsOf(first)) for (const other of kindsOf(second)) accepted |= 1 << ((one >> 4) | (other >> 3));
  return accepted;
}

function kindsOf(byte: number | undefined): readonly number[] {
  return byte === undefined ? [0, 0x10, 0x40, 0x50] : [byte & 0x50];
}

function joined(one: Accepted, other: Accepted): Accepted {
  return one.map((bits, index) => bits | (other[index] ?? 0));
}

/** How often a bucket fires on text, about: the share of places. */
function costOf(accepted: Accepted): number {
  return accepted.reduce((share, bits, index) => share * (index < 4 ? shareOf(bits) : pairShareOf(bits)), 1);
}

/** How often each low half occurs in JSON, text and code of Latin letters, in thousandths. */
const SHARES = [104, 69, 106, 73, 85, 91, 51, 46, 48, 58, 44, 23, 67, 39, 47, 49];

const SUMS = [0, 8].map((from) =>
  Float64Array.from({ length: 256 }, (_, bits) =>
    SHARES.slice(from, from + 8).reduce((sum, share, index) => sum + (((bits >> index) & 1) === 1 ? share : 0), 0),
  ),
);

/** How often the kinds of bytes occur: signs, digits, and the two halves of the alphabet. */
const KIND_SHARES = [160, 110, 430, 300];
const PAIR_SHARES = Array.from({ length: 16 }, (_, index) => {
  const kind = (bits: number): number => KIND_SHARES[((bits >> 1) & 2) | (bits & 1)] ?? 0;
  return (kind(index & 5) * kind((index >> 1) & 5)) / 1_000_000;
});

function pairShareOf(bits: number): number {
  return PAIR_SHARES.reduce((sum, share, index) => sum + (((bits >> index) & 1) === 1 ? share : 0), 0);
}

function shareOf(bits: number): number {
  return ((SUMS[0]?.[bits & 255] ?? 0) + (SUMS[1]?.[bits >> 8] ?? 0)) / 1000;
}
