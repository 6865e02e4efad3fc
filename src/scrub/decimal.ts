// A value written as decimal numbers, one for each byte: what JSON makes of a Buffer of Node (`{"type":"Buffer","data":[66,105]}`,
// as its database clients give bytea and BLOB) and of a Uint8Array (`{"0":66,"1":105}`), lists of bytes in Python, Rust and
// Java (there with a sign), and in Go (`[66 105]`).

import { once } from './once.js';
import type { Trigger } from './scan/triggers.js';
import type { Element, Range } from './sequence.js';
import { FRAGMENT, sequenceFinder } from './sequence.js';

/** Fewer numbers would stand in a row by accident. */
export const SHORTEST_LIST = 6;

/** Finds the bytes, or any beginning or end of 12 bytes and more where fragments count. */
export function decimalFinder(bytes: Buffer, fragments: boolean): (text: string) => readonly Range[] {
  return sequenceFinder({ elements: [...bytes].map(elementOf), gapEnd: separatorEnd, fragments });
}

function elementOf(byte: number): Element {
  const spellings = spellingsOf(byte);
  return {
    starts: sourceOf(byte),
    ends: (text, at) =>
      isDigit(text.charCodeAt(at - 1))
        ? []
        : spellings
            .map((digits) => (text.startsWith(digits, at) ? at + digits.length : -1))
            .filter((end) => end >= 0 && !isDigit(text.charCodeAt(end))),
  };
}

function spellingsOf(byte: number): readonly string[] {
  return byte < 0x80 ? [String(byte)] : [String(byte), String(byte - 0x100)];
}

function sourceOf(byte: number): string {
  return `(?<!\\d)(?:${spellingsOf(byte).join('|')})(?!\\d)`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/**
 * Blanks and line ends, real or escaped, around a comma; and the index that stands before a number of a Uint8Array. There is one
 * way only to read them: else long runs of blanks would be slow.
 */
const BLANKS = '(?:\\s|\\\\{1,31}[nrt]){0,100}';
const SEPARATOR_SOURCE = `${BLANKS}(?:,${BLANKS})?(?:\\\\{0,31}"\\d{1,6}\\\\{0,31}"\\s{0,2}:\\s{0,2})?`;
const SEPARATOR = new RegExp(SEPARATOR_SOURCE, 'y');

function separatorEnd(text: string, at: number): number {
  SEPARATOR.lastIndex = at;
  return SEPARATOR.test(text) ? SEPARATOR.lastIndex : at;
}

/** Two numbers that stand in every list of these bytes, or of their first twelve, as source of a regular expression. */
export function decimalAnchor(bytes: Uint8Array): string {
  const index = anchorIndex(bytes);
  return `${sourceOf(bytes[index] ?? 0)}${SEPARATOR_SOURCE}${sourceOf(bytes[index + 1] ?? 0)}`;
}

/** What such a list leaves in the raw bytes of a line. */
export function decimalLiterals(bytes: Uint8Array): readonly Trigger[] {
  const anchor = once(() => new RegExp(`^${decimalAnchor(bytes)}`));
  const mayBe = (line: Buffer, at: number): boolean =>
    !isDigit(line[at - 1] ?? 0) && anchor().test(line.toString('latin1', at, at + LONGEST_ANCHOR));
  const numbers = spellingsOf(bytes[anchorIndex(bytes)] ?? 0);
  return numbers.flatMap((digits) => [',', ' '].map((end) => ({ text: digits + end, isList: true, mayBe })));
}
const LONGEST_ANCHOR = 512;

/** The first of the longest numbers that another one follows: the rarest, about. */
function anchorIndex(bytes: Uint8Array): number {
  const lengths = Array.from(bytes.subarray(0, FRAGMENT - 1), (byte) => (byte < 0x80 ? String(byte).length : 0));
  if (lengths.length === bytes.length) lengths.pop();
  return lengths.indexOf(Math.max(...lengths));
}
