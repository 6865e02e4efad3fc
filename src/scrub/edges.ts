// Where a match begins and ends in its text: at the edge of a word, and never in the middle of an escape.

import { once } from './once.js';
import type { Range } from './sequence.js';

// Made at their first use: the classes of Unicode take half a millisecond to be read.
const word = once(() => new RegExp(String.raw`[\p{L}\p{N}_]`, 'u'));
/** Scripts that put no space between words: their letters are no edge of anything. */
const unspaced = once(() => {
  const scripts = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer'];
  return new RegExp(scripts.map((script) => String.raw`\p{Script=${script}}`).join('|'), 'u');
});
/** `n` behind a backslash is a line end and no letter; likewise the digits of `%20`. */
const ESCAPE_BEFORE = /(?:\\[nrtbfv]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2})$/;
const DEEPEST_NESTING = 5;

/** Whether no longer word goes on at either side. A value that begins or ends with punctuation has its edge there itself. */
export function atBoundary(text: string, { start, end }: Range, value: string): boolean {
  return !(isWord(value[0]) && wordBefore(text, start)) && !(isWord(value.at(-1)) && isWord(text[end]));
}

function wordBefore(text: string, at: number): boolean {
  return isWord(text[at - 1]) && !ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at));
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && word().test(character) && !unspaced().test(character);
}

/**
 * In JSON inside a string, `\nabc` holds the value `nabc` only to the eye, but a mask is due all the same: it then takes
 * the backslashes too. And a value that ends with a backslash must leave the escape of the quote behind it.
 */
export function withinEscapes(text: string, { start, end }: Range, value: string): Range {
  return {
    start: /[nrtbfvux0]/.test(text[start] ?? '') ? runStart(text, start) : start,
    end: beforeQuote(text, end, value),
  };
}

function runStart(text: string, at: number): number {
  let start = at;
  while (text[start - 1] === '\\') start--;
  return start;
}

/** At depth d, a value's m backslashes are m × 2^d, and a quote has 2^(d-1) - 1 before it. */
function beforeQuote(text: string, end: number, value: string): number {
  if (!value.endsWith('\\') || text[end] !== '"') return end;
  const own = value.length - runStart(value, value.length);
  const run = end - runStart(text, end);
  for (let depth = 2; depth <= DEEPEST_NESTING; depth++) {
    const quote = 2 ** (depth - 1) - 1;
    if (run === own * 2 ** depth + quote) return end - quote;
  }
  return end;
}
