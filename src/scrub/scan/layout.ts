// The memory of the WebAssembly module, as scripts/scan/scan.as.ts has it, the hashes that it computes, and the classes of
// bytes that it goes by.

export const LAYOUT = {
  /** For 3 times 8 buckets and each of four bytes, what they accept: a table of 16 bytes by the low half of the byte. */
  tables: 0,
  /** Where the scan stopped, as a 32-bit number. */
  resume: 240,
  classes: 256,
  /** VALUES. */
  values: 512,
  /** ROWS. */
  rows: 2048,
  /** Not zero when `://` is a mark. */
  hasUri: 244,
  /** By the hash of 3 bytes, one bit: a mark of no more begins so. */
  shorts: 4096,
  /** By the hash of 4 bytes, one bit: some mark begins so. */
  fours: 36_864,
  /** By the hash of 3 bytes as they are, one bit: a prefix of three characters is that. */
  prefixes: 45_056,
  /** By the hash of 4 bytes, one bit: a name begins so. */
  names: 53_248,
  window: 83_200,
  /** The entries: places in the memory, and what stands there in the upper bits. */
  list: 149_504,
  listLength: 16_384,
  /** By the hash of 4 bytes as they are, one bit: a prefix of four characters and more begins so. */
  longPrefixes: 215_040,
  /** By the hash of 4 bytes, one bit: only marks of words begin so. */
  words: 223_232,
  /** By another hash of 4 bytes, one bit: a mark, a name or a prefix of four characters and more begins so. */
  sure: 231_424,
} as const;

/** Bytes that are scanned in one go. */
export const WINDOW = 65_536;
/** What is looked at before the window and behind it. */
export const AROUND = 256;

/** What an entry says. */
export const ENTRY = { literal: 0, prefix: 1, base64: 2, hex: 3, name: 4 } as const;
export type EntryKind = (typeof ENTRY)[keyof typeof ENTRY];

/** Says where something may be, and perhaps of other places: every entry once. Ends when `visit` says true, and says so. */
export type Candidates = (bytes: Uint8Array, visit: (kind: EntryKind, at: number) => boolean) => boolean;

/** Runs of the characters of base64, in either alphabet, are looked at from this length on. */
export const LONG_RUN = 20;

/** `_`, `-` */
export function isJoint(code: number): boolean {
  return code === 0x5f || code === 0x2d;
}

/** Bits of the class of a byte. */
export const CLASS = {
  /** The first, second and third character of a group of base64 that stands for text. */
  groupFirst: 1,
  groupSecond: 2,
  groupThird: 4,
  /** The first hexadecimal digit of printable ASCII. */
  textDigit: 8,
  hexDigit: 16,
  /** A character of base64 in either alphabet. */
  run: 32,
  /** What may stand between a name and its value. */
  between: 64,
  /** Belongs to the authority of a URI, and is neither `:` nor `@`. */
  authority: 128,
} as const;

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const value = BASE64.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
  return (
    (value >= 8 && value < 32 ? CLASS.groupFirst : 0) |
    (value >= 0 && (value & 15) !== 1 && (value & 15) < 8 ? CLASS.groupSecond : 0) |
    (value >= 0 && (value & 3) < 2 ? CLASS.groupThird : 0) |
    ('234567'.includes(character) ? CLASS.textDigit : 0) |
    ('0123456789abcdefABCDEF'.includes(character) ? CLASS.hexDigit : 0) |
    (value >= 0 ? CLASS.run : 0) |
    ('\t\n\v\f\r "\'`\\=:>]'.includes(character) ? CLASS.between : 0) |
    (byte > 0x20 && !'"\'`<>/?#@:[]\\'.includes(character) ? CLASS.authority : 0)
  );
});

/** What a character of base64 stands for, in either alphabet; zero for others. */
export const VALUES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return Math.max(0, BASE64.indexOf(character === '-' ? '+' : character === '_' ? '/' : character));
});

/**
 * The same for 16 bytes at a time. A class is a bit that the column of a byte (its low half) and its row (its high half)
 * have in common: 16 bytes by column, 16 bytes by row, for runs, for groupFirst (3 bits), groupSecond (4) and textDigit, and
 * for groupThird (5) and hexDigit (2).
 */
export const ROWS = Uint8Array.from(
  [
    table([[CLASS.run, [2, 3, 4, 5, 6, 7]]]),
    table([
      [CLASS.groupFirst, [4, 5, 6]],
      [CLASS.groupSecond, [3, 4, 6, 7], [4, 5]],
      [CLASS.textDigit, [3]],
    ]),
    table([
      [CLASS.groupThird, [3, 4, 5, 6, 7]],
      [CLASS.hexDigit, [3, 4], [4, 6]],
    ]),
  ].flat(),
);

/** Each class has a bit for each of its rows; rows that are the same share one. */
function table(classes: readonly (readonly [number, readonly number[], (readonly number[])?])[]): readonly number[] {
  const columns = Array.from({ length: 16 }, () => 0);
  const rows = Array.from({ length: 16 }, () => 0);
  let bit = 1;
  for (const [kind, own, same = []] of classes) {
    for (const row of own) {
      for (const alike of same[0] === row ? same : [row]) rows[alike] = (rows[alike] ?? 0) | bit;
      for (let column = 0; column < 16; column++) {
        if (((CLASSES[row * 16 + column] ?? 0) & kind) !== 0) columns[column] = (columns[column] ?? 0) | bit;
      }
      bit *= 2;
    }
  }
  return [...columns, ...rows];
}

export function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

/** The same as `wordAt`, of a text that has a character for each byte. */
export function wordIn(text: string, at = 0): number {
  // Behind the end there is no number, which counts as zero.
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

/** The first four bytes from a place on; zeros behind the end. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** Of three bytes, letter case folded away; below 32,768. */
export function hashOfThree(word: number): number {
  return Math.imul((word & 0xffffff) | 0x202020, 0x9e3779b1) >>> 17;
}

/** Of four bytes, likewise; below 65,536. */
export function hashOfFour(word: number): number {
  return Math.imul(word | 0x20202020, 0x85ebca6b) >>> 16;
}

/** Another one of four bytes: those of a mark or a name with letter case folded away, those of a prefix as they are. */
export function hashForSure(word: number): number {
  return Math.imul(word, 0xc2b2ae35) >>> 16;
}

/** The same for marks and names. */
export function foldedForSure(word: number): number {
  return hashForSure(word | 0x20202020);
}

/** Of three bytes as they are; below 65,536. */
export function hashOfPrefix(word: number): number {
  return Math.imul(word & 0xffffff, 0x9e3779b1) >>> 16;
}

/** Of four bytes as they are; below 65,536. */
export function hashOfLongPrefix(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 16;
}
