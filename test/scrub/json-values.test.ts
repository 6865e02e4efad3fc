// Where members and items stand, in texts with white space anywhere that JSON allows it.

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { itemsAt, membersAt, messagesIn, valueEnd } from '../../src/scrub/json-values.js';

const SPACES = ['', ' ', '\t', '\n', '\r\n', '  '];

/** As JSON.stringify, with white space between any two tokens. */
function spaced(value: unknown, space: () => string): string {
  const around = (text: string): string => space() + text + space();
  if (Array.isArray(value)) return around(`[${value.map((item) => spaced(item, space)).join(',') || space()}]`);
  if (typeof value !== 'object' || value === null) return around(JSON.stringify(value));
  const members = Object.entries(value).map(([key, one]) => `${around(JSON.stringify(key))}:${spaced(one, space)}`);
  return around(`{${members.join(',') || space()}}`);
}

const anything = fc.jsonValue({ maxDepth: 3 });
const spaces = fc.array(fc.constantFrom(...SPACES), { minLength: 1, maxLength: 20 });

test('the members of an object: their keys, and their values without the space around them', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anything), spaces, (object, picks) => {
      let turn = 0;
      const bytes = Buffer.from(spaced(object, () => picks[turn++ % picks.length] ?? '').trim());
      const members = membersAt(bytes, 0);
      expect(members.map(({ key }) => key)).toEqual(Object.keys(object));
      expect(members.map(({ keyStart }) => bytes[keyStart])).toEqual(members.map(() => 0x22));
      for (const { key, start, end } of members) {
        const text = bytes.toString('utf8', start, end);
        expect(text).toBe(text.trim());
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(object[key]));
        expect(valueEnd(bytes, start)).toBe(end);
      }
    }),
  );
});

test('the items of an array, and the messages of a batch', () => {
  fc.assert(
    fc.property(fc.array(anything), spaces, (array, picks) => {
      let turn = 0;
      const bytes = Buffer.from(spaced(array, () => picks[turn++ % picks.length] ?? '').trim());
      const texts = itemsAt(bytes, 0).map(({ start, end }) => bytes.toString('utf8', start, end));
      expect(texts).toEqual(texts.map((text) => text.trim()));
      expect(texts.map((text) => JSON.stringify(JSON.parse(text)))).toEqual(array.map((item) => JSON.stringify(item)));
      expect(messagesIn(bytes)).toEqual({ isBatch: true, starts: itemsAt(bytes, 0).map(({ start }) => start) });
    }),
  );
});

test.each([
  [
    'duplicate keys, each where it stands',
    '{"a":1,"a":[2]}',
    [
      ['a', '1'],
      ['a', '[2]'],
    ],
  ],
  [
    'an escaped quote and brackets in a string',
    String.raw`{"a\"}":"]\\\"{" , "b" : "\\"}`,
    [
      ['a"}', String.raw`"]\\\"{"`],
      ['b', String.raw`"\\"`],
    ],
  ],
  [
    'numbers as they are written',
    '{"a":-1.0e+3 ,"b":9007199254740993 }',
    [
      ['a', '-1.0e+3'],
      ['b', '9007199254740993'],
    ],
  ],
  ['an empty object', '{ }', []],
  ['no object', '[{"a":1}]', []],
])('%s', (_, text, expected) => {
  const bytes = Buffer.from(text);
  expect(membersAt(bytes, 0).map(({ key, start, end }) => [key, bytes.toString('utf8', start, end)])).toEqual(expected);
});
