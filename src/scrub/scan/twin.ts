// The engine in plain JavaScript: the same hashes, place by place, and the same look at long runs. scripts/scan/scan.as.ts is
// the other one.

import {
  CLASS,
  CLASSES,
  ENTRY,
  foldedForSure,
  hashForSure,
  hashOfFour,
  hashOfLongPrefix,
  hashOfPrefix,
  hashOfThree,
  isJoint,
  LONG_RUN,
  VALUES,
  wordAt,
  type Candidates,
  type EntryKind,
} from './layout.js';
import { isProse } from './prose.js';
import type { Tables } from './tables.js';

/** `/` and `+` farther behind the beginning of a run are those of base64, and no beginning of anything. */
const NEAR_START = 64;
const LONGEST_NAME = 48;
/** As in JSON in JSON in JSON. */
const LONGEST_GAP = 40;
const FARTHEST_NAME = 160;
const LONGEST_USER = 128;
const LOOK_BACK = 36;
/** `.`, `:`, `!`, `|`. */
const SIGNS = [0x2e, 0x3a, 0x21, 0x7c];
const BACKSLASH = 0x5c;
const LONGEST_ESCAPE = 8;
const COLON_SLASHES = 0x2f2f3a;

type Tell = (kind: EntryKind, at: number) => boolean;

export function createTwin(tables: Tables): Candidates {
  return (bytes, visit) => {
    let run = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (mayBeLiteral(bytes, at, tables) && visit(ENTRY.literal, at)) return true;
      if (lookAtJoined(bytes, at, tables, visit)) return true;
      if (has(bytes, at, CLASS.run)) {
        run++;
        continue;
      }
      if (run >= LONG_RUN && lookAtRun(bytes, at - run, at, tables, visit)) return true;
      run = 0;
    }
    return run >= LONG_RUN && lookAtRun(bytes, bytes.length - run, bytes.length, tables, visit);
  };
}

function has(bytes: Uint8Array, at: number, classes: number): boolean {
  return ((CLASSES[bytes[at] ?? 0] ?? 0) & classes) !== 0;
}

function holds(bits: Uint8Array, hash: number): boolean {
  return (((bits[hash >> 3] ?? 0) >> (hash & 7)) & 1) === 1;
}

function mayBeLiteral(bytes: Uint8Array, at: number, { shorts, hasUri, fours, words, sure }: Tables): boolean {
  const word = wordAt(bytes, at);
  if (holds(shorts, hashOfThree(word)))
    return !(hasUri && (word & 0xffffff) === COLON_SLASHES && !hasUser(bytes, at + 3));
  const four = hashOfFour(word);
  return holds(fours, four) && holds(sure, foldedForSure(word)) && !(holds(words, four) && isProse(bytes, at));
}

/** Whether what stands behind `://` goes on to `:` or `@` before its authority ends. */
function hasUser(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + LONGEST_USER; at++) {
    if (has(bytes, at, CLASS.authority)) continue;
    const byte = bytes[at];
    if (byte === 0x5c) return bytes[at + 1] === 0x75 || bytes[at + 1] === 0x78;
    return byte === 0x3a || byte === 0x40;
  }
  return true;
}

function lookAtRun(bytes: Uint8Array, start: number, end: number, tables: Tables, tell: Tell): boolean {
  const prefixAt = (at: number): boolean => {
    const word = wordAt(bytes, at);
    const isLong = holds(tables.longPrefixes, hashOfLongPrefix(word)) && holds(tables.sure, hashForSure(word));
    return (isLong || holds(tables.prefixes, hashOfPrefix(word))) && tell(ENTRY.prefix, at);
  };
  if (prefixAt(start) || partsOf(bytes, start, end, prefixAt, tell)) return true;
  if (isUuid(bytes, start, end)) return lookBefore(bytes, start, tables, prefixAt, tell);
  const before = bytes[start - 1];
  if (wrappingAt(bytes, start, tell)) return true;
  if (before === 0x22 && isBase64OfUtf8(bytes, start) && tell(ENTRY.base64, start)) return true;
  // The first letters may belong to an escape: `\ntoken`, `\u003dtoken`.
  if (before === BACKSLASH) {
    for (let skip = 1; skip <= 5; skip++) if (prefixAt(start + skip)) return true;
    if (wrappingAt(bytes, start + 4, tell)) return true;
  }
  return lookBefore(bytes, start, tables, prefixAt, tell);
}

