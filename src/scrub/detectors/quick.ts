// Cheap looks at the raw bytes behind an anchor, before a detector reads the text around it: ordinary text is full of words
// such as "password", and nearly nowhere is anything assigned to them. Sound: false only where no match can be. The bytes may
// be those of JSON, of JSON inside JSON, or of text.

import { isCharacterEscaped } from './views.js';

const LONGEST_REST = 24;
export const LONGEST_BETWEEN = 40;
const LONGEST_NAME = 56;

const EXCLAMATION = 0x21;
const DOLLAR = 0x24;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const PLUS = 0x2b;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const LETTER_V = 0x76;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const BAR = 0x7c;

/** What may stand between a name and the quote of its value. */
const SIGNS = [EQUALS, COLON, 0x22, 0x27, BACKSLASH];

const SPACE = 1;
export const QUOTE = 2;
const ASSIGN = 4;
/** Assigns when a quote stands before it. */
const LIST = 8;

export const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (' \t\r\n'.includes(character)) return SPACE;
  if ('"\'`]'.includes(character)) return QUOTE;
  if ('=:>(|?!+&%<'.includes(character)) return ASSIGN;
  return character === ',' ? LIST : 0;
});

/** Whether something may be assigned to the name that goes on at `end`, or given to it in some other way. */
export function isAssigned(bytes: Uint8Array, at: number, end: number): boolean {
  let next = endOfName(bytes, end);
  let last = 0;
  let quotes = 0;
  let spaces = 0;
  for (const limit = next + LONGEST_BETWEEN; next < limit; next++) {
    const byte = bytes[next] ?? 0;
    if (byte === BACKSLASH) {
      if (isUnit(bytes, next)) return true;
      if (isBreak(bytes[next + 1] ?? 0)) {
        last = SPACE;
        spaces++;
        next++;
      }
      continue;
    }
    const kind = (KINDS[byte] ?? 0) & (SPACE | QUOTE);
    if (kind === 0) break;
    if (kind === QUOTE && last === SPACE) return true;
    if (kind === QUOTE) quotes++;
    else spaces++;
    last = kind;
  }
  const byte = bytes[next] ?? 0;
  const kind = KINDS[byte] ?? 0;
  if (kind === ASSIGN) return mayBeGiven(bytes, next) && !isRepeated(bytes, at, end, next + 1);
  // `define('NAME', …)`, or a member of a list.
  if (kind === LIST) return quotes > 0 && isQuoted(bytes, at);
  if (quotes > 0 && isQuoted(bytes, at) && isMember(bytes, at)) return true;
  if (spaces === 0) return false;
  // Attributes of XML: `name="password" value="x"`.
  return byte === DOLLAR || (byte | 0x20) === LETTER_V || isGivenByName(bytes, at);
}

/** `"name": "DB_PASSWORD"`: whether the name is the value of a member, of which another one has its own value. */
function isMember(bytes: Uint8Array, at: number): boolean {
  let before = startOfName(bytes, at) - 1;
  for (const limit = before - 12; before > limit && isPadding(bytes, before, -1); before--);
  if (bytes[before] !== COLON && bytes[before] !== EQUALS) return false;
  before--;
  for (const limit = before - 12; before > limit && isPadding(bytes, before, -1); before--);
  return ENDS_OF_MEMBER.includes((((bytes[before - 1] ?? 0) | 0x20) << 8) | (bytes[before] ?? 0) | 0x20);
}
/** The last two letters of `name`, `key`, `variable`, `property` and `setting`. */
const ENDS_OF_MEMBER = ['me', 'ey', 'le', 'ty', 'ng'].map((end) => (end.charCodeAt(0) << 8) | end.charCodeAt(1));

/** Whether a quote stands right before the name. */
function isQuoted(bytes: Uint8Array, at: number): boolean {
  return KINDS[bytes[startOfName(bytes, at) - 1] ?? 0] === QUOTE;
}

