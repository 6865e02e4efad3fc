import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeJsonString, encodingOf, placesOf, trace } from '../../src/scrub/decode.js';
import { JsonScanner } from '../../src/scrub/json-strings.js';
import { stringsIn } from './positions.js';

interface Scanned {
  readonly valid: boolean;
  readonly strings: readonly string[];
  readonly numbers: readonly string[];
}

function scan(bytes: Buffer): Scanned {
  const scanner = new JsonScanner(bytes);
  const strings: string[] = [];
  const numbers: string[] = [];
  for (;;) {
    const token = scanner.next();
    if (token === 'end' || token === 'error') return { valid: token === 'end', strings, numbers };
    if (token === 'number') numbers.push(bytes.toString('latin1', scanner.start, scanner.end));
    else strings.push(decodeJsonString(bytes, scanner, encodingOf(bytes)));
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('accepts what JSON.parse accepts', () => {
  const table = [
    '', ' ', '{}', '[]', ' { } ', '[1,2]', '[1,]', '[,1]', '{"a":1,}', '{"a" : 1 , "b":[{}]}', '{a:1}', "{'a':1}", '"x"',
    'true', 'tru', 'nul', 'null ', 'falsey', '-', '-0', '-01', '01', '1.', '1.5e', '1e+', '1e+5', '.5', '+1', '1e400', 'NaN',
    '"\\u00e9"', '"\\u00g9"', '"\\x41"', '"\\', '"\\"', '"a\tb"', '"a\u0000b"', '"\u2028"', '{"a"}', '{"a":}', '{:1}', '[}',
    '{]', '[[]', '[]]', '{} {}', '\ufeff{}', '{}\r', '{"a":1 "b":2}', '[1 2]', '{"a","b"}', '{"a":"b":"c"}', '\u00a0{}',
    '"\\/\\b\\f\\n\\r\\t\\\\\\""', '{"a":1,,"b":2}', '{,}', '[true,false,null]', 'truefalse', '12345678901234567890',
  ]; // prettier-ignore
  test.each(table)('%j', (text) => {
    expect(scan(Buffer.from(text)).valid).toBe(parses(text));
  });

  test('any JSON text, and any one-character change of it', () => {
    const json = fc.json({ maxDepth: 4 });
    const change = fc.tuple(json, fc.nat(), fc.constantFrom(...Array.from('{}[]",:\\0-1.eu \tx'), ''), fc.boolean());
    fc.assert(
      fc.property(change, ([text, at, character, insert]) => {
        const place = at % (text.length + 1);
        const changed = text.slice(0, place) + character + text.slice(place + (insert ? 0 : 1));
        expect(scan(Buffer.from(text)).valid).toBe(true);
        expect(scan(Buffer.from(changed)).valid).toBe(parses(changed));
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes inside and outside strings', () => {
    const bytes = fc.array(
      fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\u0041 tre')), fc.integer({ min: 0, max: 255 })),
    );
    fc.assert(
      fc.property(bytes, fc.boolean(), (raw, quoted) => {
        const line = Buffer.from(quoted ? [0x22, ...raw, 0x22] : raw);
        expect(scan(line).valid).toBe(parses(line.toString('latin1')) || parses(line.toString()));
      }),
      { numRuns: 500 },
    );
  });
});

test('yields every string and number, at any depth', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      const { strings, numbers } = scan(Buffer.from(text));
      expect(new Set(strings)).toEqual(new Set(stringsIn(JSON.parse(text))));
      expect(numbers.every((number) => Number.isFinite(Number(number)))).toBe(true);
    }),
  );
});

test('depth costs no stack', () => {
  const depth = 100_000;
  const text = `${'['.repeat(depth)}"x"${']'.repeat(depth)}`;
  expect(scan(Buffer.from(text))).toEqual({ valid: true, strings: ['x'], numbers: [] });
  expect(scan(Buffer.from(text.slice(0, -1))).valid).toBe(false);
});

describe('traced text', () => {
  test('is what JSON.parse makes of the string, and each unit knows its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (value, escaped) => {
        const units = value.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
        const raw = escaped ? `"${units.join('')}"` : JSON.stringify(value);
        const bytes = Buffer.from(raw);
        const { text, offsets } = trace(bytes, 1, bytes.length - 1, true);
        expect(text).toBe(JSON.parse(bytes.toString()));
        expect(offsets.length).toBe(text.length + 1);
        const rebuilt = Array.from({ length: text.length }, (_, at) => bytes.subarray(offsets[at], offsets[at + 1]));
        expect(Buffer.concat(rebuilt)).toEqual(bytes.subarray(1, -1));
      }),
    );
  });

  test('single places are the same as all of them', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('\\', 'a', '\u{1f511}', '\u00e9'),
    );
    const binary = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(piece), binary, fc.boolean(), fc.array(fc.nat(80)), (pieces, bad, json, some) => {
        const text = pieces.join('');
        const bytes = json
          ? Buffer.from(JSON.stringify(text))
          : Buffer.concat([Buffer.from(text), bad, Buffer.from(text)]);
        const [start, end] = json ? [1, bytes.length - 1] : [0, bytes.length];
        const { offsets } = trace(bytes, start, end, json);
        const indices = some.filter((index) => index < offsets.length).toSorted((a, b) => a - b);
        expect(placesOf(bytes, { start, end, json }, indices)).toEqual(indices.map((index) => offsets[index]));
      }),
    );
  });

  test('each byte that is not UTF-8 stands for itself', () => {
    const bytes = Buffer.from([
      0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xc0, 0xaf, 0x62,
    ]);
    const { text, offsets } = trace(bytes, 0, bytes.length, false);
    expect(text.length).toBe(bytes.length);
    expect([...offsets]).toEqual([...bytes.keys(), bytes.length]);
    expect(text.replace(/[\udc80-\udcff]/g, '?')).toBe(`a??(${'?'.repeat(11)}b`);
  });
});
