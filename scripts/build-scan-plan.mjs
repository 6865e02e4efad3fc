// Writes src/scrub/scan/plan.ts: which four bytes of each literal that is always looked for (the anchors of the detectors,
// what encodes a letter or digit) the scan looks for first, and which of them share a bucket, so that the buckets fire rarely
// on ordinary text. Takes some minutes; run it after the anchors have changed (an anchor that is missing in the plan is placed
// when the program starts, which only costs time).
// `--check` only says whether the plan has them all.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { corpus } from '../bench/corpus.mjs';
import { CODE } from '../dist/test/eval/benign/code.js';
import { DATA } from '../dist/test/eval/benign/data.js';
import { TEXTS } from '../dist/test/eval/benign/texts.js';
import { createRandom } from '../dist/test/eval/random.js';
import { DETECTORS } from '../dist/src/scrub/detectors/index.js';
import { anchorsOf } from '../dist/src/scrub/detectors/literals.js';
import { FIELDS } from '../dist/src/scrub/blind-spots.js';
import { acceptedAt, lastOffset, PLANNED, signIn } from '../dist/src/scrub/scan/buckets.js';
import { LONGEST_MARK, patternOf } from '../dist/src/scrub/scan/pattern.js';
import { planKey } from '../dist/src/scrub/scan/placement.js';
import { encodedLiterals } from '../dist/src/scrub/scan/triggers.js';

const TARGET = fileURLToPath(new URL('../src/scrub/scan/plan.ts', import.meta.url));
const MOVES = 1_000_000;
/** How much worse a move may be in the beginning, about: a share of places. */
const HEAT = 0.0003;
/** Of the text, at which the buckets are tried. */
const PLACES = 16_384;
/** What an interruption costs, in places where a bucket fires for nothing. */
const INTERRUPTION = 25;

const literals = [...anchorsOf(DETECTORS).literals, ...encodedLiterals(), ...FIELDS].filter(
  (literal) => signIn(patternOf(literal)) < 0,
);
if (process.argv.includes('--check')) check();
else write(anneal(literals.map(patternOf), sampleText()));

function check() {
  const plan = readFileSync(TARGET, 'utf8');
  const missing = literals.filter((literal) => !plan.includes(`${quoted(planKey(literal))}, `));
  if (missing.length === 0) return;
  process.stderr.write('src/scrub/scan/plan.ts is stale: run node scripts/build-scan-plan.mjs\n');
  process.exitCode = 1;
}

