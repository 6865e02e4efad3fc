// What the engines look up: which bytes may begin a mark, a prefix or a name.

import { acceptedIn, type Accepted } from './buckets.js';
import {
  foldedForSure,
  hashForSure,
  hashOfFour,
  hashOfLongPrefix,
  hashOfPrefix,
  hashOfThree,
  isJoint,
  wordAt,
  wordIn,
} from './layout.js';
import { bytesOf, type Mark } from './pattern.js';

export interface Tables {
  /** What each of 16 buckets accepts; for the vectors only. */
  readonly buckets: readonly Accepted[];
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

export function tablesOf(marks: readonly Mark[], prefixes: readonly string[], names: readonly string[]): Tables {
  const tables = {
    buckets: acceptedIn(marks),
    shorts: new Uint8Array(4_096),
    hasUri: marks.some((mark) => (wordAt(bytesOf(mark), 0) ^ COLON_SLASHES) === 0),
    fours: new Uint8Array(8_192),
    words: new Uint8Array(8_192),
    sure: new Uint8Array(8_192),
    prefixes: new Uint8Array(8_192),
    longPrefixes: new Uint8Array(8_192),
    names: new Uint8Array(8_192),
  };
  for (const mark of marks) addMark(tables, bytesOf(mark));
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
    const word = wordIn(name);
    addBit(tables.names, hashOfFour(word));
    addBit(tables.sure, foldedForSure(word));
  }
  return tables;
}

function addMark({ shorts, fours, sure }: Tables, mark: Uint8Array): void {
  const word = wordAt(mark, 0);
  if (mark.length > 3) {
    addBit(fours, hashOfFour(word));
    addBit(sure, foldedForSure(word));
    return;
  }
  const last = mark.length === 3 ? 1 : 256;
  for (let byte = 0; byte < last; byte++) {
    addBit(shorts, hashOfThree(mark.length === 3 ? word : word | (byte << 16)));
  }
}

/** A mark that some other literal has, too, is none of a word. */
function addWords(words: Uint8Array, marks: readonly Mark[]): void {
  const hashes = new Map<number, boolean>();
  for (const mark of marks) {
    const own = bytesOf(mark);
    const hash = hashOfFour(wordAt(own, 0));
    if (own.length > 3) hashes.set(hash, (hashes.get(hash) ?? true) && mark.isWord === true);
  }
  for (const [hash, isWord] of hashes) if (isWord) addBit(words, hash);
}

function addBit(bits: Uint8Array, hash: number): void {
  bits[hash >> 3] = (bits[hash >> 3] ?? 0) | (1 << (hash & 7));
}
