// Finds, in one pass over bytes, all that asks for a closer look: literals; and where a long run of letters, digits, `_` and
// `-` begins, the prefixes of tokens, base64 and hexadecimal of text, and the names to which such a run is assigned. Two
// engines say where something may be, one in WebAssembly and one in JavaScript; what a hit is, is decided here for both.

import { ENTRY, hashOfFour, hashOfPrefix, hashOfThree, isJoint, wordAt, wordIn, type EntryKind } from './layout.js';
import { markAll } from './buckets.js';
import type { Mark } from './pattern.js';
import { standsAt } from './pattern.js';
import type { Slots } from './slots.js';
import { slotOf, slotsOf } from './slots.js';
import { tablesOf } from './tables.js';
import { createTwin } from './twin.js';
import type { Wasm } from './wasm.js';
import { createWasm, platformWasm } from './wasm.js';

export interface Literal {
  /** A character for each byte. */
  readonly text: string;
  /** ASCII letters count in either case. */
  readonly anyCase?: boolean;
  /** Where in it the bytes stand that are looked for first, when what comes before them is frequent. */
  readonly markAt?: number;
  /** A word of every text: no hit where it stands between two others. */
  readonly isWord?: boolean;
}

/** Where the mark of a literal stands, chosen beforehand. */
export interface Placement {
  readonly offset: number;
  readonly bucket: number;
}

export interface ScanOptions {
  /** Two bytes and more each. */
  readonly literals: readonly Literal[];
  /** For the first of the literals; the others are placed when the scan is made. */
  readonly placements?: readonly (Placement | undefined)[];
  /**
   * Beginnings of runs of at least 20 letters, digits, `_` and `-`, or of their parts behind `_` and `-`; in ASCII, three
   * characters and more. One that begins with `_` or `-` stands inside a run. A dot, `:`, `!` or `|` may stand in it or behind
   * it, at most 36 bytes before the run. `*` alone stands before a run, and `:` between a digit and one.
   */
  readonly prefixes?: readonly string[];
  /** What may stand in the name to which such a run is assigned: in lower case, four characters and more. */
  readonly names?: readonly string[];
}

/** `index` is the place in what the scan was made of; 0 for base64 and hexadecimal. True ends the scan. */
export type Visit = (kind: EntryKind, at: number, index: number) => boolean;

export interface Scan {
  readonly engine: 'wasm' | 'javascript';
  /** Every hit, in about the order of the bytes. Ends when `visit` says true, and says so. */
  each(bytes: Uint8Array, visit: Visit): boolean;
}

/** The JavaScript engine serves where WebAssembly or its vectors are missing. Throws a RangeError for what is too short. */
export function createScan(options: ScanOptions, wasm: Wasm | undefined = platformWasm()): Scan {
  const { literals, prefixes = [], names = [], placements = [] } = options;
  if (literals.some(({ text }) => text.length < 2)) throw new RangeError('a literal has two bytes at least');
  const { marks, accepted } = markAll(literals, placements);
  const tables = tablesOf(marks, accepted, prefixes, names);
  const fast = wasm === undefined ? undefined : createWasm(tables, wasm);
  const candidates = fast ?? createTwin(tables);
  const verify = createVerifier(marks, prefixes, names);
  return {
    engine: fast === undefined ? 'javascript' : 'wasm',
    each: (bytes, visit) => candidates(bytes, (kind, at) => verify(bytes, kind, at, visit)),
  };
}

type Verify = (bytes: Uint8Array, kind: EntryKind, at: number, visit: Visit) => boolean;

