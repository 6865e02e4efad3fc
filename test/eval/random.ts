// Everything the evaluation feeds to the scrubber comes from one fixed start value: a run can be repeated bit by bit.

/** Printed with every report. */
export const SEED = 0x5ec2e7;

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';

/** As the vendors name them: w is base64url, b32 that of RFC 4648, bech that of age, crypt that of crypt(3). */
export const ALPHABETS = {
  d: DIGITS,
  a: LOWER,
  A: LOWER + UPPER,
  l: LOWER + DIGITS,
  up: UPPER + DIGITS,
  b32: `${UPPER}234567`,
  b62: DIGITS + LOWER + UPPER,
  w: `${DIGITS}${LOWER}${UPPER}_-`,
  wd: `${DIGITS}${LOWER}${UPPER}_`,
  wde: `${DIGITS}${LOWER}${UPPER}_=.-`,
  ad: `${DIGITS}${LOWER}${UPPER}_~.-`,
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  b64: `${DIGITS}${LOWER}${UPPER}+/`,
  crypt: `${DIGITS}${LOWER}${UPPER}./`,
  bech: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  punct: `${DIGITS}${LOWER}${UPPER}!#^*-_.,~`,
} as const;

export type Alphabet = keyof typeof ALPHABETS;

export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  text(alphabet: Alphabet, least: number, most?: number): string;
  bytes(length: number): Buffer;
}

/** mulberry32 (public domain): small, and the same everywhere. `salt` keeps the sets apart. */
export function createRandom(salt: string): Random {
  let state =
    Array.from(salt).reduce((sum, character) => Math.imul(sum, 31) + (character.codePointAt(0) ?? 0), SEED) | 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const between = (least: number, most: number): number => least + below(most - least + 1);
  return {
    below,
    between,
    pick: (list) => {
      const item = list[below(list.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    text: (alphabet, least, most = least) => {
      const letters = ALPHABETS[alphabet];
      return Array.from({ length: between(least, most) }, () => letters.charAt(below(letters.length))).join('');
    },
    bytes: (length) => Buffer.from(Uint8Array.from({ length }, () => below(256))),
  };
}
