// A literal as the engines see it: its bytes, and the few of them that are looked for first.

import type { Literal } from './scan.js';

/** A byte of a text fits when, with the bits of `fold` set in it, it is the byte of `text`. */
export interface Pattern {
  readonly text: Uint8Array;
  readonly fold: Uint8Array;
}

/** The bytes of a literal that are looked for first: four, or fewer in a shorter literal. */
export interface Mark {
  readonly pattern: Pattern;
  readonly offset: number;
  readonly bucket: number;
  /** See Literal. */
  readonly isWord?: boolean;
}

export const LONGEST_MARK = 4;

export function patternOf({ bytes, anyCase = false }: Literal): Pattern {
  const text = Uint8Array.from(bytes);
  const fold = new Uint8Array(text.length);
  if (anyCase) {
    text.forEach((byte, index) => {
      if (isLetter(byte)) text[index] = byte | (fold[index] = 0x20);
    });
  }
  return { text, fold };
}

export function bytesOf({ pattern, offset }: Mark): Uint8Array {
  return pattern.text.subarray(offset, offset + LONGEST_MARK);
}

export function standsAt({ text, fold }: Pattern, bytes: Uint8Array, at: number): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (((bytes[at + index] ?? 0) | (fold[index] ?? 0)) !== text[index]) return false;
  }
  return true;
}

export function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return byte < 0x80 && lower >= 0x61 && lower <= 0x7a;
}
