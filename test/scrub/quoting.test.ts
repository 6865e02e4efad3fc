// Quotes that a program has doubled for a shell, SQL or CSV, and that JSON has then escaped once more, or twice.

import { expect, test } from '@jest/globals';
import { createScrubber } from '../../src/scrub/core.js';
import { randomText } from './values.js';

const parts = [3, 4, 5, 4, 3].map((length, at) => randomText(length, undefined, 401 + at));
const value = parts.reduce((text, part, at) => text + (at % 2 === 0 ? `'` : `"`) + part);
const scrubber = createScrubber([{ name: 'x', value }]);

const json = (node: unknown): string => JSON.stringify(node);

test.each([
  ['sh, single quotes', (text: string) => text.replaceAll(`'`, `'\\''`)],
  ['sh, other quotes', (text: string) => text.replaceAll(`'`, `'"'"'`)],
  ['SQL', (text: string) => text.replaceAll(`'`, `''`)],
  ['CSV', (text: string) => text.replaceAll(`"`, `""`)],
])('%s, in JSON at every depth', (_, quoted) => {
  for (let text = quoted(value), depth = 0; depth < 5; depth++, text = json([text])) {
    const out = scrubber.message(Buffer.from(json({ result: { text } }))).bytes.toString();
    expect(parts.filter((part) => out.includes(part))).toEqual([]);
  }
});
