// Hostile texts: twice the text may take at most three times as long.

import { describe, expect, test } from '@jest/globals';
import type { Scrubber } from '../../src/scrub/scrubber.js';
import { createScrubber } from '../../src/scrub/scrubber.js';
import { STRONG } from './values.js';

const scrubber = createScrubber(
  Object.entries(STRONG).map(([name, value]) => ({ name, value })),
  { detectors: [] },
);
const overlapping = STRONG['self-overlapping aab'] ?? '';
const random = STRONG['random 40'] ?? '';
const core = Buffer.from(`x${random}`).toString('base64').slice(2, 22);

const PUMPS: Readonly<Record<string, string>> = {
  letters: 'a',
  backslashes: '\\',
  'quotes and backslashes': '\\"',
  'runs of backslashes': `${'\\'.repeat(31)}x`,
  percent: '%41',
  'percent, repeated': '%25',
  entities: '&amp;',
  'escaped units': '\\u0061',
  'line breaks': '\\n',
  'no width': '\u200b',
  quotes: "'",
  dollars: '$',
  'user and password': 'postgres://a:',
  base64: 'QUJD',
  hex: '\\x61',
  'near misses': `${random.slice(0, 11)} `,
  fragments: `${random.slice(0, 12)} `,
  'overlapping near misses': overlapping.slice(0, 11),
  'base64 cores': core,
  'lists of bytes': `${Array.from(Buffer.from(random.slice(0, 11))).join(', ')}, `,
  'numbers and blanks': `${random.charCodeAt(0)}${' '.repeat(99)}`,
  'numbers and escaped blanks': `${random.charCodeAt(0)}${String.raw`\n`.repeat(49)}`,
  'values of hexadecimal': Buffer.from(random).toString('hex').slice(0, 26),
};

/** The best of five, in milliseconds. */
function best(by: Scrubber, text: string): number {
  const line = Buffer.from(JSON.stringify([text]));
  const times = Array.from({ length: 5 }, () => {
    const start = process.hrtime.bigint();
    by.message(line);
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return Math.min(...times);
}

describe('the time grows with the text and not faster', () => {
  test.each(Object.keys(PUMPS))('%s', (name) => {
    const unit = PUMPS[name] ?? '';
    const size = 60_000;
    const text = unit.repeat(Math.ceil(size / unit.length));
    const once = best(scrubber, text);
    const twice = best(scrubber, text + text);
    // Below five milliseconds the clock measures the machine.
    expect(twice).toBeLessThan(Math.max(5, once) * 3);
  });
});
