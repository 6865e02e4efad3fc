// A value in two or more strings of one line is put together; over lines it is not.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber } from '../../src/scrub/core.js';
import { randomText, STRONG } from './values.js';

const value = randomText(21);
const scrubber = createScrubber([{ name: 'x', value }]);
const json = (node: unknown): string => JSON.stringify(node);
const scrub = (node: unknown): string => scrubber.message(Buffer.from(json(node))).bytes.toString();
const block = (text: string): unknown => ({ type: 'text', text, annotations: { audience: ['user'] } });
const log = (data: string): unknown => ({
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'info', data },
});

const PLACES: Readonly<Record<string, (parts: readonly string[]) => unknown>> = {
  blocks: (parts) => ({ jsonrpc: '2.0', id: 1, result: { content: parts.map(block) } }),
  'cells of a row': (parts) => ({ result: { structuredContent: { rows: [['a', ...parts, 'b']] } } }),
  'cells of a column': (parts) => ({
    result: { structuredContent: { rows: parts.map((text, id) => ({ text, id, note: `n${id}` })) } },
  }),
  'log messages of a batch': (parts) => parts.map(log),
  'members of an object': (parts) => ({
    result: { structuredContent: Object.fromEntries(parts.map((part, at) => [`c${at}`, part])) },
  }),
};

describe.each(Object.entries(PLACES))('%s', (_, place) => {
  test('at every place where it can be cut in two, for every kind of value', () => {
    for (const strong of Object.values(STRONG)) {
      const by = createScrubber([{ name: 'x', value: strong }]);
      const characters = Array.from(strong);
      for (let cut = 1; cut < characters.length; cut += Math.ceil(characters.length / 24)) {
        const parts = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
        const out = by.message(Buffer.from(json(place([`seen ${parts[0] ?? ''}`, `${parts[1] ?? ''} there`])))).bytes;
        expect(JSON.parse(out.toString())).toEqual(place(['seen [REDACTED:x]', '[REDACTED:x] there']));
      }
    }
  });

  test('in three pieces', () => {
    const parts = [value.slice(0, 7), value.slice(7, 14), value.slice(14)];
    expect(JSON.parse(scrub(place(parts)))).toEqual(place(['[REDACTED:x]', '[REDACTED:x]', '[REDACTED:x]']));
  });
});

test('long strings around the cut, and two values over the same cut', () => {
  const other = randomText(24, undefined, 9);
  const by = createScrubber([
    { name: 'x', value },
    { name: 'y', value: other },
  ]);
  const filler = 'lorem ipsum '.repeat(2000);
  const line = json(
    PLACES['blocks']?.([filler + value.slice(0, 10), value.slice(10) + filler + other.slice(0, 9), other.slice(9)]),
  );
  expect(by.message(Buffer.from(line)).bytes.toString()).toBe(
    json(PLACES['blocks']?.([`${filler}[REDACTED:x]`, `[REDACTED:x]${filler}[REDACTED:y]`, '[REDACTED:y]'])),
  );
});

test('halves that do not meet stay, and so do the halves of a word', () => {
  for (const parts of [
    [value.slice(0, 10), `x${value.slice(10)}`],
    [value.slice(10), value.slice(0, 10)],
  ]) {
    const line = Buffer.from(json(PLACES['blocks']?.(parts)));
    expect(scrubber.message(line).bytes).toBe(line);
  }
  const weak = createScrubber([{ name: 'x', value: 'postgres' }]);
  const line = Buffer.from(json(PLACES['blocks']?.(['post', 'gres'])));
  expect(weak.message(line).bytes).toBe(line);
});

test('any pieces, in any order of lengths', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(value.length), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...Object.keys(PLACES)),
      (cuts, name) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), value.length];
        const parts = places.slice(1).map((end, at) => value.slice(places[at], end));
        const isSeen = (parts[0] ?? '').length > 3 || (parts.at(-1) ?? '').length > 3;
        const line = Buffer.from(json(PLACES[name]?.(parts)));
        const { bytes } = scrubber.message(line);
        expect(scrubber.message(bytes).bytes).toBe(bytes);
        // Of values in smaller pieces no edge is long enough to be told from chance.
        if (isSeen)
          expect(parts.filter((part) => part.length > 3 && bytes.toString().includes(`"${part}"`))).toEqual([]);
      },
    ),
  );
});
