// A cheap look at a text that decides whether the matchers run at all. Sound: where a matcher would find something, this
// says yes. A spelling of a value holds a run of its letters and digits as they are, unless something encodes one of them;
// and a shape holds one of the anchors of its detector.

import type { AnchorScan } from './detectors/anchors.js';
import type { UsedLiteral } from './detectors/literals.js';
import { hexAnchor } from './hex.js';
import type { Heads, Needle } from './needle.js';
import type { Literal, LiteralScan } from './scan/literal-scan.js';
import { createLiteralScan } from './scan/literal-scan.js';
import {
  brokenLiterals,
  encodedLiterals,
  hasRarities,
  hexLiterals,
  loneLiterals,
  SHORTEST_ANCHOR,
} from './scan/triggers.js';

export interface Prefilter {
  /** For a line, before anything of it is decoded. */
  line(bytes: Buffer): boolean;
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

/**
 * Says yes to everything when some value has no letter or digit to look for. `mayHold` answers for the shapes, and for the
 * bytes of a line only.
 */
export function createPrefilter(
  needles: readonly Needle[],
  numbers: readonly string[],
  mayHold: MayHold = NEVER,
  shapes: readonly UsedLiteral[] = [],
): Prefilter {
  const known = knownPrefilter(needles, numbers, mayHold !== NEVER);
  const bytes = (raw: string): boolean => known.bytes(raw) || mayHold(raw);
  const literals = knownLiterals(needles, numbers);
  const isBlind = literals === undefined || (mayHold !== NEVER && shapes.length === 0);
  const line = isBlind
    ? (raw: Buffer) => bytes(raw.toString('latin1'))
    : linePrefilter(literals, shapes, known, mayHold);
  return { line, bytes, text: known.text };
}
const NEVER = (): boolean => false;

/**
 * One pass for all literals over the bytes. Only where one stands, somebody looks more closely: for known values in the
 * whole line, for shapes at the anchors.
 */
function linePrefilter(
  known: readonly Literal[],
  shapes: readonly UsedLiteral[],
  closer: KnownPrefilter,
  mayHold: MayHold,
): Prefilter['line'] {
  if (known.length + shapes.length === 0) return NEVER;
  let scan: LiteralScan | undefined;
  return (bytes) => {
    const found = (scan ??= createLiteralScan([...known, ...shapes.map(bytesOf)]));
    let [mayBeKnown, mayBeShape] = [hasRarities(bytes), false];
    found.each(bytes, (_, index) => {
      if (index < known.length) mayBeKnown = true;
      else mayBeShape = true;
      return mayBeKnown && (mayBeShape || shapes.length === 0);
    });
    if (!mayBeKnown && !mayBeShape) return false;
    const raw = bytes.toString('latin1');
    const anchors: AnchorScan = (_, onHit) =>
      found.each(bytes, (at, index) => index >= known.length && onHit(at, index - known.length));
    return (mayBeKnown && closer.bytes(raw)) || (mayBeShape && mayHold(raw, anchors));
  };
}

function bytesOf({ text, anyCase }: UsedLiteral): Literal {
  return { bytes: Buffer.from(text, 'latin1'), anyCase };
}

/** Undefined when some value leaves nothing that could be looked for. */
function knownLiterals(needles: readonly Needle[], numbers: readonly string[]): readonly Literal[] | undefined {
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

/** Whether a shape may stand in the raw bytes of a line; `anchors` are those of its literals that stand there. */
type MayHold = (raw: string, anchors?: AnchorScan) => boolean;

type KnownPrefilter = Pick<Prefilter, 'bytes' | 'text'>;

function knownPrefilter(needles: readonly Needle[], numbers: readonly string[], shapes: boolean): KnownPrefilter {
  const heads = needles.flatMap((needle) => needle.heads);
  const literals = anchorsOf(heads, numbers);
  const encodedBytes = new RegExp(`${ENCODED}|${INVISIBLE_BYTES}`);
  if (needles.length === 0) return { bytes: (raw) => shapes && encodedBytes.test(raw), text: NEVER };
  if (literals.includes('')) return { bytes: () => true, text: () => true };
  const literal = new RegExp(literals.join('|'));
  const hex = new RegExp(heads.flatMap(hexAnchors).join('|') || '(?!)');
  const has = (encoded: RegExp) => (text: string) =>
    encoded.test(text) ||
    literal.test(text) ||
    hex.test(text) ||
    (BREAKS.test(text) && literal.test(text.replace(ALL_BREAKS, '')));
  return {
    bytes: has(encodedBytes),
    text: has(new RegExp(`${ENCODED}|${INVISIBLE_TEXT}`)),
  };
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
