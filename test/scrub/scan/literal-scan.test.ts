// Both engines of the literal scan against the plainest one: compare every literal at every place.

import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { WINDOW } from '../../../src/scrub/scan/layout.js';
import type { Literal, LiteralScan } from '../../../src/scrub/scan/literal-scan.js';
import { createLiteralScan } from '../../../src/scrub/scan/literal-scan.js';
import type { Wasm } from '../../../src/scrub/scan/wasm.js';
import { platformWasm } from '../../../src/scrub/scan/wasm.js';

const literal = (text: string, anyCase = false): Literal => ({ bytes: Buffer.from(text, 'latin1'), anyCase });
const hitsOf = (scan: LiteralScan, bytes: Buffer, from = 0): string[] => {
  const hits: string[] = [];
  scan.each(bytes, (at, index) => hits.push(`${at}:${index}`) === 0, from);
  return hits.toSorted(byPlace);
};
const byPlace = (one: string, other: string): number => {
  const [[at = 0, index = 0] = [], [otherAt = 0, otherIndex = 0] = []] = [one, other].map((hit) =>
    hit.split(':').map(Number),
  );
  return at - otherAt || index - otherIndex;
};
const lower = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function expectedHits(literals: readonly Literal[], bytes: Buffer, from = 0): string[] {
  const hits: string[] = [];
  for (let at = from; at < bytes.length; at++) {
    literals.forEach(({ bytes: text, anyCase }, index) => {
      const there = bytes.subarray(at, at + text.length);
      if (anyCase === true ? lower(there) === lower(text) : there.equals(text)) hits.push(`${at}:${index}`);
    });
  }
  return hits;
}

/** Without the platform's WebAssembly, the JavaScript engine. */
const none = { Module: platformless, Instance: platformless } as unknown as Wasm;
function platformless(): never {
  throw new Error('no vectors here');
}

const ENGINES = [
  ['wasm', platformWasm()],
  ['javascript', none],
] as const;

const units = 'abAB01%\\u-_[{@`\x00\x80\xa0\xc3\xff';
const byteString = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ minLength, maxLength, unit: fc.constantFrom(...Array.from(units)) });
const someLiterals = (minLength: number): fc.Arbitrary<Literal[]> =>
  fc.array(
    fc.record({ text: byteString(minLength, 9), anyCase: fc.boolean() }).map((it) => literal(it.text, it.anyCase)),
    { minLength: 1, maxLength: 40 },
  );

test.each(ENGINES)('%s is the engine that is asked for', (engine, wasm) => {
  expect(createLiteralScan([literal('abc')], wasm).engine).toBe(engine);
});

test.each(ENGINES)('%s: any literals in any bytes, from any place', (_, wasm) => {
  fc.assert(
    fc.property(someLiterals(3), byteString(0, 300), fc.nat(40), (literals, text, from) => {
      const bytes = Buffer.from(text, 'latin1');
      const scan = createLiteralScan(literals, wasm);
      const expected = expectedHits(literals, bytes, from);
      expect(hitsOf(scan, bytes, from)).toEqual(expected);
      expect(scan.any(bytes)).toBe(expectedHits(literals, bytes).length > 0);
    }),
    { numRuns: 300 },
  );
});

test('literals of one or two bytes are found, too', () => {
  fc.assert(
    fc.property(someLiterals(1), byteString(0, 100), (literals, text) => {
      const bytes = Buffer.from(text, 'latin1');
      expect(hitsOf(createLiteralScan(literals), bytes)).toEqual(expectedHits(literals, bytes));
    }),
  );
});

