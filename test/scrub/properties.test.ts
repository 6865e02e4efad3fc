// What holds for every message, whatever stands in it: the corpus of past failures first, then anything.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Scrubber } from '../../src/scrub/core.js';
import { createScrubber, knownValuesOf } from '../../src/scrub/core.js';
import { JsonScanner } from '../../src/scrub/json-strings.js';
import { ENCODINGS } from './encodings.js';
import { leaks } from './judge.js';
import { POSITIONS, stringsIn } from './positions.js';
import { MEDIUM, randomText, STRONG } from './values.js';

const json = (node: unknown): string => JSON.stringify(node);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const VALUES = Object.entries({ ...STRONG, ...MEDIUM }).filter(([kind]) => kind !== 'holds REDACTED');
const all = createScrubber(VALUES.map(([name, value]) => ({ name: name.replaceAll(' ', '-'), value })));

const encoded = fc
  .record({
    value: fc.constantFrom(...VALUES.map(([, value]) => value)),
    encoding: fc.constantFrom(...Object.values(ENCODINGS)),
  })
  .map(({ value, encoding }) => encoding.encode(value));
const part = fc
  .constantFrom(...VALUES.map(([, value]) => value))
  .chain((value) =>
    fc.tuple(fc.nat(value.length), fc.nat(value.length)).map(([a, b]) => value.slice(Math.min(a, b), Math.max(a, b))),
  );
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '\\',
    '"',
    '%',
    '&',
    '=',
    '@',
    '://u:',
    '\\n',
    '\\u',
    'password=',
    'REDACTED',
    '[REDACTED:',
    ']',
    '\ud800',
    '\udc00',
    '\u0000',
  ),
  encoded,
  part,
);
const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const field = fc.oneof(
  text,
  text.map(base64),
  text.map((inner) => `data:text/plain;base64,${base64(inner)}`),
);
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    field,
    fc.constantFrom('1e400', '-0', '1.0', '12345678901234567890', 'true', 'null').map((raw) => ({ raw })),
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(text, fc.constantFrom('blob', 'data', 'uri', 'password', 'a', 'a')), tie('node')), {
        maxLength: 3,
      })
      .map((members) => ({ members })),
  ),
}));

/** JSON text with duplicate keys, and with numbers as they are written. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return json(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ,')}]`;
  const { raw, members } = value as { raw?: string; members: readonly (readonly [string, unknown])[] };
  if (raw !== undefined) return raw;
  return `{${members.map(([key, inner]) => `${json(key)}:${textOf(inner)}`).join(', ')}}`;
}

/** Everything but the insides of strings, and the strings. */
function skeleton(bytes: Buffer): { readonly frame: string; readonly strings: readonly string[] } {
  const scanner = new JsonScanner(bytes);
  const frame: string[] = [];
  const strings: string[] = [];
  let from = 0;
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token === 'error') throw new SyntaxError('not valid');
    if (token === 'number') continue;
    frame.push(bytes.toString('latin1', from, scanner.start));
    strings.push(bytes.toString('latin1', scanner.start, scanner.end));
    from = scanner.end;
  }
  return { frame: [...frame, bytes.toString('latin1', from)].join(''), strings };
}

function check(by: Scrubber, line: Buffer): Buffer {
  const { kind, bytes, findings } = by.message(line);
  expect(kind).toBe('json');
  if (findings.length === 0) {
    expect(bytes).toBe(line);
    return bytes;
  }
  const [before, after] = [skeleton(line), skeleton(bytes)];
  expect(after.frame).toBe(before.frame);
  const changed = after.strings.filter((string, at) => string !== before.strings[at]).length;
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThanOrEqual(2 * findings.reduce((sum, { count }) => sum + count, 0));
  expect(by.message(bytes).bytes).toBe(bytes);
  return bytes;
}

