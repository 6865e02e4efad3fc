// Base64 fields: what is encoded once more inside of them is masked there, and everything else decodes to the same bytes.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber } from '../../src/scrub/core.js';
import { openField } from '../../src/scrub/field.js';
import { ENCODINGS } from './encodings.js';
import { leaks } from './judge.js';
import { randomText, STRONG } from './values.js';

const value = randomText(20);
const scrubber = createScrubber([{ name: 'x', value }]);
const json = (node: unknown): string => JSON.stringify(node);
const scrub = (node: unknown): string => scrubber.message(Buffer.from(json(node))).bytes.toString();
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const decoded = (text: string): string => Buffer.from(text, 'base64').toString();
const units = (text: string): string =>
  text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const KINDS = [
  'random 12',
  'quotes and brackets',
  'dollar, hash, percent',
  'latin, decomposed',
  'beyond the basic plane',
];

describe('text in base64', () => {
  test('only the value changes, and the field stays what it was', () => {
    const before = `row 1\n\u00e4 "${units(value)}" \u5bc6 end`;
    const { result } = JSON.parse(scrub({ result: { contents: [{ uri: 'file:///a', blob: base64(before) }] } })) as {
      result: { contents: [{ uri: string; blob: string }] };
    };
    expect(decoded(result.contents[0].blob)).toBe('row 1\n\u00e4 "[REDACTED:x]" \u5bc6 end');
    expect(base64(decoded(result.contents[0].blob))).toBe(result.contents[0].blob);
  });

  test.each(Object.keys(ENCODINGS))('every encoding, in every kind of field: %s', (encoding) => {
    for (const kind of KINDS) {
      const strong = STRONG[kind] ?? '';
      const by = createScrubber([{ name: 'x', value: strong }]);
      const text = `a, ${ENCODINGS[encoding]?.encode(strong) ?? ''}, b\n`;
      const fields = [
        { blob: base64(text) },
        { data: base64(text) },
        { icons: [{ src: `data:text/plain;base64,${base64(text)}` }] },
        [base64(`${text}${'.'.repeat(96)}`)],
      ];
      for (const field of fields) {
        const out = by.message(Buffer.from(json({ result: field }))).bytes.toString();
        const inner = [...out.matchAll(/"(?:data:[^,]*,)?([A-Za-z0-9+/=]{8,})"/g)].map((match) => match[1] ?? '');
        expect([kind, inner.length > 0, leaks(inner.map(decoded).join('\n'), strong)]).toEqual([kind, true, false]);
      }
    }
  });

  test('base64 in base64, to a bounded depth', () => {
    let text = value;
    for (let depth = 1; depth <= 3; depth++) {
      text = base64(text);
      let out = (JSON.parse(scrub({ result: { blob: text } })) as { result: { blob: string } }).result.blob;
      for (let level = 0; level < depth; level++) out = decoded(out);
      expect(out).not.toContain(value);
    }
  });

  test.each([
    ['base64url without padding', (text: string) => Buffer.from(text).toString('base64url'), /^[\w-]+$/],
    [
      'lines of 76',
      (text: string) => base64(text).replace(/.{76}/g, '$&\r\n'),
      /^(?:[A-Za-z0-9+/]{76}\r\n)+[A-Za-z0-9+/]+=*$/,
    ],
    ['escaped slashes', base64, /^[A-Za-z0-9+/]+=*$/],
  ])('%s stays so', (_, encode, shape) => {
    const text = `${'\u00ff?>'.repeat(40)}${units(value)}${'\u00ff?>'.repeat(40)}`;
    const line = json({ result: { blob: encode(text) } }).replaceAll('/', '\\/');
    const { result } = JSON.parse(scrubber.message(Buffer.from(line)).bytes.toString()) as { result: { blob: string } };
    expect(result.blob).toMatch(shape);
    expect(decoded(result.blob)).toBe(text.replace(units(value), '[REDACTED:x]'));
  });

  test('a clean one is the very same Buffer', () => {
    for (const blob of [
      base64('nothing here \\u0041 %41'),
      base64(Buffer.from([0x89, 0x50, 0xff, 0, 1, 2])),
      '',
      '====',
      'ab',
    ]) {
      const line = Buffer.from(json({ result: { blob, data: blob } }));
      expect(scrubber.message(line).bytes).toBe(line);
    }
  });
});

test('in a picture only the bytes of the value change', () => {
  const noise = Buffer.from(Uint8Array.from({ length: 3000 }, (_, at) => (at * 197 + (at >> 3)) & 0xff));
  const data = base64(Buffer.concat([noise, Buffer.from(value), noise]));
  const out = JSON.parse(scrub({ result: { content: [{ type: 'image', data }] } })) as {
    result: { content: [{ data: string }] };
  };
  const expected = Buffer.concat([noise, Buffer.from('[REDACTED:x]'), noise]);
  expect(Buffer.from(out.result.content[0].data, 'base64').equals(expected)).toBe(true);
});

test('what is opened and closed again is the same', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 6, maxLength: 300 }),
      fc.constantFrom('', 'data:text/plain;base64,'),
      fc.constantFrom('base64', 'base64url', 'lines'),
      (bytes, head, style) => {
        const encoding = style === 'base64url' ? 'base64url' : 'base64';
        const plain = Buffer.from(bytes).toString(encoding);
        const text = head + (style === 'lines' ? plain.replace(/.{64}(?=.)/g, '$&\n') : plain);
        const field = openField(text);
        expect(field?.bytes.equals(bytes)).toBe(true);
        if (field !== undefined) expect(field.close(field.bytes)).toBe(text);
      },
    ),
  );
});