/** The same for names whose values are never bare words of a program: `password = await x` and `secret: string` are none. */
export function isAssignedValue(bytes: Uint8Array, at: number, end: number): boolean {
  if (!isAssigned(bytes, at, end)) return false;
  const rest = endOfName(bytes, end);
  return !isBareWord(bytes, rest) && !isShortWord(bytes, rest);
}

/** Fewer than eight letters between quotes, behind a sign. */
function isShortWord(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + 24 && (KINDS[bytes[at] ?? 0] === SPACE || SIGNS.includes(bytes[at] ?? 0))) at++;
  const before = bytes[at - 1] ?? 0;
  if (KINDS[before] !== QUOTE || at < from + 2) return false;
  const start = at;
  while (isLetter(bytes[at] ?? 0)) at++;
  return at > start && at < start + 8 && (bytes[at] === before || bytes[at] === BACKSLASH);
}

/** The same for headers: a scheme of authentication is a word, and a space and the token follow it. */
export function isHeader(bytes: Uint8Array, at: number, end: number): boolean {
  const rest = endOfName(bytes, end);
  if (isListed(bytes, rest)) return true;
  return isAssigned(bytes, at, end) && !isBareWord(bytes, rest, false) && !isShortWord(bytes, rest);
}

/** `"set-cookie":["…` */
function isListed(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + 12 && (KINDS[bytes[at] ?? 0] === SPACE || SIGNS.includes(bytes[at] ?? 0))) at++;
  return bytes[at] === OPEN_BRACKET;
}

/** The same for connection strings, which have nothing but `=`. */
export function isSetting(bytes: Uint8Array, at: number, end: number): boolean {
  const rest = endOfName(bytes, end);
  let next = rest;
  while (bytes[next] === 0x20 || bytes[next] === BACKSLASH) next++;
  const isEncoded = bytes[next] === PERCENT || bytes[next] === AMPERSAND || isUnit(bytes, next - 1);
  return isEncoded || (bytes[next] === EQUALS && !isBareWord(bytes, rest) && !isRepeated(bytes, at, end, next + 1));
}

/** The same for a keyword of SQL: a literal in single quotes follows it, over `=`, `(` or `FOR user =`. */
export function isSqlGiven(bytes: Uint8Array, _: number, end: number): boolean {
  let next = end;
  while (next < end + LONGEST_BETWEEN && (KINDS[bytes[next] ?? 0] === SPACE || isLineBreak(bytes, next))) {
    next += bytes[next] === BACKSLASH ? 2 : 1;
  }
  const byte = bytes[next] ?? 0;
  if (byte === BACKSLASH) return isUnit(bytes, next) || isSingleQuote(bytes, next);
  if (byte === 0x27 || byte === DOLLAR || byte === PERCENT || byte === AMPERSAND) return true;
  if (byte === EQUALS || byte === OPEN_PARENTHESIS) return hasSingleQuote(bytes, next + 1);
  // `N'…'`, `U&'…'`, `FOR app = '…'`.
  return next > end && [0x6e, 0x65, 0x75, 0x66].includes(byte | 0x20) && !isLowerWord(bytes, next);
}

/** `= PASSWORD('…')`: over blanks, letters and parentheses. */
function hasSingleQuote(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (
    at < from + 24 &&
    (KINDS[bytes[at] ?? 0] === SPACE ||
      isLetter(bytes[at] ?? 0) ||
      bytes[at] === OPEN_PARENTHESIS ||
      bytes[at] === 0x5f)
  )
    at++;
  return bytes[at] === 0x27 || bytes[at] === BACKSLASH || bytes[at] === PERCENT || bytes[at] === AMPERSAND;
}

/** Behind backslashes. */
function isSingleQuote(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (bytes[at] === BACKSLASH) at++;
  return bytes[at] === 0x27;
}

function isLineBreak(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === BACKSLASH && isBreak(bytes[at + 1] ?? 0);
}

/** Four letters and more, but for `for`. */
function isLowerWord(bytes: Uint8Array, at: number): boolean {
  return [0, 1, 2, 3].every((ahead) => isLetter(bytes[at + ahead] ?? 0));
}