function quoted(key) {
  const inside = JSON.stringify(key)
    .slice(1, -1)
    .replace(/[^ -~]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`);
  return inside.includes("'") ? `"${inside}"` : `'${inside.replaceAll('\\"', '"')}'`;
}

function write(marks) {
  const lines = literals.map((literal, index) => {
    const { offset, bucket } = marks[index];
    return `  [${quoted(planKey(literal))}, ${offset}, ${bucket}],\n`;
  });
  writeFileSync(
    TARGET,
    `// Made by scripts/build-scan-plan.mjs. Do not edit.

/** A literal (behind \`i\` when in any letter case, else \`c\`), where its mark begins in it, and the bucket of the mark. */
export const PLAN: readonly (readonly [string, number, number])[] = [
${lines.join('')}];
`,
  );
}

/** Where a mark may begin. */
function offsetsOf(pattern) {
  return Array.from({ length: lastOffset(pattern) + 1 }, (_, offset) => offset);
}

function acceptedBy(pattern, offset) {
  return [0, 1, 2, 3].map((index) => acceptedAt(pattern, offset + index));
}

/** Ordinary text as servers send it: in JSON, and as it is. */
function sampleText() {
  const random = createRandom('scan plan');
  const texts = [...DATA, ...CODE, ...TEXTS].flatMap(({ make }) => Array.from({ length: 12 }, () => make(random)));
  const lines = [...corpus(1e6, 'clean'), ...corpus(1e6, 'hostile')];
  return Buffer.concat([...texts.map((text) => Buffer.from(JSON.stringify(text))), ...lines]);
}

/** For each of four bytes and what stands in it, the places of the text, as bits, where a bucket with it may fire. */
function placesIn(text) {
  const random = xorshift(88_172_645);
  const places = Array.from({ length: PLACES }, () => random(text.length - 4));
  return Array.from({ length: 4 }, (_four, table) =>
    Array.from({ length: 16 }, (_, value) => {
      const bits = new Uint32Array(PLACES / 32);
      places.forEach((place, index) => {
        if ((text[place + table] & 15) === value) bits[index >> 5] |= 1 << (index & 31);
      });
      return bits;
    }),
  );
}

/** How often the bytes of a mark occur, letter case aside: then the scan must be interrupted to compare the whole literal. */
function occurrences(text) {
  const folded = text.map((byte) => byte | 0x20).toString('latin1');
  const known = new Map();
  return (mark) => {
    const key = Buffer.from(Buffer.from(mark, 'latin1').map((byte) => byte | 0x20)).toString('latin1');
    if (!known.has(key)) known.set(key, (folded.split(key).length - 1) / text.length);
    return known.get(key);
  };
}
/** The share of places where a bucket fires. */
function costOf(accepted, places) {
  let fires = 0;
  const chosen = accepted.map((bits, table) => places[table].filter((_, value) => (bits >> value) & 1));
  for (let word = 0; word < PLACES / 32; word++) {
    let all = -1;
    for (const sets of chosen) {
      let some = 0;
      for (const set of sets) some |= set[word];
      all &= some;
      if (all === 0) break;
    }
    for (; all !== 0; all &= all - 1) fires++;
  }
  return fires / PLACES;
}

/**
 * Simulated annealing: one pattern at a time moves to another bucket or begins elsewhere. It begins with buckets that were
 * joined two by two, always those that fire least together.
 */
function anneal(patterns, text) {
  const random = xorshift(2_463_534_242);
  const places = placesIn(text);
  const occurrence = occurrences(text);
  const options = patterns.map((pattern) => offsetsOf(pattern).map((offset) => acceptedBy(pattern, offset)));
  const penalties = patterns.map((pattern) =>
    offsetsOf(pattern).map((offset) => INTERRUPTION * occurrence(pattern.text.slice(offset, offset + LONGEST_MARK))),
  );
  const marks = joinedTwoByTwo(options, penalties, places);
  const acceptedIn = (bucket) =>
    marks.reduce(
      (sum, mark, index) => (mark.bucket === bucket ? union(sum, options[index][mark.offset]) : sum),
      [0, 0, 0, 0],
    );
  const costs = Array.from({ length: PLANNED }, (_, bucket) => costOf(acceptedIn(bucket), places));
  for (let move = 0; move < MOVES; move++) {
    const heat = HEAT * (1 - move / MOVES) ** 2;
    const index = random(patterns.length);
    const before = marks[index];
    const after = { offset: random(options[index].length), bucket: random(PLANNED) };
    marks[index] = after;
    const [from, to] = [before.bucket, after.bucket].map((bucket) => costOf(acceptedIn(bucket), places));
    const more =
      from -
      costs[before.bucket] +
      (before.bucket === after.bucket ? 0 : to - costs[after.bucket]) +
      penalties[index][after.offset] -
      penalties[index][before.offset];
    if (more > 0 && random(1e6) / 1e6 >= Math.exp(-more / (heat + 1e-9))) marks[index] = before;
    else {
      costs[before.bucket] = from;
      costs[after.bucket] = to;
    }
  }
  process.stdout.write(
    `buckets fire at ${(costs.reduce((sum, cost) => sum + cost, 0) * 100).toFixed(1)} % of places\n`,
  );
  return marks;
}

/** Every pattern is a bucket at first, where it fires least. */
function joinedTwoByTwo(options, penalties, places) {
  const offsets = options.map((own, index) => {
    const costs = own.map((accepted, offset) => costOf(accepted, places) + penalties[index][offset]);
    return costs.indexOf(Math.min(...costs));
  });
  const bucketOf = (members, accepted) => ({ members, accepted, cost: costOf(accepted, places) });
  const join = (one, other) => bucketOf([...one.members, ...other.members], union(one.accepted, other.accepted));
  const more = (one, other) => costOf(union(one.accepted, other.accepted), places) - one.cost - other.cost;
  const buckets = options.map((own, index) => bucketOf([index], own[offsets[index]]));
  const costs = buckets.map((one, index) => buckets.slice(0, index).map((other) => more(one, other)));
  while (buckets.length > PLANNED) {
    const least = costs.map((row) => Math.min(Infinity, ...row));
    const first = least.indexOf(Math.min(...least));
    const second = costs[first].indexOf(least[first]);
    buckets[second] = join(buckets[first], buckets[second]);
    buckets.splice(first, 1);
    costs.splice(first, 1);
    for (const row of costs) if (row.length > first) row.splice(first, 1);
    costs[second] = buckets.slice(0, second).map((other) => more(buckets[second], other));
    for (let index = second + 1; index < buckets.length; index++)
      costs[index][second] = more(buckets[index], buckets[second]);
  }
  const marks = [];
  buckets.forEach(({ members }, bucket) => {
    for (const index of members) marks[index] = { offset: offsets[index], bucket };
  });
  return marks;
}

function union(one, other) {
  return one.map((bits, byte) => bits | other[byte]);
}

function xorshift(start) {
  let state = start;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
