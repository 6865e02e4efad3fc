// Writes src/scrub/scan/plan.ts: which four bytes of each anchor of the detectors the scan looks for first, and which of
// them share a bucket, so that the buckets fire rarely on ordinary text. Takes half a minute; run it after the anchors
// have changed (an anchor that is missing in the plan is placed when the program starts, which only costs time).
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
import { acceptedBy, signIn } from '../dist/src/scrub/scan/buckets.js';
import { LONGEST_MARK, patternOf } from '../dist/src/scrub/scan/pattern.js';

const TARGET = fileURLToPath(new URL('../src/scrub/scan/plan.ts', import.meta.url));
/** The other buckets are left to known values. */
const BUCKETS = 11;
const MOVES = 1_000_000;
/** Of the text, at which the buckets are tried. */
const PLACES = 16_384;
/** What an interruption costs, in places where a bucket fires for nothing. */
const INTERRUPTION = 25;

const literals = anchorsOf(DETECTORS).literals.filter((literal) => signIn(patternOf(literal)) < 0);
if (process.argv.includes('--check')) check();
else write(anneal(literals.map(patternOf), sampleText()));

function check() {
  const plan = readFileSync(TARGET, 'utf8');
  const missing = literals.filter(({ text, anyCase }) => !plan.includes(`${keyOf(text, anyCase)}, `));
  if (missing.length === 0) return;
  process.stderr.write('src/scrub/scan/plan.ts is stale: run node scripts/build-scan-plan.mjs\n');
  process.exitCode = 1;
}

function keyOf(text, anyCase) {
  const quoted = JSON.stringify((anyCase ? 'i' : 'c') + text).slice(1, -1);
  return quoted.includes("'") ? `"${quoted}"` : `'${quoted.replaceAll('\\"', '"')}'`;
}

function write(marks) {
  const lines = literals.map(({ text, anyCase }, index) => {
    const { offset, bucket } = marks[index];
    return `  [${keyOf(text, anyCase)}, ${offset}, ${bucket}],\n`;
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
    const key = Buffer.from(mark.map((byte) => byte | 0x20)).toString('latin1');
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

/** Simulated annealing: one pattern at a time moves to another bucket or begins elsewhere. */
function anneal(patterns, text) {
  const random = xorshift(2_463_534_242);
  const places = placesIn(text);
  const occurrence = occurrences(text);
  const penalties = patterns.map((pattern) => {
    const last = Math.max(0, pattern.text.length - LONGEST_MARK);
    return Array.from({ length: last + 1 }, (_, offset) => {
      const mark = pattern.text.subarray(offset, offset + LONGEST_MARK);
      return INTERRUPTION * occurrence(mark);
    });
  });
  const options = patterns.map((pattern) => {
    const last = Math.max(0, pattern.text.length - LONGEST_MARK);
    return Array.from({ length: last + 1 }, (_, offset) => acceptedBy(pattern, offset));
  });
  const marks = options.map((own) => ({ offset: random(own.length), bucket: random(BUCKETS) }));
  const acceptedIn = (bucket) =>
    marks.reduce(
      (sum, mark, index) =>
        mark.bucket === bucket ? sum.map((bits, byte) => bits | options[index][mark.offset][byte]) : sum,
      [0, 0, 0, 0],
    );
  const costs = Array.from({ length: BUCKETS }, (_, bucket) => costOf(acceptedIn(bucket), places));
  for (let move = 0; move < MOVES; move++) {
    const heat = 0.004 * (1 - move / MOVES) ** 2;
    const index = random(patterns.length);
    const before = marks[index];
    const after = { offset: random(options[index].length), bucket: random(BUCKETS) };
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

function xorshift(start) {
  let state = start;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
