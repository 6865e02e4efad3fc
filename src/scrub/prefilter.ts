// A cheap look at a text that decides whether the matchers run at all. Sound: where a matcher would find something, this
// says yes. A spelling of a value holds a run of its letters and digits as they are, unless something encodes one of them.

import { hexAnchor } from './hex.js';
import type { Heads, Needle } from './needle.js';

export interface Prefilter {
  /** For the raw bytes of a line, read as latin1. */
  bytes(text: string): boolean;
  /** For decoded text. */
  text(text: string): boolean;
}

const LONGEST_ANCHOR = 8;
/** As many bytes of a hexadecimal spelling suffice. */
const HEX_ANCHOR = 4;

/** A letter or digit, or a character of no width, behind any of the encodings that a matcher sees through. */
const ENCODED =
  '\\\\(?:u(?:00(?:[2-7aA]|0[0aAdD])|\\{|20[06]|[fF][eE])|x[2-7]|[01][0-7]{2})|%(?:25){0,5}(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])|&(?:amp;){0,5}#|\\0';
const INVISIBLE_BYTES = '\\xc2\\xad|\\xe2\\x80[\\x8b-\\x8f]|\\xe2\\x81\\xa0|\\xef\\xbb\\xbf';
const INVISIBLE_TEXT = '[\\u00ad\\u200b-\\u200f\\u2060\\ufeff]';
/** Line breaks inside a value, real or escaped. */
const BREAKS = /(?<!\\)(?:\\{1,63}[rn]|\\{0,63}[\r\n])/;

/** Says yes to everything when some value has no letter or digit to look for. */
export function createPrefilter(needles: readonly Needle[], numbers: readonly string[]): Prefilter {
  const heads = needles.flatMap((needle) => needle.heads);
  const literals = [...numbers, ...heads.flatMap(({ texts, cores }) => [...texts, ...cores].map(anchorOf))];
  if (needles.length === 0) return { bytes: () => false, text: () => false };
  if (literals.includes('')) return { bytes: () => true, text: () => true };
  const literal = new RegExp([...new Set(literals)].join('|'));
  const hex = new RegExp(heads.flatMap(hexAnchors).join('|') || '(?!)');
  const has = (encoded: RegExp) => (text: string) =>
    encoded.test(text) ||
    literal.test(text) ||
    hex.test(text) ||
    (BREAKS.test(text) && literal.test(text.replace(ALL_BREAKS, '')));
  return {
    bytes: has(new RegExp(`${ENCODED}|${INVISIBLE_BYTES}`)),
    text: has(new RegExp(`${ENCODED}|${INVISIBLE_TEXT}`)),
  };
}
const ALL_BREAKS = new RegExp(BREAKS, 'g');

/**
 * A run of ASCII letters and digits, at most 8 of them: a long one, and rather a random one than a word. It begins with
 * neither `n` nor `r`, for those behind a backslash look like a line break and would be taken out.
 */
function anchorOf(text: string): string {
  const runs = (text.match(/[A-Za-z0-9]+/g) ?? []).map((run) => run.replace(/^[nr]+/, '').slice(0, LONGEST_ANCHOR));
  return runs.reduce((best, run) => (rarityOf(run) > rarityOf(best) ? run : best), '');
}

function rarityOf(run: string): number {
  return run.length + (/[0-9]/.test(run) ? 3 : 0) + (/[a-z]/.test(run) && /[A-Z]/.test(run) ? 3 : 0);
}

function hexAnchors({ bytes }: Heads): readonly string[] {
  return bytes.map((head) => hexAnchor(head.subarray(0, HEX_ANCHOR)));
}
