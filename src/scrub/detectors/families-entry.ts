// The long tables of vendors, one line each, and the stretches of which most of their tokens are made.

import type { Detector } from './detector.js';
import { looksRandom } from './randomness.js';
import type { Part, TokenShape } from './token.js';
import { B62, BASE64, HEX, LOWER, run, token, WORD } from './token.js';

/** The prefixes are written with blanks between them. */
export type Entry = readonly [
  name: string,
  prefixes: string,
  body: readonly Part[],
  source: string,
  more?: Partial<Pick<TokenShape, 'left' | 'accept'>>,
];

export const RANDOM = { accept: looksRandom };

type Stretch = (least: number, most?: number) => readonly Part[];

const of =
  (alphabet: string): Stretch =>
  (least, most = least) => [run(alphabet, least, most)];

export const hex = of(HEX);
export const lower = of(LOWER);
export const b62 = of(B62);
export const word = of(WORD);
/** With the padding of base64url. */
export const padded = of(`${WORD}=`);
/** Either alphabet of base64. */
export const b64 = of(`${BASE64}=_-`);

export function marked(entries: readonly Entry[]): readonly Detector[] {
  return entries.map(([name, prefixes, body, source, more]) =>
    token({ name, prefixes: prefixes.split(' '), body, source, ...more }),
  );
}