function createVerifier(marks: readonly Mark[], prefixes: readonly string[], names: readonly string[]): Verify {
  const { long, short } = marksByBytes(marks);
  const byPrefix = slotsOf(prefixes.map((prefix) => hashOfPrefix(wordIn(prefix, beginsWithJoint(prefix) ? 1 : 0))));
  const byName = slotsOf(names.map((name) => hashOfFour(wordIn(name, 0))));
  const star = prefixes.indexOf('*');
  const colon = prefixes.indexOf(':');
  const literalOf = (
    { first, next, indices }: Slots,
    hash: number,
    bytes: Uint8Array,
    at: number,
    visit: Visit,
  ): boolean => {
    for (let entry = first[slotOf(hash)] ?? -1; entry >= 0; entry = next[entry] ?? -1) {
      const index = indices[entry] ?? 0;
      const mark = marks[index];
      if (mark === undefined) continue;
      const start = at - mark.offset;
      if (standsAt(mark.pattern, bytes, start) && visit(ENTRY.literal, start, index)) return true;
    }
    return false;
  };
  const literal = (bytes: Uint8Array, at: number, visit: Visit): boolean => {
    const word = wordAt(bytes, at);
    return literalOf(long, hashOfFour(word), bytes, at, visit) || literalOf(short, hashOfThree(word), bytes, at, visit);
  };
  const prefix = (bytes: Uint8Array, at: number, visit: Visit): boolean => {
    if (bytes[at] === 0x2a) return star >= 0 && visit(ENTRY.prefix, at, star);
    if (bytes[at] === 0x3a) return colon >= 0 && visit(ENTRY.prefix, at, colon);
    const slot = slotOf(hashOfPrefix(wordAt(bytes, at)));
    for (let index = byPrefix.first[slot] ?? -1; index >= 0; index = byPrefix.next[index] ?? -1) {
      const own = prefixes[index] ?? '';
      const start = beginsWithJoint(own) ? at - 1 : at;
      if (isAt(bytes, start, own, 0) && visit(ENTRY.prefix, start, index)) return true;
    }
    return false;
  };
  const name = (bytes: Uint8Array, at: number, visit: Visit): boolean => {
    const slot = slotOf(hashOfFour(wordAt(bytes, at)));
    for (let index = byName.first[slot] ?? -1; index >= 0; index = byName.next[index] ?? -1) {
      if (isAt(bytes, at, names[index] ?? '', 0x20) && visit(ENTRY.name, at, index)) return true;
    }
    return false;
  };
  return (bytes, kind, at, visit) => {
    if (kind === ENTRY.literal) return literal(bytes, at, visit);
    if (kind === ENTRY.prefix) return prefix(bytes, at, visit);
    return kind === ENTRY.name ? name(bytes, at, visit) : visit(kind, at, 0);
  };
}

function beginsWithJoint(prefix: string): boolean {
  return isJoint(prefix.charCodeAt(0));
}

/** The marks by the hash of four bytes, and those that are shorter by that of three. */
function marksByBytes(marks: readonly Mark[]): { readonly long: Slots; readonly short: Slots } {
  const long: { readonly hashes: number[]; readonly indices: number[] } = { hashes: [], indices: [] };
  const short: typeof long = { hashes: [], indices: [] };
  for (const [index, { word, size }] of marks.entries()) {
    const hashes = size > 3 ? [hashOfFour(word)] : size === 3 ? [hashOfThree(word)] : hashesOfTwo(word);
    const those = size > 3 ? long : short;
    for (const hash of hashes) {
      those.hashes.push(hash);
      those.indices.push(index);
    }
  }
  return { long: slotsOf(long.hashes, long.indices), short: slotsOf(short.hashes, short.indices) };
}

/** A mark of two bytes may have any third one behind it; no slot twice. */
function hashesOfTwo(word: number): readonly number[] {
  return [...new Set(Array.from({ length: 256 }, (_, third) => slotOf(hashOfThree(word | (third << 16)))))];
}

/** `fold` is set in the bytes, and in those that are looked for, before they are compared. */
function isAt(bytes: Uint8Array, at: number, own: string, fold: number): boolean {
  if (at < 0 || at + own.length > bytes.length) return false;
  for (let index = 0; index < own.length; index++) {
    if (((bytes[at + index] ?? 0) | fold) !== (own.charCodeAt(index) | fold)) return false;
  }
  return true;
}
