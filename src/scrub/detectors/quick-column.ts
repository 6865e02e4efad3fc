// The same for the names of columns, whose values stand in the rows below them.

import { endOfName, isBreak, isPadding, KINDS, LONGEST_BETWEEN, QUOTE, startOfName } from './quick.js';

const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const BAR = 0x7c;
const CLOSE_BRACE = 0x7d;
const LINE_END = 0x0a;
const BEFORE_COLUMN = [0x09, OPEN_PARENTHESIS, COMMA, COLON, SEMICOLON, OPEN_BRACKET, BAR];
const BEHIND_COLUMN = [0x09, CLOSE_PARENTHESIS, COMMA, SEMICOLON, CLOSE_BRACKET, BAR, CLOSE_BRACE];

/** Whether the name may head a column: others stand beside it, or it is alone in a list that something follows. */
export function isColumn(bytes: Uint8Array, at: number, end: number): boolean {
  let next = endOfName(bytes, end);
  for (const limit = next + LONGEST_BETWEEN; next < limit && isPadding(bytes, next, 1); next++);
  const behind = signAt(bytes, next, 1);
  if (behind === 0) return false;
  const start = startOfName(bytes, at);
  // The letter of an escape belongs to no name.
  let before = bytes[start - 1] === BACKSLASH && isBreak(bytes[start] ?? 0) ? start : start - 1;
  for (const limit = before - LONGEST_BETWEEN; before > limit && isPadding(bytes, before, -1); before--);
  const ahead = before < 0 ? LINE_END : signAt(bytes, before, -1);
  if (ahead === 0) return false;
  // The name of a tool or the like.
  if (ahead === COLON && behind === COMMA && isDescribed(bytes, next)) return false;
  if (isBetween(ahead) || isBetween(behind)) return true;
  return (behind === CLOSE_BRACKET || behind === CLOSE_BRACE) && goesOn(bytes, next + 1);
}

/** The sign at a place, a line end behind its backslash too; 0 for any other byte. */
function signAt(bytes: Uint8Array, at: number, step: number): number {
  const byte = bytes[at] ?? 0;
  const isEscape = step > 0 ? byte === BACKSLASH : isBreak(byte) && bytes[at - 1] === BACKSLASH;
  if (isEscape || byte === LINE_END || byte === 0x0d) return LINE_END;
  return (step > 0 ? BEHIND_COLUMN : BEFORE_COLUMN).includes(byte) ? byte : 0;
}

function isBetween(sign: number): boolean {
  return sign === COMMA || sign === SEMICOLON || sign === BAR || sign === 0x09;
}

/** `"name": "…", "description": "…"` */
function isDescribed(bytes: Uint8Array, comma: number): boolean {
  if (KINDS[bytes[comma - 1] ?? 0] !== QUOTE) return false;
  let at = comma + 1;
  while (at < comma + LONGEST_BETWEEN && isPadding(bytes, at, 1)) at++;
  return KINDS[bytes[at - 1] ?? 0] === QUOTE && DESCRIPTION.every((code, index) => bytes[at + index] === code);
}
const DESCRIPTION = Array.from(Buffer.from('description'));

/** A list or a member of one goes on with a comma or ends with another bracket. */
function goesOn(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + LONGEST_BETWEEN && isPadding(bytes, at, 1)) at++;
  return [COMMA, CLOSE_BRACKET, CLOSE_BRACE].includes(bytes[at] ?? 0);
}
