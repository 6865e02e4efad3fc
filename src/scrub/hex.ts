// A value written as hexadecimal digits: PostgreSQL bytea (`\x…`), `xxd -p`, MySQL HEX(), a byte list with separators.

import type { Element, Range } from './sequence.js';
import { sequenceFinder } from './sequence.js';
import { gapEnd, hexSource } from './spellings.js';

/** Finds the bytes, or any beginning or end of 12 bytes and more where fragments count. */
export function hexFinder(bytes: Buffer, fragments: boolean): (text: string) => readonly Range[] {
  return sequenceFinder({ elements: [...bytes].map(elementOf), gapEnd: separatorEnd, fragments });
}

function elementOf(byte: number): Element {
  const digits = byte.toString(16).padStart(2, '0');
  return {
    starts: hexSource(byte, 2),
    ends: (text, at) => (text.slice(at, at + 2).toLowerCase() === digits ? [at + 2] : []),
  };
}

/** Between two bytes: one or two separators, a `0x` before the next byte, or a line break. */
const SEPARATOR = /[ :,-]{0,2}0[xX]|[ :,-]{1,2}/y;

function separatorEnd(text: string, at: number): number {
  SEPARATOR.lastIndex = at;
  return SEPARATOR.test(text) ? SEPARATOR.lastIndex : gapEnd(text, at);
}

/** The same as source of a regular expression: the bytes, with whatever the matcher accepts between them. */
export function hexAnchor(bytes: Buffer): string {
  return [...bytes].map((byte) => hexSource(byte, 2)).join('(?:[ :,-]{0,2}(?:0[xX])?|[\\\\rn\\r\\n]{1,200})');
}
