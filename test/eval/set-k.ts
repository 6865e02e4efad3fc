// Set K: values that the launch has injected, in every encoding, at every position of a message.

import { ABSOLUTE, ENCODINGS } from './known/encodings.js';
import type { Encoding } from './known/encodings.js';
import { POSITIONS } from './known/positions.js';
import type { Position } from './known/positions.js';
import { makeValues } from './known/values.js';
import type { Value } from './known/values.js';
import { createJudge, fragmentsOf } from './judge.js';
import type { Judge } from './judge.js';
import { createRandom } from './random.js';
import { atLeast, atMost, Tally } from './report.js';
import type { Report } from './report.js';
import { run, scrubberOf } from './scrubbing.js';

interface Score {
  readonly judge: Judge;
  readonly encodings: Tally;
  readonly positions: Tally;
  readonly kinds: Tally;
  readonly cells: Tally;
  readonly seen: Tally;
  readonly aside: Tally;
  withheld: number;
  broken: number;
  readonly missed: Set<string>;
}

/** `perKind` values of each kind: one for a sample. */
export function measureKnown(perKind?: number): Report {
  const score: Score = {
    judge: createJudge(),
    encodings: new Tally(),
    positions: new Tally(),
    kinds: new Tally(),
    cells: new Tally(),
    seen: new Tally(),
    aside: new Tally(),
    withheld: 0,
    broken: 0,
    missed: new Set(),
  };
  const values = makeValues(createRandom('known'), perKind);
  values.forEach((value, at) => {
    measureValue(value, at, score);
  });
  return report(score, values.length);
}

/** One scrubber per value: what another value's matcher would remove by chance is not counted. */
function measureValue(value: Value, at: number, score: Score): void {
  const scrubber = scrubberOf(value.text);
  const fragments = fragmentsOf(value.secrets);
  ENCODINGS.forEach((encoding, row) => {
    const text = encoding.encode(value.text);
    POSITIONS.forEach((position, column) => {
      if (!applies(encoding, position)) return;
      const line = position.line(text);
      const { bytes, withheld, broken } = run(scrubber, line, position.plain);
      const removed = !score.judge.leaks(bytes, fragments);
      count(score, value, encoding, position, removed);
      score.withheld += withheld ? 1 : 0;
      score.broken += broken ? 1 : 0;
      // The judge is judged too: what nobody has scrubbed must leak, or it cannot read this encoding.
      if ((at + row) % POSITIONS.length === column) score.seen.add(encoding.name, createJudge().leaks(line, fragments));
    });
  });
}

/** Halves of an encoded value are no value: a split is tried where a decoder of JSON sees the value itself. */
function applies({ group }: Encoding, { only }: Position): boolean {
  return only === undefined || group === 'raw';
}

/** What is measured beside the targets never enters their sums. */
function count(score: Score, value: Value, encoding: Encoding, position: Position, removed: boolean): void {
  if (encoding.group === 'beside') {
    score.aside.add(encoding.name, removed);
    return;
  }
  score.encodings.add(encoding.name, removed);
  score.positions.add(position.name, removed);
  score.kinds.add(value.kind, removed);
  score.cells.add(`${encoding.name} × ${position.name}`, removed);
  if (!removed) score.missed.add(`${value.kind} · ${encoding.name} · ${position.name}`);
}

function report(score: Score, values: number): Report {
  const groups = new Map(ENCODINGS.map(({ name, group }) => [name, group]));
  const all = score.encodings.sum();
  const absolute = score.encodings.sum((name) => ABSOLUTE.includes(groups.get(name) ?? 'broken'));
  const blind = score.seen.sum((name) => groups.get(name) !== 'beside').bad;
  return {
    set: 'K',
    title: `${values} known values × ${score.encodings.rows.size} encodings × ${POSITIONS.length} positions`,
    targets: [
      atLeast('removed: no 8 bytes in a row recoverable', 0.995, all),
      atMost('leaks in raw, JSON, percent, base64, hex, decimal', 0, absolute.bad),
      atMost('messages that are no JSON any more', 0, score.broken),
      atMost('lines withheld for an exception', 0, score.withheld),
      atMost('leaks that the judge cannot see unscrubbed', 0, blind),
    ],
    floors: { removed: all.share, absolute: absolute.bad, broken: score.broken, withheld: score.withheld, blind },
    tables: [
      score.encodings.table('Encodings', 'encoding'),
      score.positions.table('Positions', 'position'),
      score.kinds.table('Values', 'value'),
      score.aside.table('Measured beside, and not counted', 'encoding'),
      ...(blind > 0 ? [score.seen.table('What the judge sees unscrubbed', 'encoding', true)] : []),
      samples(score.missed),
    ],
    matrix: { cells: score.cells.data, kinds: score.kinds.data, missed: [...score.missed] },
  };
}

/** One line for all values of a kind. */
function samples(missed: ReadonlySet<string>): Report['tables'][number] {
  const rows = [...missed].slice(0, 20).map((name) => [name]);
  return {
    title: `Missed (${missed.size} kinds of cell, the first 20)`,
    columns: ['value · encoding · position'],
    rows,
  };
}
