// Whether a word is only mentioned, and no value is given to it. scripts/scan/scan.as.ts does the same.

const LONGEST_WORD = 60;
const LONGEST_LOGIN = 100;
/** `,`, `;`, `)`: what ends a clause. */
const ENDS = [0x2c, 0x3b, 0x29];
/** `}`, `]` */
const CLOSERS = [0x7d, 0x5d];
const QUOTES = [0x22, 0x27, 0x60, 0x5c];

/**
 * Whether the word around a mark is only mentioned: what follows gives it no value; a space and another word follow it; or it
 * ends a clause or a string and another word stands before it. What a command line gives a value to is none: `--password x`, `ENV PASSWORD x`, `login u
 * password x`; nor what SQL does, `PASSWORD E'x'`, `SET PASSWORD FOR u = 'x'`.
 */
export function isProse(bytes: Uint8Array, mark: number): boolean {
  const at = (place: number): number => bytes[place] ?? 0;
  let end = mark;
  while (end < mark + LONGEST_WORD && isWordPart(at(end))) end++;
  if (isGivenNothing(bytes, end)) return true;
  const goesOn = at(end) === 0x20 && isText(at(end + 1)) && (isWordPart(at(end + 2)) || at(end + 2) >= 0x80);
  if (!goesOn && !endsClause(bytes, end)) return false;
  let start = mark;
  while (start > mark - LONGEST_WORD && (isWordPart(at(start - 1)) || at(start - 1) === 0x2e)) start--;
  // `(!x.password)`
  if (at(end) === 0x29 && (at(start - 1) === 0x28 || at(start - 1) === 0x21)) return true;
  const follows = at(start - 1) === 0x20 && isLetter(at(start - 2));
  if (at(start) === 0x2d || !(goesOn || follows)) return false;
  const before = textAt(bytes, start - 4, 4);
  return before !== 'ENV ' && before.toLowerCase() !== 'set ' && !(goesOn && isLogin(bytes, start));
}

/** `#`, `/`, `@`, `[`, `^`, `{`, `~`: behind a name they give it no value. */
const BEHIND = [0x23, 0x2f, 0x40, 0x5b, 0x5e, 0x7b, 0x7e];

/** Whether what follows the word says that no value is given to it: `.x`, `(x)`, `: {`, `: word,`, `"]` at the end of a line. */
function isGivenNothing(bytes: Uint8Array, end: number): boolean {
  const byte = bytes[end] ?? 0;
  if (BEHIND.includes(byte)) return true;
  if (byte === 0x2e) return bytes[end + 1] !== 0x3d;
  if (byte === 0x28) return !opensLiteral(bytes, end + 1);
  let at = end;
  while (at < end + LONGEST_QUOTE && QUOTES.includes(bytes[at] ?? 0)) at++;
  if (bytes[at] === 0x5d && at > end)
    return bytes[at + 1] === 0x0a || (bytes[at + 1] === 0x5c && bytes[at + 2] === 0x6e);
  if (bytes[at] !== 0x3a) return false;
  at++;
  const isSpaced = bytes[at] === 0x20;
  while (at < end + LONGEST_QUOTE && bytes[at] === 0x20) at++;
  return bytes[at] === 0x7b || (isSpaced && isBareWord(bytes, at));
}
const LONGEST_QUOTE = 12;

/** A quote, or what may encode one, over letters, blanks and parentheses. */
function opensLiteral(bytes: Uint8Array, from: number): boolean {
  let at = from;
  for (; at < from + LONGEST_CALL; at++) {
    const byte = bytes[at] ?? 0;
    if (!isLetter(byte) && byte !== 0x20 && byte !== 0x28 && byte !== 0x40 && byte !== 0x5f) break;
  }
  const byte = bytes[at] ?? 0;
  return at === from + LONGEST_CALL || QUOTES.includes(byte) || byte === 0x25 || byte === 0x26 || byte === 0;
}
const LONGEST_CALL = 24;

/** Letters, dots and `_` before `(`, `)`, `,` or `;`. */
function isBareWord(bytes: Uint8Array, from: number): boolean {
  let at = from;
  for (; at < from + LONGEST_WORD; at++) {
    const byte = bytes[at] ?? 0;
    if (!isLetter(byte) && byte !== 0x2e && byte !== 0x5f) break;
  }
  const byte = bytes[at] ?? 0;
  return at > from && (byte === 0x28 || byte === 0x29 || byte === 0x2c || byte === 0x3b);
}

/** A letter, also beyond ASCII: but nothing that may be a character of no width. */
function isText(byte: number): boolean {
  return isLetter(byte) || (byte > 0xc2 && byte !== 0xe2 && byte !== 0xef);
}

/** `.`, `,`, `;` or `)`; or a quote with such a sign behind it. */
function endsClause(bytes: Uint8Array, end: number): boolean {
  let at = end;
  while (at < end + 8 && QUOTES.includes(bytes[at] ?? 0)) at++;
  const byte = bytes[at] ?? 0;
  if (ENDS.includes(byte)) return true;
  return at === end ? byte === 0x2e : CLOSERS.includes(byte);
}

/** `login USER password x`. */
function isLogin(bytes: Uint8Array, start: number): boolean {
  const limit = start - LONGEST_LOGIN;
  let at = start - 1;
  while (at > limit && bytes[at] === 0x20) at--;
  while (at > limit && (bytes[at] ?? 0) > 0x20) at--;
  while (at > limit && bytes[at] === 0x20) at--;
  return textAt(bytes, at - 4, 5).toLowerCase() === 'login';
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(Math.max(0, at), Math.max(0, at + length)));
}

function isWordPart(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || byte === 0x2d;
}

function isLetter(byte: number): boolean {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a && byte < 0x80;
}
