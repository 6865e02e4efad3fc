// Several lines at once are clean only when each of them is.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { DETECTORS } from '../../src/scrub/detectors/index.js';
import { createScrubber, knownValuesOf } from '../../src/scrub/scrubber.js';
import { randomPassword } from '../support/credentials.js';
import { ENCODINGS } from './encodings.js';

const password = randomPassword();
const scrubber = createScrubber(knownValuesOf('db.password', password));
const TOKENS = DETECTORS.flatMap(({ examples }) => examples().match.map(({ text }) => text));
const SPELLED = Object.values(ENCODINGS).map(({ encode }) => encode(password));

const lineOf = (text: string): string => JSON.stringify({ jsonrpc: '2.0', method: 'n', params: { text } });
const isClean = (lines: readonly string[]): boolean =>
  scrubber.areClean(Buffer.from(lines.map((line) => `${line}\n`).join('')));
const changes = (line: string): boolean => scrubber.message(Buffer.from(line)).findings.length > 0;

describe('lines of which one holds something', () => {
  const plain = lineOf('nothing to see here, "password" is only mentioned');

  test.each([
    ['a known value in every encoding', SPELLED],
    ['every example of a detector', TOKENS],
  ])('%s: at the beginning, in the middle, at the end', (_, texts) => {
    const missed = texts.filter((text) => {
      const line = lineOf(text);
      if (!changes(line)) return false;
      return [
        [line, plain],
        [plain, line, plain],
        [plain, line],
      ].some((lines) => isClean(lines));
    });
    expect(missed).toEqual([]);
  });

  test('among any others', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(...TOKENS), fc.constantFrom(...SPELLED));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 6 }), (parts) => {
        const lines = parts.map(([before, inside, behind]) => lineOf(`${before}${inside}${behind}`));
        if (lines.some(changes)) expect(isClean(lines)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

test('clean lines are clean, with either line end', () => {
  const lines = [lineOf('rows: 1, 2, 3'), lineOf('größe 東京'), '{"id":1,"result":{}}'];
  expect(isClean(lines)).toBe(true);
  expect(isClean(lines.map((line) => `${line}\r`))).toBe(true);
});
