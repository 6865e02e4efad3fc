// What the engines look up: which bytes may begin a mark, a prefix or a name.

import type { Accepted } from './buckets.js';
import {
  foldedForSure,
  hashForSure,
  hashOfFour,
  hashOfLongPrefix,
  hashOfPrefix,
  hashOfThree,
  isJoint,
  wordIn,
} from './layout.js';
import type { Mark } from './pattern.js';

export interface Tables {
  /** For the vectors only. */
  readonly buckets: Accepted;
  /** Bits, by the hash of three bytes, letter case folded away: a mark of no more begins so. */
  readonly shorts: Uint8Array;
  /** `://` is a mark. */
  readonly hasUri: boolean;
  /** Bits, by the hash of four bytes, likewise: a mark of four does. */
  readonly fours: Uint8Array;
  /** Bits, by another hash of four bytes: a mark, a name or a long prefix begins so. */
  readonly sure: Uint8Array;
  /** Bits, by the hash of four bytes: only marks of words begin so. */
  readonly words: Uint8Array;
  /** Bits, by the hash of three bytes as they are. */
  readonly prefixes: Uint8Array;
  /** Bits, by the hash of four bytes as they are. */
  readonly longPrefixes: Uint8Array;
  /** Bits, by the hash of four bytes. */
  readonly names: Uint8Array;
}

const COLON_SLASHES = 0x2f2f3a;

export function tablesOf(
  marks: readonly Mark[],
  buckets: Accepted,
  prefixes: readonly string[],
  names: readonly string[],
): Tables {
  const tables = {
    buckets,
    shorts: new Uint8Array(4_096),
    hasUri: marks.some(({ word }) => word === COLON_SLASHES),
    fours: new Uint8Array(8_192),
    words: new Uint8Array(8_192),
    sure: new Uint8Array(8_192),
    prefixes: new Uint8Array(8_192),
    longPrefixes: new Uint8Array(8_192),
    names: new Uint8Array(8_192),
  };
  for (const mark of marks) addMark(tables, mark);
  addWords(tables.words, marks);
  for (const prefix of prefixes) {
    const start = isJoint(prefix.charCodeAt(0)) ? 1 : 0;
    const word = wordIn(prefix, start);
    if (prefix.length - start > 3) {
      addBit(tables.longPrefixes, hashOfLongPrefix(word));
      addBit(tables.sure, hashForSure(word));
    } else addBit(tables.prefixes, hashOfPrefix(word));
  }
  for (const name of names) {
    const word = wordIn(name, 0);
    addBit(tables.names, hashOfFour(word));
    addBit(tables.sure, foldedForSure(word));
  }
  return tables;
}

function addMark({ shorts, fours, sure }: Tables, { word, size }: Mark): void {
  if (size > 3) {
    addBit(fours, hashOfFour(word));
    addBit(sure, foldedForSure(word));
  } else if (size === 3) addBit(shorts, hashOfThree(word));
  else for (let byte = 0; byte < 256; byte++) addBit(shorts, hashOfThree(word | (byte << 16)));
}

/** A mark that some other literal has, too, is none of a word. */
function addWords(words: Uint8Array, marks: readonly Mark[]): void {
  const long = marks.filter(({ size }) => size > 3);
  const others = new Set(long.filter(({ isWord }) => !isWord).map(({ word }) => hashOfFour(word)));
  for (const { isWord, word } of long) if (isWord && !others.has(hashOfFour(word))) addBit(words, hashOfFour(word));
}

function addBit(bits: Uint8Array, hash: number): void {
  bits[hash >> 3] = (bits[hash >> 3] ?? 0) | (1 << (hash & 7));
}