describe('any message', () => {
  test('only strings with findings change, a clean line is the same Buffer, and twice is once', () => {
    fc.assert(
      fc.property(node, fc.boolean(), (params, isBatch) => {
        const message = `{ "id":1e2,"jsonrpc" : "2.0", "result":${textOf({ members: [['x', params]] })}}`;
        check(all, Buffer.from(isBatch ? `[${message},\t${message} ]` : message));
      }),
      { numRuns: 400 },
    );
  });

  test('no value is left in any decoding of the output', () => {
    const value = fc.constantFrom(...VALUES.filter(([kind]) => kind in STRONG));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom(...Object.keys(ENCODINGS)),
        fc.constantFrom(...Object.keys(POSITIONS)),
        text,
        ([kind, secret], encoding, position, before) => {
          const by = createScrubber(knownValuesOf('x', secret));
          // What stands before it must not be read together with it.
          const around = `${before} \u00a6 ${ENCODINGS[encoding]?.encode(secret) ?? ''} `;
          if (leaks(before, secret)) return;
          const out = check(by, Buffer.from(json(POSITIONS[position]?.(around))));
          const strings = stringsIn(JSON.parse(out.toString())).filter((string) => !before.includes(string));
          expect([kind, encoding, strings.some((string) => leaks(string, secret))]).toEqual([kind, encoding, false]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('bytes that are not UTF-8, anywhere in strings', () => {
    const bad = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte >= 0x80)));
    const [, secret = ''] = VALUES[1] ?? [];
    fc.assert(
      fc.property(bad, bad, fc.boolean(), (before, after, isThere) => {
        const inner = Buffer.concat([before, Buffer.from(isThere ? secret : 'x'), after]);
        const line = Buffer.concat([
          Buffer.from('{"result":{"a":"'),
          inner,
          Buffer.from('","'),
          inner,
          Buffer.from('":1}}'),
        ]);
        const out = check(all, line).toString('latin1');
        expect(out.includes(secret)).toBe(false);
        if (isThere) expect(out).toContain(before.toString('latin1'));
      }),
    );
  });
});

describe('placeholders', () => {
  const word = fc.constantFrom(
    'REDACTED',
    '[REDACTED',
    ']',
    'RED',
    'ACTED',
    ':',
    '[',
    '-2',
    'MASKED',
    'x',
    'hidden',
    '***',
    '****',
    'XXXX',
    '----',
    '(',
  );
  const value = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(''));

  test('never make up a value again, whatever pieces of masks values are made of', () => {
    const strong = randomText(16);
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(word, fc.constant(strong)), { maxLength: 8 }),
        (values, words) => {
          const known = [{ name: 'x', value: strong }, ...values.map((one, at) => ({ name: `v${at}`, value: one }))];
          const by = createScrubber([...known, ...values.map((one) => ({ name: 'y', value: `${one}${strong}` }))]);
          const line = Buffer.from(
            json({ result: { t: words.join(''), password: words.join(''), blob: base64(words.join('')) } }),
          );
          let bytes: Buffer;
          try {
            ({ bytes } = by.message(line));
          } catch (error) {
            // No placeholder may be free of all of them: then the line is not let go.
            expect(error).toMatchObject({ code: 'scrub-failed' });
            return;
          }
          expect(by.message(bytes).bytes).toBe(bytes);
          expect(bytes.toString()).not.toContain(strong);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const nested = (inner: string): Buffer =>
  Buffer.from(`{"result":${'{"a":['.repeat(5000)}${inner}${']}'.repeat(5000)}}`);

describe('extremes', () => {
  const secret = randomText(20);
  const by = createScrubber([{ name: 'x', value: secret }]);
  test('10,000 levels', () => {
    const clean = nested('1e400');
    expect(by.message(clean).bytes).toBe(clean);
    expect(by.message(nested(json(secret))).bytes.equals(nested('"[REDACTED:x]"'))).toBe(true);
  });

  test.each([
    ['duplicate keys', `{"a":"${secret}","a":-0,"a":"${secret}"}`, '{"a":"[REDACTED:x]","a":-0,"a":"[REDACTED:x]"}'],
    ['numbers', `[1e400,-0,1.0,9223372036854775807,"${secret}"]`, '[1e400,-0,1.0,9223372036854775807,"[REDACTED:x]"]'],
    ['lone surrogates', `["\\ud800${secret}\\udfff","\\ud83d"]`, '["\\ud800[REDACTED:x]\\udfff","\\ud83d"]'],
    ['an empty key', `{"":"${secret}","${secret}":""}`, '{"":"[REDACTED:x]","[REDACTED:x]":""}'],
    ['white space', ` \t{ "a" :\r"${secret}" } \r`, ' \t{ "a" :\r"[REDACTED:x]" } \r'],
    ['__proto__', `{"__proto__":{"blob":"${secret}"}}`, '{"__proto__":{"blob":"[REDACTED:x]"}}'],
  ])('%s', (_, line, expected) => {
    expect(by.message(Buffer.from(line)).bytes.toString()).toBe(expected);
  });

  test('a long string: before, at and behind every border of what is looked at together', () => {
    const filler = 'words of a long text, \u00e9 \u{1f511} and so on; '.repeat(2500);
    for (const at of [0, 1, 1023, 1024, 4_095, 4_096, 4_100, 5_119, 40_000, 65_535, 65_536, 65_550, filler.length]) {
      for (const written of [
        secret,
        base64(`ab${secret}`),
        Array.from(secret).join('\n'),
        encodeURIComponent(json({ secret })),
      ]) {
        const long = filler.slice(0, at) + written + filler.slice(at);
        const out = by.message(Buffer.from(json({ result: { text: long, n: [long] } }))).bytes.toString();
        expect([at, leaks(out.slice(Math.max(0, at - 300), at + 900), secret)]).toEqual([at, false]);
        expect(out.length).toBeGreaterThan(filler.length * 2);
        const { result } = JSON.parse(out) as { result: { text: string } };
        expect(result.text.startsWith(filler.slice(0, Math.max(0, at - 40)))).toBe(true);
        expect(result.text.endsWith(filler.slice(at + 40))).toBe(true);
      }
    }
  });

  test('many short strings: a value in any of them', () => {
    const rows = Array.from({ length: 400 }, (_, id) => ({ id, name: `row ${id}`, note: `n${id % 7}` }));
    for (let at = 0; at < rows.length; at += 13) {
      const place = (note: string): string =>
        json({ result: { structuredContent: { rows: rows.map((row) => (row.id === at ? { ...row, note } : row)) } } });
      expect(by.message(Buffer.from(place(secret))).bytes.toString()).toBe(place('[REDACTED:x]'));
      expect(by.message(Buffer.from(place(base64(encodeURIComponent(`<${secret}>`))))).bytes.toString()).not.toBe(
        place(base64(encodeURIComponent(`<${secret}>`))),
      );
    }
  });
});
