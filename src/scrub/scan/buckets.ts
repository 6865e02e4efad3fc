// Which marks share a bucket. A bucket fires where each of four bytes has a low half and a high half that one of its marks
// has there: alike marks in one bucket keep that rare.

import type { Pattern } from './pattern.js';
import { markOf } from './pattern.js';

/** The halves of four bytes that a bucket accepts: low and high in turn, a bit for each of 16 values. */
export type Bucket = readonly number[];

const BUCKETS = 16;
const BYTES = 4;
const EMPTY: Bucket = Array.from({ length: 2 * BYTES }, () => 0);

/** Each group in the bucket where it adds least, the frequent ones first: far from the optimum, and quick. */
export function bucketsOf(patterns: readonly Pattern[]): readonly Bucket[] {
  const groups = groupsOf(patterns.map(halvesOf)).map((halves) => ({ halves, cost: costOf(halves) }));
  const buckets = Array.from({ length: BUCKETS }, () => ({ halves: EMPTY, cost: 0 }));
  for (const { halves } of groups.toSorted((one, other) => other.cost - one.cost)) {
    let best = { index: 0, halves, cost: 0, more: Infinity };
    buckets.forEach((bucket, index) => {
      const both = joined(bucket.halves, halves);
      const cost = costOf(both);
      if (cost - bucket.cost < best.more) best = { index, halves: both, cost, more: cost - bucket.cost };
    });
    buckets[best.index] = best;
  }
  return buckets.map((bucket) => bucket.halves);
}

/** A byte that a short mark does not have may be any. */
function halvesOf(pattern: Pattern): Bucket {
  const mark = markOf(pattern);
  return Array.from({ length: BYTES }, (_, index) => {
    const byte = mark[index];
    if (byte === undefined) return [0xffff, 0xffff];
    const fold = pattern.fold[pattern.offset + index] ?? 0;
    return [1 << (byte & 15), (1 << (byte >> 4)) | (1 << ((byte & ~fold) >> 4))];
  }).flat();
}

/** Marks whose high halves are the same belong together anyway. */
function groupsOf(marks: readonly Bucket[]): readonly Bucket[] {
  const groups = new Map<string, Bucket>();
  for (const mark of marks) {
    const key = mark.filter((_, index) => index % 2 === 1).join();
    groups.set(key, joined(groups.get(key) ?? mark, mark));
  }
  return [...groups.values()];
}

function joined(one: Bucket, other: Bucket): Bucket {
  return one.map((bits, index) => bits | (other[index] ?? 0));
}

/** How often the bucket would fire on text, in no particular unit. */
function costOf(bucket: Bucket): number {
  let cost = 1;
  for (let index = 0; index < bucket.length; index += 2) {
    cost *= weightOf(bucket[index + 1] ?? 0) * bitCount(bucket[index] ?? 0);
  }
  return cost;
}

/** Small letters are frequent (high halves 6 and 7); control characters and bytes beyond ASCII are not. */
const HIGH_WEIGHTS = [1, 0, 5, 4, 3, 2, 12, 8, 1, 1, 1, 1, 1, 1, 1, 1];

/** Sums by the bits of a byte. */
const COUNTS = Uint8Array.from({ length: 256 }, (_, bits) => sumOf(bits, () => 1));
const LOWER_WEIGHTS = Uint8Array.from({ length: 256 }, (_, bits) => sumOf(bits, (half) => HIGH_WEIGHTS[half] ?? 0));

function weightOf(high: number): number {
  return 1 + (LOWER_WEIGHTS[high & 255] ?? 0) + (COUNTS[high >> 8] ?? 0);
}

function bitCount(bits: number): number {
  return (COUNTS[bits & 255] ?? 0) + (COUNTS[bits >> 8] ?? 0);
}

function sumOf(bits: number, weigh: (bit: number) => number): number {
  let sum = 0;
  for (let bit = 0; bit < 8; bit++) if (((bits >> bit) & 1) === 1) sum += weigh(bit);
  return sum;
}