test.each(ENGINES)('%s: every place in buffers of up to 80 bytes, whatever was scanned before', (_, wasm) => {
  const literals = ['abc', 'abcd', 'token', 'postgres://'].map((text) => literal(text, text === 'token'));
  const scan = createLiteralScan(literals, wasm);
  const missed: string[] = [];
  literals.forEach(({ bytes: text }, index) => {
    for (let size = 0; size <= 80; size++) {
      for (let at = 0; at + text.length <= size; at++) {
        const bytes = Buffer.alloc(size, 'x');
        bytes.set(text, at);
        if (!hitsOf(scan, bytes).includes(`${at}:${index}`)) missed.push(`${index} at ${at} of ${size}`);
      }
      // Nothing of the longer lines before may show up behind a shorter one.
      expect(scan.any(Buffer.alloc(size, 'x'))).toBe(false);
    }
  });
  expect(missed).toEqual([]);
});

test.each(ENGINES)('%s: over the seams of the windows', (_, wasm) => {
  const literals = [literal('abc'), literal('a-long-literal-of-more'), literal('bca', true)];
  const scan = createLiteralScan(literals, wasm);
  for (const seam of [WINDOW, 2 * WINDOW]) {
    for (let shift = -30; shift <= 30; shift++) {
      const bytes = Buffer.alloc(2 * WINDOW + 60, '.');
      bytes.write('a-long-literal-of-moreabcA', seam + shift, 'latin1');
      expect(hitsOf(scan, bytes)).toEqual(
        expectedHits(literals, bytes.subarray(seam - 40, seam + 60)).map((hit) => {
          const [at, index] = hit.split(':');
          return `${Number(at) + seam - 40}:${index}`;
        }),
      );
    }
  }
});

test.each(ENGINES)('%s: more hits than the list of the module takes', (_, wasm) => {
  const scan = createLiteralScan([literal('aaa'), literal('AAAA', true)], wasm);
  const bytes = Buffer.alloc(WINDOW + 9000, 'a');
  expect(hitsOf(scan, bytes)).toEqual(
    Array.from({ length: bytes.length - 2 }, (__, at) =>
      at + 4 <= bytes.length ? [`${at}:0`, `${at}:1`] : [`${at}:0`],
    ).flat(),
  );
});

test('letters in any case, and nothing else', () => {
  for (const [, wasm] of ENGINES) {
    const scan = createLiteralScan([literal('Key@[_', true), literal('\xe4bc', true)], wasm);
    expect(
      ['kEY@[_', 'Key`{_', 'KEY@[\x7f', '\xe4BC', '\xc4bc'].map((text) => scan.any(Buffer.from(text, 'latin1'))),
    ).toEqual([true, false, false, true, false]);
  }
});

test('2,000 literals, the same hits from both engines', () => {
  const literals = Array.from({ length: 2000 }, (_, index) => literal(`k${index.toString(36)}-`, index % 3 === 0));
  const text = Array.from(
    { length: 3000 },
    (_, index) => `K${(index * 7).toString(36)}-k${(index % 2100).toString(36)}-`,
  );
  const bytes = Buffer.from(text.join(' '));
  const [fast, plain] = ENGINES.map(([, wasm]) => hitsOf(createLiteralScan(literals, wasm), bytes));
  expect(fast).toEqual(plain);
  expect(fast?.length).toBeGreaterThan(3000);
});

test('a visit may scan, and a visit may stop', () => {
  const scan = createLiteralScan([literal('abc'), literal('bcd')]);
  const bytes = Buffer.from('abcd abc');
  const inner: string[][] = [];
  const outer: number[] = [];
  expect(
    scan.each(bytes, (at) => {
      inner.push(hitsOf(scan, bytes));
      return outer.push(at) === 2;
    }),
  ).toBe(true);
  expect(outer).toEqual([0, 1]);
  expect(inner).toEqual([
    ['0:0', '1:1', '5:0'],
    ['0:0', '1:1', '5:0'],
  ]);
  expect(() => scan.each(bytes, () => platformless())).toThrow('no vectors');
  expect(hitsOf(scan, bytes)).toHaveLength(3);
});

test('no literals, no hits; an empty literal is refused', () => {
  expect(createLiteralScan([]).any(Buffer.from('abc'))).toBe(false);
  expect(() => createLiteralScan([literal('')])).toThrow(RangeError);
});

test('the module is what its script makes', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build-scan-wasm.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