/** `= word `, `: a.word(`: letters alone, behind a space. */
function isBareWord(bytes: Uint8Array, from: number, overSpace = true): boolean {
  let at = from;
  while (at < from + 4 && (bytes[at] === 0x20 || bytes[at] === 0x3d || bytes[at] === COLON)) at++;
  if (bytes[at - 1] !== 0x20) return false;
  const start = at;
  while (at < start + LONGEST_NAME && (isLetter(bytes[at] ?? 0) || bytes[at] === DOT || bytes[at] === 0x5f)) at++;
  const byte = bytes[at] ?? 0;
  if (at === start) return false;
  // `password: string = "x"`
  if (byte === 0x20 && bytes[at + 1] === EQUALS) return false;
  return (overSpace && byte === 0x20) || [SEMICOLON, COMMA, OPEN_PARENTHESIS, CLOSE_PARENTHESIS].includes(byte);
}

function isLetter(byte: number): boolean {
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x7a && byte < 0x80;
}

/** Behind the colon of a member an object, a list or nothing is no value; a call has a literal for its argument. */
function mayBeGiven(bytes: Uint8Array, sign: number): boolean {
  const byte = bytes[sign];
  if (byte === OPEN_PARENTHESIS) return hasLiteral(bytes, sign + 1);
  // `||=`; one alone draws tables.
  if (byte === BAR) return bytes[sign + 1] === BAR;
  // `+=`, `!=`, `?=`, `??=`
  if (byte === PLUS || byte === EXCLAMATION || byte === QUESTION)
    return bytes[sign + 1] === EQUALS || bytes[sign + 1] === QUESTION;
  return byte !== COLON || mayBeValue(bytes, sign + 1);
}

/** `password=password=`: the value begins with the name again, or it is a template. */
function isRepeated(bytes: Uint8Array, at: number, end: number, sign: number): boolean {
  let value = sign;
  while (value < sign + 12 && (KINDS[bytes[value] ?? 0] === SPACE || SIGNS.includes(bytes[value] ?? 0))) value++;
  const [first, second] = [bytes[value] ?? 0, bytes[value + 1] ?? 0];
  if (second === OPEN_BRACE && (first === DOLLAR || first === OPEN_BRACE)) return true;
  for (let index = 0; index < end - at; index++) {
    if (((bytes[at + index] ?? 0) | 0x20) !== ((bytes[value + index] ?? 0) | 0x20)) return false;
  }
  return true;
}

/** A quote, over blanks and the letters that mark strings (`N'…'`). */
function hasLiteral(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + 6 && (KINDS[bytes[at] ?? 0] === SPACE || isLetter(bytes[at] ?? 0) || bytes[at] === 0x40)) at++;
  return KINDS[bytes[at] ?? 0] === QUOTE || bytes[at] === BACKSLASH;
}

function mayBeValue(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + 12 && (KINDS[bytes[at] ?? 0] === SPACE || bytes[at] === BACKSLASH)) at++;
  const byte = bytes[at] ?? 0;
  return byte !== OPEN_BRACE && byte !== OPEN_BRACKET && byte !== COMMA;
}

/** `--password x`, `ENV DB_PASSWORD x`: what a space gives a value to. */
function isGivenByName(bytes: Uint8Array, at: number): boolean {
  const start = startOfName(bytes, at);
  if (bytes[start] === DASH && bytes[start + 1] === DASH) return true;
  return (
    bytes[start - 1] === 0x20 && bytes[start - 2] === 0x56 && bytes[start - 3] === 0x4e && bytes[start - 4] === 0x45
  );
}

const LONGEST_AUTHORITY = 640;

/** Whether an `@` follows `://` before the URI can end, or something that may be one. */
export function hasUser(bytes: Uint8Array, _: number, end: number): boolean {
  for (let at = end; at < end + LONGEST_AUTHORITY; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x40 || (byte === PERCENT && bytes[at + 1] === 0x34)) return true;
    if (byte === BACKSLASH) {
      if (isUnit(bytes, at)) return true;
      if (bytes[at + 1] !== 0x2f && bytes[at + 1] !== BACKSLASH) return false;
    }
    if (byte <= 0x20 || byte === 0x22 || byte === 0x60) return false;
    if (byte === COLON && bytes[at + 1] === 0x2f && bytes[at + 2] === 0x2f) return false;
  }
  return true;
}

