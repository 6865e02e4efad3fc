// Whether a word is only mentioned, and no value is given to it. scripts/scan/scan.as.ts does the same.

const LONGEST_WORD = 60;
const LONGEST_LOGIN = 100;
/** `,`, `;`, `)`: what ends a clause. */
const ENDS = [0x2c, 0x3b, 0x29];
/** `}`, `]` */
const CLOSERS = [0x7d, 0x5d];
const QUOTES = [0x22, 0x27, 0x60, 0x5c];

/**
 * Whether the word around a mark is only mentioned: a space and another word follow it; or it ends a clause or a string and
 * another word stands before it. What a command line gives a value to is none: `--password x`, `ENV PASSWORD x`, `login u
 * password x`; nor what SQL does, `PASSWORD E'x'`, `SET PASSWORD FOR u = 'x'`.
 */
export function isProse(bytes: Uint8Array, mark: number): boolean {
  const at = (place: number): number => bytes[place] ?? 0;
  let end = mark;
  while (end < mark + LONGEST_WORD && isWordPart(at(end))) end++;
  const goesOn = at(end) === 0x20 && isLetter(at(end + 1)) && isWordPart(at(end + 2));
  if (!goesOn && !endsClause(bytes, end)) return false;
  let start = mark;
  while (start > mark - LONGEST_WORD && (isWordPart(at(start - 1)) || at(start - 1) === 0x2e)) start--;
  const follows = at(start - 1) === 0x20 && isLetter(at(start - 2));
  if (at(start) === 0x2d || !(goesOn || follows)) return false;
  const before = textAt(bytes, start - 4, 4);
  return before !== 'ENV ' && before.toLowerCase() !== 'set ' && !(goesOn && isLogin(bytes, start));
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
