// Both engines of the scan: for literals against the plainest one, which compares every literal at every place; for long runs
// against each other.

import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ENTRY, WINDOW } from '../../../src/scrub/scan/layout.js';
import type { Literal, Scan, ScanOptions } from '../../../src/scrub/scan/scan.js';
import { createScan } from '../../../src/scrub/scan/scan.js';
import type { Wasm } from '../../../src/scrub/scan/wasm.js';
import { platformWasm } from '../../../src/scrub/scan/wasm.js';

const literal = (text: string, anyCase = false): Literal => ({ text, anyCase });
const createLiteralScan = (literals: readonly Literal[], wasm?: Wasm): Scan =>
  createScan({ literals }, ...(wasm === undefined ? [] : [wasm]));
const hitsOf = (scan: Scan, bytes: Buffer): string[] => {
  const hits: string[] = [];
  scan.each(bytes, (kind, at, index) => kind === ENTRY.literal && hits.push(`${at}:${index}`) === 0);
  return hits.toSorted(byPlace);
};
const isAny = (scan: Scan, bytes: Buffer): boolean => scan.each(bytes, (kind) => kind === ENTRY.literal);
const byPlace = (one: string, other: string): number => {
  const [[at = 0, index = 0] = [], [otherAt = 0, otherIndex = 0] = []] = [one, other].map((hit) =>
    hit.split(':').map(Number),
  );
  return at - otherAt || index - otherIndex;
};
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function expectedHits(literals: readonly Literal[], bytes: Buffer): string[] {
  const hits: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    literals.forEach(({ text, anyCase }, index) => {
      const there = bytes.toString('latin1', at, at + text.length);
      if (anyCase === true ? lower(there) === lower(text) : there === text) hits.push(`${at}:${index}`);
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

test.each(ENGINES)('%s: any literals in any bytes', (_, wasm) => {
  fc.assert(
    fc.property(someLiterals(3), byteString(0, 300), (literals, text) => {
      const bytes = Buffer.from(text, 'latin1');
      const scan = createLiteralScan(literals, wasm);
      const expected = expectedHits(literals, bytes);
      expect(hitsOf(scan, bytes)).toEqual(expected);
      expect(isAny(scan, bytes)).toBe(expected.length > 0);
    }),
    { numRuns: 300 },
  );
});

test.each(ENGINES)('%s: literals of two bytes are found, too', (_, wasm) => {
  fc.assert(
    fc.property(someLiterals(2), byteString(0, 100), (literals, text) => {
      const bytes = Buffer.from(text, 'latin1');
      expect(hitsOf(createLiteralScan(literals, wasm), bytes)).toEqual(expectedHits(literals, bytes));
    }),
  );
});

test.each(ENGINES)('%s: every place in buffers of up to 80 bytes, whatever was scanned before', (_, wasm) => {
  const literals = ['abc', 'abcd', 'token', 'postgres:/'].map((text) => literal(text, text === 'token'));
  const scan = createLiteralScan(literals, wasm);
  const missed: string[] = [];
  literals.forEach(({ text }, index) => {
    for (let size = 0; size <= 80; size++) {
      for (let at = 0; at + text.length <= size; at++) {
        const bytes = Buffer.alloc(size, 'x');
        bytes.write(text, at, 'latin1');
        if (!hitsOf(scan, bytes).includes(`${at}:${index}`)) missed.push(`${index} at ${at} of ${size}`);
      }
      // Nothing of the longer lines before may show up behind a shorter one.
      expect(isAny(scan, Buffer.alloc(size, 'x'))).toBe(false);
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
      ['kEY@[_', 'Key`{_', 'KEY@[\x7f', '\xe4BC', '\xc4bc'].map((text) => isAny(scan, Buffer.from(text, 'latin1'))),
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
    scan.each(bytes, (_, at) => {
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

test('no literals, no hits; a literal of one byte is refused', () => {
  expect(isAny(createLiteralScan([]), Buffer.from('abc'))).toBe(false);
  for (const short of ['', 'a']) expect(() => createLiteralScan([literal(short)])).toThrow(RangeError);
});

/** Everything that is looked for beside literals. */
const RUNS: ScanOptions = {
  literals: [literal('://'), { ...literal('secret', true), isWord: true }],
  prefixes: ['ghp_', 'abc', 'sk-ant-', 'dp.pt.', '-live-', '_key_', '*', ':', 'eyJ', 'AstraCS:'],
  names: ['twilio', 'auth', '_key'],
};
const KINDS = ['literal', 'prefix', 'base64', 'hex', 'name'];
const runHits = (scan: Scan, bytes: Buffer): string[] => {
  const hits = new Set<string>();
  scan.each(bytes, (kind, at, index) => hits.add(`${KINDS[kind]} ${index} ${at}`).size === 0);
  return [...hits].toSorted();
};
const [fast, plain] = ENGINES.map(([, wasm]) => createScan(RUNS, wasm)) as [Scan, Scan];

const random = fc.string({ minLength: 20, maxLength: 90, unit: fc.constantFrom(...Array.from('abcXYZ0189')) });
const base64 = fc.string({ minLength: 16, maxLength: 60 }).map((text) => Buffer.from(text).toString('base64'));
const pieces = fc.oneof(
  random,
  random.map((body) => `ghp_${body}`),
  random.map((body) => `"twilio_auth": "${body}"`),
  random.map((body) => `dp.pt.${body}`),
  random.map((body) => `12345678:${body}`),
  random.map((body) => `\\nsk-ant-${body}`),
  random.map((body) => body.replaceAll('0', '\\/')),
  random.map((body) => `"twilio_auth": "${body.slice(0, 7)}\\\\/${body}"`),
  random.map((body) => body.repeat(9)),
  base64,
  base64.map((text) => Buffer.from(text).toString('hex')),
  fc.uuid(),
  fc.constantFrom(
    '/',
    '+',
    '-',
    '_',
    '.',
    ' ',
    '"',
    '\\n',
    '=',
    ':',
    '*',
    '\u00e9',
    '\u00ad',
    '\u200b',
    '$',
    '&',
    '\\',
    '\\/',
    '\\x',
    '%3D',
    'x://',
    'x://a:b@',
    '-'.repeat(70),
  ),
  fc.constantFrom(
    ' a secret b',
    'secret=',
    '"secret"',
    ' the secret, ',
    'login x secret y',
    '--secret x',
    'ENV secret x',
    'secret.x',
    'secret.=',
    '(!a.secret)',
    'secret(self',
    'secret( "x"',
    'secret\\": {',
    'secret: word,',
    'secret: word ',
    '["secret"]\\n',
    '["secret"] =',
    'secret/x',
    'secret größe',
  ),
);

test('long runs and words: the same hits from both engines', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.nat(130), (parts, shift) => {
      const bytes = Buffer.from(' '.repeat(shift) + parts.join(''));
      expect(runHits(fast, bytes)).toEqual(runHits(plain, bytes));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['a slash before a part of a run that goes on behind an escaped one', String.raw`/abcaaaaaaaa\/aaaaaaaaaa`],
])('%s: the same hits from both engines', (_, text) => {
  const bytes = Buffer.from(text);
  expect(runHits(plain, bytes)).not.toEqual([]);
  expect(runHits(fast, bytes)).toEqual(runHits(plain, bytes));
});

test('the same over the seam of two windows', () => {
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 3, maxLength: 8 }), fc.nat(200), (parts, back) => {
      const bytes = Buffer.concat([Buffer.alloc(WINDOW - back, ' '), Buffer.from(parts.join(''))]);
      expect(runHits(fast, bytes)).toEqual(runHits(plain, bytes));
    }),
    { numRuns: 200 },
  );
});

test('base64 behind a sign of a run that ends a window', () => {
  for (let before = 0; before <= 24; before++) {
    for (const text of ['plain text here', ' shifted by one', 'shifted by two!']) {
      const run = `zzzzzzzzzzzzzzzzzzzz+${Buffer.from(text.repeat(3)).toString('base64')}`;
      const bytes = Buffer.concat([Buffer.alloc(WINDOW - before, ' '), Buffer.from(run)]);
      expect(runHits(fast, bytes)).toEqual(runHits(plain, bytes));
    }
  }
});

const body = 'a1B2c3D4e5F6g7H8i9J0';
test.each([
  [`x ghp_${body}`, 'prefix 0 2'],
  [`x/ghp_${body}`, 'prefix 0 2'],
  [`{"a":"line\\nghp_${body}"}`, 'prefix 0 12'],
  [`dp.pt.${body}`, 'prefix 3 0'],
  [`acme-live-${body}`, 'prefix 4 4'],
  [`*${body}`, 'prefix 6 0'],
  [`1234:${body}`, 'prefix 7 4'],
  [`TWILIO_AUTH = "${body}"`, 'name 0 0'],
  [`x ${Buffer.from('a text in base64').toString('base64')} y`, 'base64 0 2'],
  [`x ${Buffer.from('a text in hexadecimal').toString('hex')} y`, 'hex 0 2'],
  ['postgres://app:x@db', 'literal 0 8'],
])('%s: %s', (text, hit) => {
  for (const scan of [fast, plain]) expect(runHits(scan, Buffer.from(text))).toContain(hit);
});

test('what is no hit', () => {
  const clean = ['https://example.com/a', 'a secret thing', 'the secret, and', `x${body}ghp_`, 'ghp_short'];
  for (const scan of [fast, plain]) for (const text of clean) expect(runHits(scan, Buffer.from(text))).toEqual([]);
});

test.each(['build-scan-wasm.mjs', 'build-scan-plan.mjs'])('what %s makes is fresh', (script) => {
  const { status, stderr } = spawnSync(process.execPath, [`scripts/${script}`, '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
