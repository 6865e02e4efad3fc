// The prefilter must say yes wherever a matcher would find something, in raw bytes and in decoded text.

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Detector } from '../../src/scrub/detectors/detector.js';
import { anchorsOf } from '../../src/scrub/detectors/literals.js';
import type { Needle } from '../../src/scrub/needle.js';
import { createNeedle } from '../../src/scrub/needle.js';
import type { Prefilter } from '../../src/scrub/prefilter.js';
import { createPrefilter as create } from '../../src/scrub/prefilter.js';
import { createScrubber } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { MEDIUM, STRONG, WEAK } from './values.js';

const createPrefilter = (needles: readonly Needle[], detectors: readonly Detector[] = []): Prefilter =>
  create(needles, [], anchorsOf(detectors)).prefilter;
const both = (prefilter: Prefilter, raw: string): boolean => prefilter.line(Buffer.from(raw, 'latin1'));

const VALUES = { ...STRONG, ...MEDIUM, ...WEAK };

test.each(Object.entries(VALUES))('fires for every encoding of: %s', (_, value) => {
  const needle = createNeedle({ name: 'x', value });
  const prefilter = createPrefilter([needle]);
  const missed = Object.entries(ENCODINGS).filter(([, { encode }]) => {
    const text = encode(value);
    const found = needle.find(text).length > 0;
    const raw = Buffer.from(JSON.stringify(text)).toString('latin1');
    return (
      found && !(prefilter.text(text) && both(prefilter, raw) && both(prefilter, Buffer.from(text).toString('latin1')))
    );
  });
  expect(missed.map(([name]) => name)).toEqual([]);
});

const hex = (unit: string, width: number): string => unit.charCodeAt(0).toString(16).padStart(width, '0');
/** One character in some spelling, perhaps with something invisible behind it. */
const SPELLINGS: readonly ((unit: string) => string)[] = [
  (unit) => unit,
  (unit) => unit,
  (unit) => `%${hex(unit, 2)}`,
  (unit) => `%25${hex(unit, 2).toUpperCase()}`,
  (unit) => `\\u${hex(unit, 4)}`,
  (unit) => `\\\\u${hex(unit, 4).toUpperCase()}`,
  (unit) => `\\x${hex(unit, 2)}`,
  (unit) => `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`,
  (unit) => `&#${unit.charCodeAt(0)};`,
  (unit) => `&amp;#x${hex(unit, 2)};`,
  (unit) => (/[a-z0-9]/i.test(unit) ? unit : `\\${unit}`),
  (unit) => `${unit}\n`,
  (unit) => `${unit}\\r\\n`,
  (unit) => `${unit}\0`,
  (unit) => `${unit}\u200d`,
  (unit) => `${unit}\\u200b`,
];

const ascii = fc.string({
  minLength: 4,
  maxLength: 20,
  unit: fc.constantFrom(...Array.from('abcnrtux0159ABXYZ_-+/\\"\'$%&<=:@ ')),
});

test('fires for any mixture of spellings, also JSON-encoded in any way', () => {
  const choices = fc.array(fc.nat(SPELLINGS.length - 1), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(ascii, choices, fc.string(), fc.boolean(), (value, picks, around, escapeAll) => {
      fc.pre(value.trim() !== '');
      const needle = createNeedle({ name: 'x', value });
      const prefilter = createPrefilter([needle]);
      const spelled = value
        .split('')
        .map((unit, at) => SPELLINGS[picks[at] ?? 0]?.(unit))
        .join('');
      const text = around + spelled + around;
      fc.pre(needle.find(text).length > 0);
      const json = JSON.stringify(text);
      const raw = escapeAll ? json.replace(/[^u0-9a-f\\"]/g, (unit) => `\\u${hex(unit, 4)}`) : json;
      expect(prefilter.text(text)).toBe(true);
      expect(both(prefilter, Buffer.from(raw).toString('latin1'))).toBe(true);
      expect(both(prefilter, Buffer.from(text).toString('latin1'))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['an escaped percent sign', 'raa1', '{"a":"r\\u002561a1"}'],
  ['an escaped ampersand', 'raa1', '{"a":"r\\u0026#97;a1"}'],
  ['an escaped backslash', 'raa1', '{"a":"r\\u005cx61a1"}'],
  ['a line break before the anchor', 'raa1', '{"a":"r\\naa1"}'],
  ['one behind an equal sign', 'a/aaa', '{"a":"a\\n/aaa"}'],
  ['a control character in what only begins like JSON', '=aaa', '[=aa\na['],
])('fires for %s', (_, value, raw) => {
  expect(both(createPrefilter([createNeedle({ name: 'x', value })]), raw)).toBe(true);
});

test('lets clean text through, also that of a server that escapes much', () => {
  const needle = createNeedle({ name: 'x', value: STRONG['random 20'] ?? '' });
  const prefilter = createPrefilter([needle]);
  for (const text of [
    'plain words',
    'a%20b%2Fc',
    'line one\nline two\\nthree',
    'x < y && z > 3',
    'na\u00efve \u2014 caf\u00e9',
  ])
    expect(prefilter.text(text)).toBe(false);
});

test('a value without letters and digits has no anchor, and is found all the same', () => {
  const scrubber = createScrubber([{ name: 'x', value: '!?#$%^&*()' }]);
  expect(scrubber.text(Buffer.from('a !?#$%^&*() b')).bytes.toString()).toBe('a [REDACTED:x] b');
});

test('fires for every letter, digit, - and _ behind its escape in JSON, and not for what HTML is escaped with', () => {
  const codes = Array.from('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_', (unit) => hex(unit, 4));
  const missed = [...codes, ...codes.map((code) => code.toUpperCase())].filter((code) => {
    const unit = String.fromCharCode(Number.parseInt(code, 16));
    const prefilter = createPrefilter([createNeedle({ name: 'x', value: `?${unit}?` })]);
    return !prefilter.line(Buffer.from(`{"a":"?\\u${code}?"}`));
  });
  expect(missed).toEqual([]);
  const prefilter = createPrefilter([createNeedle({ name: 'x', value: STRONG['random 20'] ?? '' })]);
  const html = String.raw`{"a":"\u003cb title=\u0027one\u0027\u003e1 \u0026 2 \u0025 \u003c/b\u003e \u00e9\u00E9"}`;
  expect(prefilter.line(Buffer.from(html))).toBe(false);
});
