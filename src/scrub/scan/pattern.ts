// A literal as the engines see it: its bytes, and the few of them that are looked for first.

import { isLower } from './layout.js';
import type { Literal } from './scan.js';

export interface Pattern {
  /** A character for each byte; letters in lower case where either case fits. */
  readonly text: string;
  readonly anyCase: boolean;
}

/** The bytes of a literal that are looked for first: four, or fewer in a shorter literal. */
export interface Mark {
  readonly pattern: Pattern;
  readonly offset: number;
  readonly bucket: number;
  /** See Literal. */
  readonly isWord: boolean;
  /** How many bytes it has; and these, with zeros behind them. */
  readonly size: number;
  readonly word: number;
}

export const LONGEST_MARK = 4;

export function patternOf({ text, anyCase = false }: Literal): Pattern {
  return { text: anyCase && /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, lower) : text, anyCase };
}

function lower(letters: string): string {
  return letters.toLowerCase();
}

export function standsAt({ text, anyCase }: Pattern, bytes: Uint8Array, at: number): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const byte = bytes[at + index] ?? 0;
    if (byte !== code && !(anyCase && isLower(code) && (byte | 0x20) === code)) return false;
  }
  return true;
}
