// The pure parts of `npm run bench:relay`: a benchmark that counts wrongly misleads whoever reads it.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/project.js';

type Values = Readonly<Record<string, number>>;
interface Row {
  readonly name: string;
}
interface Table {
  readonly ROWS: readonly Row[];
  readonly percentile: (values: readonly number[], percent: number) => number;
  readonly judge: (row: Row | undefined, value: number, values: Values) => readonly { text: string; met?: boolean }[];
  readonly tableOf: (results: Map<string, Map<string, number | string>>, subject: string) => readonly string[];
}
interface Payload {
  readonly FIRST_ID: number;
  readonly resultLine: (id: number, size: number) => readonly (string | Buffer)[];
  readonly burst: (count: number) => Iterable<string>;
  readonly createOrder: () => { readonly take: (line: Buffer) => boolean; readonly taken: number };
}

const load = (name: string): Promise<unknown> => import(pathToFileURL(join(root, 'bench', name)).href);
const { ROWS, percentile, judge, tableOf } = (await load('relay-table.mjs')) as Table;
const { FIRST_ID, resultLine, burst, createOrder } = (await load('relay-payload.mjs')) as Payload;

test.each([
  [[3, 1, 2], 50, 2],
  [[4, 1, 2, 3], 50, 2],
  [[5], 50, 5],
  [[1, 2, 3, 4], 100, 4],
  [[], 50, Number.NaN],
])('of %j percentile %d is %d', (values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

const row = (name: string): Row | undefined => ROWS.find((each) => each.name === name);

describe('the table', () => {
  const met = (name: string, value: number, values: Values): unknown =>
    judge(row(name), value, values).map((verdict) => verdict.met);

  test.each<[string, number, Values, unknown]>([
    ['round trip 200 B', 110, { pipe: 100 }, [true]],
    ['round trip 200 B', 111, { pipe: 100 }, [false]],
    ['burst', 89, { pipe: 100 }, [false]],
    ['start-up', 0.065, { pipe: 0.06, direct: 0.03, 'node -e 0': 0.02 }, [true, true]],
    ['start-up', 0.075, { pipe: 0.06, direct: 0.03, 'node -e 0': 0.02 }, [false, true]],
    ['memory, client stalled', 115, { pipe: 42 }, [false, true]],
    ['memory at rest', 46, {}, [undefined]],
  ])('%s of %d against %j', (name, value, values, expected) => {
    expect(met(name, value, values)).toEqual(expected);
  });

  test('says ratios, targets and why there is no value', () => {
    const cases = new Map<string, number | string>([
      ['direct', 0.0001],
      ['pipe', 0.0002],
      ['secretctl', 0.0003],
      ['sdk', 'the session ended'],
    ]);
    const lines = tableOf(new Map([['round trip 200 B', cases]]), 'secretctl');
    expect(lines.slice(2)).toEqual([
      'round trip 200 B  direct                100 us    0.50      1.00',
      '                  pipe                  200 us    1.00      2.00',
      '                  secretctl             300 us    1.50      3.00  <= 1.10 x pipe: MISSED',
      '                  sdk        the session ended',
    ]);
  });
});

describe('what the server says', () => {
  test.each([200, 20_000, 1_000_000, 3_000_000])('a result is a JSON line of %d bytes', (size) => {
    const line = Buffer.concat(resultLine(FIRST_ID, size).map((part) => Buffer.from(part)));
    expect(line.length).toBe(size + 1);
    expect(line.indexOf('\n')).toBe(size);
    expect(JSON.parse(line.toString())).toMatchObject({ id: FIRST_ID, result: { content: [{ type: 'text' }] } });
  });

  test('a burst is in order, and what is missing or out of order is seen', () => {
    const lines = [...burst(2000)]
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => Buffer.from(line));
    const order = createOrder();
    expect([lines.length, lines.every(order.take), order.taken]).toEqual([2000, true, 2000]);
    const holey = createOrder();
    expect(lines.toSpliced(7, 1).filter(holey.take)).toHaveLength(7);
  });
});