/** A run that is too short for itself, and goes on behind an escaped `/`. */
function lookAtJoined(bytes: Uint8Array, escape: number, tables: Tables, tell: Tell): boolean {
  if (backslashes(bytes, escape) === 0) return false;
  let start = escape;
  while (start > escape - LONG_RUN && has(bytes, start - 1, CLASS.run)) start--;
  if (start === escape || start === escape - LONG_RUN) return false;
  // The part behind such a slash was looked at before.
  if (bytes[start - 1] === BACKSLASH && bytes[start] === 0x2f) return false;
  let length = escape - start;
  for (let at = escape; length < LONG_RUN;) {
    const more = backslashes(bytes, at);
    if (more === 0) return false;
    for (at += more; length < LONG_RUN && has(bytes, at, CLASS.run); length++) at++;
  }
  return lookAtRun(bytes, start, escape, tables, tell);
}

/** How many stand before a `/`; 0 when something else follows them. */
function backslashes(bytes: Uint8Array, at: number): number {
  let length = 0;
  while (length < LONGEST_ESCAPE && bytes[at + length] === BACKSLASH) length++;
  return bytes[at + length] === 0x2f ? length : 0;
}

/** RFC 9562 §4. It is no base64 or hexadecimal of text. */
function isUuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 36) return false;
  for (let at = 0; at < 36; at++) {
    const isJointHere = at === 8 || at === 13 || at === 18 || at === 23;
    if (isJointHere ? bytes[start + at] !== 0x2d : !has(bytes, start + at, CLASS.hexDigit)) return false;
  }
  return true;
}

/** What stands before a run. */
function lookBefore(
  bytes: Uint8Array,
  start: number,
  tables: Tables,
  prefixAt: (at: number) => boolean,
  tell: Tell,
): boolean {
  const before = bytes[start - 1] ?? 0;
  if (SIGNS.includes(before) && beforeSign(bytes, start, prefixAt)) return true;
  const isMarked = before === 0x2a || (before === 0x3a && isDigit(bytes[start - 2] ?? 0));
  return (isMarked && tell(ENTRY.prefix, start - 1)) || nameBefore(bytes, start, tables, tell);
}

function partsOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  prefixAt: (at: number) => boolean,
  tell: Tell,
): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (isJoint(byte) && !isJoint(bytes[at + 1] ?? 0) && prefixAt(at + 1)) return true;
    if (!isSlash(byte) || at - start >= NEAR_START) continue;
    if (prefixAt(at + 1) || wrappingAt(bytes, at + 1, tell)) return true;
  }
  return false;
}

function isSlash(byte: number): boolean {
  return byte === 0x2f || byte === 0x2b;
}

/** Base64 and hexadecimal of text, at any place of a group from here on. */
function wrappingAt(bytes: Uint8Array, start: number, tell: Tell): boolean {
  for (let at = start; at < start + 4; at++) if (isBase64OfText(bytes, at) && tell(ENTRY.base64, at)) return true;
  for (let at = start; at < start + 3; at++) if (isHexOfText(bytes, at) && tell(ENTRY.hex, at)) return true;
  return false;
}

function isBase64OfText(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 16; at += 4) {
    if (!has(bytes, at, CLASS.groupFirst) || !has(bytes, at + 1, CLASS.groupSecond)) return false;
    if (!has(bytes, at + 2, CLASS.groupThird)) return false;
  }
  return true;
}

