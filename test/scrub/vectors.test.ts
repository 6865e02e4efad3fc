// Every failure that random search has ever found, kept and replayed. A failure is added here before it is mended.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { createScrubber } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { leaks } from './judge.js';

const FILE = fileURLToPath(new URL('../../../test/vectors/scrub/failures.json', import.meta.url));
const failures = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Failure[];

interface Failure {
  readonly why: string;
  readonly value: string;
  readonly encoding: string;
  readonly before: string;
  readonly after: string;
}

test.each(failures)('$why', ({ value, encoding, before, after }) => {
  const text = before + (ENCODINGS[encoding]?.encode(value) ?? '') + after;
  expect(leaks(text, value)).toBe(true);
  const scrubber = createScrubber([{ name: 'x', value }]);
  const { bytes } = scrubber.message(Buffer.from(JSON.stringify({ text })));
  expect(leaks((JSON.parse(bytes.toString()) as { text: string }).text, value)).toBe(false);
  expect(scrubber.message(bytes).bytes).toBe(bytes);
  expect(leaks(scrubber.text(Buffer.from(text)).bytes.toString(), value)).toBe(false);
});
