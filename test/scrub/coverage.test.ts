// Every class of value × every encoding × every position: what of it is left after scrubbing?

import { describe, expect, test } from '@jest/globals';
import type { Scrubber } from '../../src/scrub/scrubber.js';
import { createScrubber, knownValuesOf, strengthOf } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { leaks } from './judge.js';
import { POSITIONS, stringsIn } from './positions.js';
import { MEDIUM, STRONG } from './values.js';

function scrubbed(scrubber: Scrubber, position: string, text: string): string {
  const line = Buffer.from(JSON.stringify(POSITIONS[position]?.(text)));
  const { kind, bytes } = scrubber.message(line);
  expect(kind).toBe('json');
  return stringsIn(JSON.parse(bytes.toString())).join('\n\n');
}

describe('the judge sees the value in every encoding that is not scrubbed', () => {
  test.each(Object.keys(ENCODINGS))('%s', (encoding) => {
    const unseen = Object.entries(STRONG).filter(
      ([, value]) => !leaks(ENCODINGS[encoding]?.encode(value) ?? '', value),
    );
    expect(unseen.map(([kind]) => kind)).toEqual([]);
  });
});

describe('strong values leave in no encoding (R04, R13, R14)', () => {
  test.each(Object.keys(ENCODINGS))('%s', (encoding) => {
    const left: string[] = [];
    for (const [kind, value] of Object.entries(STRONG)) {
      expect([kind, strengthOf(value)]).toEqual([kind, 'strong']);
      const scrubber = createScrubber(knownValuesOf('db.password', value), { detectors: [] });
      const text = ENCODINGS[encoding]?.encode(value) ?? '';
      if (leaks(scrubbed(scrubber, 'text block', text), value)) left.push(kind);
      if (leaks(scrubber.text(Buffer.from(text)).bytes.toString(), value)) left.push(`${kind} (text)`);
    }
    // A fragment of the placeholder itself is no leak.
    expect(left.filter((kind) => !kind.startsWith('holds REDACTED'))).toEqual([]);
  });
});

describe('medium values leave in no encoding, unless a letter stands beside them in it', () => {
  const beside = ['at the third alignment', 'MIME lines', 'percent-encoded base64'];
  test.each(Object.keys(ENCODINGS).filter((encoding) => !beside.includes(encoding)))('%s', (encoding) => {
    const left = Object.entries(MEDIUM).filter(([kind, value]) => {
      expect([kind, strengthOf(value)]).toEqual([kind, 'medium']);
      const text = ENCODINGS[encoding]?.encode(value) ?? '';
      return leaks(scrubbed(createScrubber([{ name: 'x', value }], { detectors: [] }), 'text block', text), value);
    });
    expect(left.map(([kind]) => kind)).toEqual([]);
  });
});

describe('every position', () => {
  const value = STRONG['quotes and brackets'] ?? '';
  const scrubber = createScrubber(knownValuesOf('db.password', value), { detectors: [] });
  test.each(Object.keys(POSITIONS))('%s', (position) => {
    const left = Object.entries(ENCODINGS).filter(([, { encode }]) => {
      return leaks(scrubbed(scrubber, position, encode(value)), value);
    });
    expect(left.map(([name]) => name)).toEqual([]);
  });
});
