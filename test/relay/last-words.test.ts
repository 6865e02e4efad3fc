import { expect, test } from '@jest/globals';
import { createLastWords, farewells } from '../../src/relay/last-words.js';
import { createScrubber, knownValuesOf } from '../../src/scrub/scrubber.js';
import { randomPassword } from '../support/credentials.js';

const heard = (...texts: string[]): string => {
  const words = createLastWords();
  for (const text of texts) words.heard(Buffer.from(text));
  return words.text();
};

test.each([
  ['nothing', [''], ''],
  ['one line', ['no\n'], 'no'],
  ['parts', ['Err', 'or: x\n', '\n  at y\n'], 'Error: x\n  at y'],
  ['colours, titles and line ends', ['\u001b[1;31mred\u001b[0m\r\n\u001b]0;title\u0007\u202eend\b\n'], 'red\nend'],
  [
    'the last twelve lines',
    [Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join('')],
    Array.from({ length: 12 }, (_, at) => `line ${at + 8}`).join('\n'),
  ],
])('%s', (_, texts, expected) => {
  expect(heard(...texts)).toBe(expected);
});

test('of a flood only the end, from the beginning of a line', () => {
  const text = heard(...Array.from({ length: 5000 }, (_, at) => `${at} ${'é'.repeat(100)}\n`));
  expect(text.length).toBeLessThan(2048);
  expect(text).toMatch(/^\d+ é/);
  expect(text).toContain('4999');
});

test('what lines hold only together is not shown', () => {
  const password = randomPassword();
  const scrubber = createScrubber(knownValuesOf('db.password', password));
  const words = createLastWords();
  words.heard(Buffer.from(`${password.slice(0, 8)}\u200b${password.slice(8)}\n`));
  const lines = farewells(['1', '"a"'], 'the server exited', words, scrubber).map(String);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    [1, 'a'].map((id) => ({ jsonrpc: '2.0', id, error: { code: 69, message: 'secretctl: the server exited' } })),
  );
});
