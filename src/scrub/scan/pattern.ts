// A literal as the engines see it: its bytes, and the few of them that are looked for first.

import type { Literal } from './literal-scan.js';

/** A byte of a text fits when, with the bits of `fold` set in it, it is the byte of `text`. */
export interface Pattern {
  readonly text: Uint8Array;
  readonly fold: Uint8Array;
  /** Where its mark stands in it: the four bytes (fewer in a shorter literal) that are rare in ordinary text. */
  readonly offset: number;
}

const LONGEST_MARK = 4;

export function patternOf({ bytes, anyCase = false }: Literal): Pattern {
  const text = Uint8Array.from(bytes);
  const fold = new Uint8Array(text.length);
  if (anyCase) {
    text.forEach((byte, index) => {
      if (isLetter(byte)) text[index] = byte | (fold[index] = 0x20);
    });
  }
  return { text, fold, offset: offsetOf(text) };
}

export function markOf({ text, offset }: Pattern): Uint8Array {
  return text.subarray(offset, offset + LONGEST_MARK);
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

function offsetOf(text: Uint8Array): number {
  let best = 0;
  let least = Infinity;
  for (let offset = 0; offset === 0 || offset + LONGEST_MARK <= text.length; offset++) {
    let weight = 1;
    for (let index = offset; index < offset + LONGEST_MARK; index++) weight *= FREQUENCIES[text[index] ?? 0] ?? 1;
    if (weight < least) [best, least] = [offset, weight];
  }
  return best;
}

/** How often a byte stands in JSON with text in some language of Latin letters, in no particular unit. */
const FREQUENCIES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if ('etaoinsr "'.includes(character)) return 12;
  if (isLetter(byte)) return byte < 0x60 ? 2 : 5;
  if (character >= '0' && character <= '9') return 3;
  return ':,/\\.'.includes(character) ? 4 : 1;
});