/** Four groups that begin with text in UTF-8, with something in it beyond ASCII. */
function isBase64OfUtf8(bytes: Uint8Array, from: number): boolean {
  let more = 0;
  let isBeyond = false;
  const value = (at: number): number => VALUES[bytes[at] ?? 0] ?? 0;
  for (let at = from; at < from + 16; at += 4) {
    const group = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
    for (const shift of [16, 8, 0]) {
      const byte = (group >> shift) & 0xff;
      if (more > 0 ? (byte & 0xc0) !== 0x80 : byte < 0x09 || (byte >= 0x80 && (byte < 0xc2 || byte > 0xf4)))
        return false;
      if (more > 0) more--;
      else if (byte >= 0x80) {
        more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        isBeyond = true;
      }
    }
  }
  return isBeyond;
}

function isHexOfText(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 16; at += 2) {
    if (!has(bytes, at, CLASS.textDigit) || !has(bytes, at + 1, CLASS.hexDigit)) return false;
  }
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The beginning of a token with a dot or the like in it: `hvs.`, `dp.pt.`. */
function beforeSign(bytes: Uint8Array, start: number, prefixAt: (at: number) => boolean): boolean {
  for (let at = start - 2; at > start - LOOK_BACK; at--) {
    if (bytes[at] !== 0x2e && !has(bytes, at, CLASS.run)) return false;
    const before = bytes[at - 1] ?? 0;
    const isStart = !has(bytes, at - 1, CLASS.run) || isJoint(before) || isSlash(before) || bytes[at - 2] === 0x5c;
    if (isStart && prefixAt(at)) return true;
  }
  return false;
}

/** The name that the run is assigned to: `TWILIO_AUTH_TOKEN="…`, also over `"value": "…`, and with a flag before a space. */
function nameBefore(bytes: Uint8Array, start: number, { names, sure }: Tables, tell: Tell): boolean {
  let isOver = false;
  /** Returns where the name begins, or where it became too long. */
  const lookInName = (last: number): number => {
    let at = last;
    for (const end = last - LONGEST_NAME; at > end && !isOver; at--) {
      if (!has(bytes, at, CLASS.run) && bytes[at] !== 0x2e) break;
      const word = wordAt(bytes, at);
      isOver = holds(names, hashOfFour(word)) && holds(sure, foldedForSure(word)) && tell(ENTRY.name, at);
    }
    return at;
  };
  const end = nameEnd(bytes, start);
  if (end >= 0) {
    const before = lookInName(end);
    if ((wordAt(bytes, end - 3) | 0x20202020) === VALUE_WORD && !isOver) lookInName(skipGap(bytes, before, start));
  } else if (bytes[start - 1] === 0x20 && isFlag(bytes, start - 2)) lookInName(start - 2);
  return isOver;
}
/** `alue`, the end of `value`. */
const VALUE_WORD = 0x65756c61;

/** Where the name ends to which what begins at `start` is assigned; -1 when it is to none. */
function nameEnd(bytes: Uint8Array, start: number): number {
  let at = start - 1;
  let assigned = false;
  for (const end = start - LONGEST_GAP; at > end && isBetween(bytes, at); at--) {
    const byte = bytes[at];
    assigned ||= byte === 0x3d || byte === 0x3a || byte === 0x3e;
  }
  return assigned ? at : -1;
}

function skipGap(bytes: Uint8Array, from: number, start: number): number {
  let at = from;
  for (const end = Math.max(from - LONGEST_GAP, start - FARTHEST_NAME); at > end; at--) {
    if (!isBetween(bytes, at) && bytes[at] !== 0x2c) break;
  }
  return at;
}

function isBetween(bytes: Uint8Array, at: number): boolean {
  if (has(bytes, at, CLASS.between)) return true;
  // The letter of an escape.
  const byte = bytes[at];
  return bytes[at - 1] === 0x5c && (byte === 0x6e || byte === 0x72 || byte === 0x74);
}

/** `--token x` */
function isFlag(bytes: Uint8Array, last: number): boolean {
  let at = last;
  for (const end = last - LONGEST_NAME; at > end && has(bytes, at, CLASS.run); at--);
  return bytes[at + 1] === 0x2d && bytes[at + 2] === 0x2d;
}
