// A value written as hexadecimal digits: PostgreSQL bytea (`\x…`), `xxd -p`, MySQL HEX(), a byte list with separators.

import { hexOf, JOINER } from './pieces.js';
import type { Range } from './sequence.js';
import { sequenceFinder } from './sequence.js';

/** Between two bytes: a separator, a `0x` before the next byte, or a line break. */
export const HEX_JOINER = `(?:[ :,-]{1,2}(?:0[xX])?|0[xX]|${JOINER})`;

/** Finds the bytes, or any beginning or end of 12 bytes and more where fragments count. */
export function hexFinder(bytes: Buffer, fragments: boolean): (text: string) => readonly Range[] {
  return sequenceFinder({ pieces: hexPieces(bytes), joiner: HEX_JOINER, fragments });
}

export function hexPieces(bytes: Buffer): readonly string[] {
  return [...bytes].map((byte) => hexOf(byte, 2));
}