/** Whether the name around the anchor is that of a parameter in the query of a URI. */
export function isParameter(bytes: Uint8Array, at: number): boolean {
  const before = bytes[startOfName(bytes, at) - 1];
  return before === QUESTION || before === AMPERSAND || before === SEMICOLON || before === BACKSLASH;
}

/** Whether a space or the end of an escape follows: a keyword of SQL, a command. */
export function isFollowedBySpace(bytes: Uint8Array, _: number, end: number): boolean {
  const next = endOfName(bytes, end);
  const byte = bytes[next] ?? 0;
  return KINDS[byte] === SPACE || byte === BACKSLASH || byte === DOT || byte === PERCENT;
}

const LONGEST_LOGIN = 132;
const LOGIN = [0x6c, 0x6f, 0x67, 0x69, 0x6e];

/** `login USER password x`. */
export function isDirective(bytes: Uint8Array, at: number, end: number): boolean {
  if (!isFollowedBySpace(bytes, at, end)) return false;
  let start = skipBack(bytes, at, isBlank);
  start = skipBack(bytes, start, (byte) => !isBlank(byte));
  start = skipBack(bytes, start, isBlank);
  return LOGIN.every((letter, index) => ((bytes[start - LOGIN.length + index] ?? 0) | 0x20) === letter);
}

function isBlank(byte: number): boolean {
  return byte <= 0x20;
}

function skipBack(bytes: Uint8Array, from: number, belongs: (byte: number) => boolean): number {
  let at = from;
  while (at > 0 && from - at < LONGEST_LOGIN && belongs(bytes[at - 1] ?? 0)) at--;
  return at;
}

const SHORTEST_TOKEN = 12;
/** Longer ones need no digit. */
const LONG_TOKEN = 20;

/** Whether a token may follow over the space that the anchor ends with: a word has no digits. */
export function isFollowedByToken(bytes: Uint8Array, _: number, end: number): boolean {
  let at = end;
  while (bytes[at] === 0x20 && at < end + 2) at++;
  const start = at;
  let digits = 0;
  for (; at < start + LONG_TOKEN; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === PERCENT) return true;
    if (byte === BACKSLASH) {
      if (isCharacterEscaped(bytes, at)) return true;
      break;
    }
    if (byte < 0x21 || byte === 0x22 || byte === 0x27 || byte === COMMA || byte === OPEN_PARENTHESIS || byte > 0x7e)
      break;
    if (byte >= 0x30 && byte <= 0x39) digits++;
  }
  return at - start >= LONG_TOKEN || (digits > 0 && at - start >= SHORTEST_TOKEN);
}

/** Blanks, quotes and the stars of Markdown; and backslashes, but for those of line ends. */
export function isPadding(bytes: Uint8Array, at: number, step: number): boolean {
  const byte = bytes[at] ?? 0;
  if (byte === BACKSLASH) return step < 0 || !isBreak(bytes[at + 1] ?? 0);
  return byte === 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x60 || byte === 0x2a;
}

export function endOfName(bytes: Uint8Array, end: number): number {
  let next = end;
  while (next < end + LONGEST_REST && isNamePart(bytes[next] ?? 0)) next++;
  return next;
}

export function startOfName(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && (isNamePart(bytes[start - 1] ?? 0) || bytes[start - 1] === DOT))
    start--;
  return start;
}

/** A letter, a digit, `_` or `-`. */
export function isNamePart(byte: number): boolean {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a && byte < 0x80) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === DASH
  );
}

/** `\u00` or `\x`: something in ASCII is encoded. */
function isUnit(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] === 0x78) return true;
  return bytes[at + 1] === 0x75 && bytes[at + 2] === 0x30 && bytes[at + 3] === 0x30;
}

export function isBreak(byte: number): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74;
}
