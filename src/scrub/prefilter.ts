// A cheap look at a line that decides whether anything else runs at all. Sound: where a matcher or a detector would find
// something, this says yes. A spelling of a value holds a run of its letters and digits as they are, unless something encodes
// one of them; and a shape holds one of the anchors of its detector.

import type { Finder } from './detectors/find.js';
import { hexAnchor } from './hex.js';
import type { Heads, Needle } from './needle.js';
import type { EntryKind } from './scan/layout.js';
import { ENTRY } from './scan/layout.js';
import type { Literal, Scan } from './scan/scan.js';
import { brokenLiterals, encodedLiterals, hasRarities, hexLiterals, loneLiterals, SHORTEST_ANCHOR } from './scan/triggers.js';

export interface Prefilter {
  /** For a line, before anything of it is decoded. */
  line(bytes: Buffer): boolean;
  /** For decoded text: whether a known value may stand in it. */
  text(text: string): boolean;
}

const LONGEST_ANCHOR = 8;
/** As many bytes of a hexadecimal spelling suffice. */
const HEX_ANCHOR = 4;

/** A letter or digit, or a character of no width, behind any of the encodings that a matcher sees through. */
const ENCODED =
  '\\\\(?:u(?:00(?:[2-7aA]|0[0aAdD])|\\{|20[06]|[fF][eE])|x[2-7]|[01][0-7]{2})|%(?:25){0,5}(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])|&(?:amp;){0,5}#|\\0';
const INVISIBLE_TEXT = '[\\u00ad\\u200b-\\u200f\\u2060\\ufeff]';
/** Line breaks inside a value, real or escaped. */
const BREAKS = /(?<!\\)(?:\\{1,63}[rn]|\\{0,63}[\r\n])/;

export interface PrefilterOptions {
  readonly needles: readonly Needle[];
  readonly numbers: readonly string[];
  /** Undefined when no shapes are sought. */
  readonly finder: Finder | undefined;
  /** Its literals are those of the finder, and behind them those of `knownLiterals`. */
  readonly scan: Scan;
  /** How many literals of the scan belong to the finder. */
  readonly shapes: number;
}

/** Says yes to everything when some value has no letter or digit to look for. */
export function createPrefilter({ needles, numbers, finder, scan, shapes }: PrefilterOptions): Prefilter {
  const text = textPrefilter(needles, numbers);
  if (knownLiterals(needles, numbers) === undefined) return { line: () => true, text };
  const hits: Hit[] = [];
  const line = (bytes: Buffer): boolean => {
    hits.length = 0;
    const isKnown = scan.each(bytes, (kind, at, index) => {
      if (kind === ENTRY.literal && index >= shapes) return true;
      if (finder?.isNear(bytes, kind, at, index) === true) hits.push({ kind, at, index });
      return false;
    });
    if (isKnown || (needles.length > 0 && hasRarities(bytes))) return true;
    if (finder === undefined || hits.length === 0) return false;
    return [...hits].some(({ kind, at, index }) => finder.mayHold(bytes, kind, at, index));
  };
  return { line, text };
}

interface Hit {
  readonly kind: EntryKind;
  readonly at: number;
  readonly index: number;
}

/** Undefined when some value leaves nothing that could be looked for. */
export function knownLiterals(needles: readonly Needle[], numbers: readonly string[]): readonly Literal[] | undefined {
  const heads = needles.flatMap((needle) => needle.heads);
  const anchors = anchorsOf(heads, numbers);
  const hex = heads.flatMap(({ bytes }) => bytes);
  if (anchors.some((anchor) => anchor.length < SHORTEST_ANCHOR)) return undefined;
  if (hex.some((head) => head.length < SHORTEST_ANCHOR)) return undefined;
  const literals = [
    ...encodedLiterals(),
    ...(anchors.length === 0 ? [] : loneLiterals()),
    ...anchors.flatMap((anchor) => brokenLiterals(anchor, false)),
    ...hex.flatMap(hexLiterals),
  ];
  return [...new Map(literals.map((one) => [`${String(one.anyCase)}${one.bytes.toString()}`, one])).values()];
}

function textPrefilter(needles: readonly Needle[], numbers: readonly string[]): Prefilter['text'] {
  if (needles.length === 0) return () => false;
  const heads = needles.flatMap((needle) => needle.heads);
  const literals = anchorsOf(heads, numbers);
  if (literals.includes('')) return () => true;
  const encoded = new RegExp(`${ENCODED}|${INVISIBLE_TEXT}`);
  const literal = new RegExp(literals.join('|'));
  const hex = new RegExp(heads.flatMap(hexAnchors).join('|') || '(?!)');
  return (text) =>
    encoded.test(text) ||
    literal.test(text) ||
    hex.test(text) ||
    (BREAKS.test(text) && literal.test(text.replace(ALL_BREAKS, '')));
}
const ALL_BREAKS = new RegExp(BREAKS, 'g');

function anchorsOf(heads: readonly Heads[], numbers: readonly string[]): readonly string[] {
  const anchors = heads.flatMap(({ texts, cores }) => [...texts, ...cores].map(anchorOf));
  return [...new Set([...numbers, ...anchors])];
}

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
