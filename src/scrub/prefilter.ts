// A cheap look at a line that decides whether anything else runs at all, and where. Sound: where a matcher or a detector
// would find something, this has seen a trace of it. One pass over the bytes finds all candidates; the few that ordinary text
// has are looked at more closely then.

import { decimalAnchor } from './decimal.js';
import { edgesOf, fieldAt, FIELDS, isCut, textInField } from './blind-spots.js';
import type { Finder, Holds } from './detectors/find.js';
import { createFinder } from './detectors/find.js';
import type { Anchors } from './detectors/literals.js';
import { hexAnchor } from './hex.js';
import { knownAnchors, knownLiterals } from './known-literals.js';
import type { Heads, Needle } from './needle.js';
import { once } from './once.js';
import type { EntryKind } from './scan/layout.js';
import { ENTRY } from './scan/layout.js';
import { placementOf } from './scan/placement.js';
import { createScan } from './scan/scan.js';
import type { Trigger } from './scan/triggers.js';
import { encodedLiterals, hasRareControls, hasRarities, percentLiterals } from './scan/triggers.js';

export interface Traces {
  /** Where in the bytes traces of known values stand, in ascending order. */
  readonly known: readonly number[];
  /** The same for shapes: inside the string that may hold one, or inside the name before it. */
  readonly shapes: readonly number[];
  /** Likewise, but what may be there is in another string, as the values below the name of a column are. */
  readonly across: readonly number[];
  /** Something may be anywhere. */
  readonly anywhere: boolean;
  /** A value may be cut in two by the ends of strings. */
  readonly isCut: boolean;
  /** The bytes of a value may be the numbers of a list. */
  readonly isList: boolean;
}

export interface Prefilter {
  /** For a line, before anything of it is decoded; undefined where nothing can be found in it. */
  look(bytes: Buffer): Traces | undefined;
  line(bytes: Buffer): boolean;
  /** For whole lines, each with its newline: whether something may be in one of them, or over the end of one. */
  lines(bytes: Buffer): boolean;
  /** For decoded text: whether a known value may stand in it. */
  text(text: string): boolean;
}

/** Base64 in base64 is opened as often. */
const DEEPEST = 3;
/** As many bytes of a hexadecimal spelling suffice. */
const HEX_ANCHOR = 4;

const EVERYWHERE: Traces = { known: [], shapes: [], across: [], anywhere: true, isCut: true, isList: true };

interface Made {
  readonly prefilter: Prefilter;
  /** Undefined when there are no detectors. */
  readonly finder: Finder | undefined;
}

/** Looks at everything when some value has no letter or digit to look for. */
export function createPrefilter(needles: readonly Needle[], numbers: readonly string[], anchors: Anchors): Made {
  const hasShapes = anchors.literals.length + anchors.prefixes.length + anchors.names.length > 0;
  const own = knownLiterals(needles, numbers);
  const triggers = needles.length > 0 || hasShapes ? encodedLiterals() : [];
  const encoded = triggers.length;
  const known: readonly Trigger[] = [...triggers, ...(own ?? [])];
  const edges = edgesOf(needles);
  const fields = needles.length > 0 || hasShapes ? FIELDS : [];
  const percents = hasShapes ? percentLiterals() : [];
  const first = { known: anchors.literals.length, edges: 0, fields: 0, percents: 0 };
  first.edges = first.known + known.length;
  first.fields = first.edges + edges.length;
  first.percents = first.fields + fields.length;
  const literals = [...anchors.literals, ...known, ...edges, ...fields, ...percents];
  const scan = createScan({
    literals,
    placements: literals.map(placementOf),
    prefixes: anchors.prefixes,
    names: anchors.names,
  });
  const finder = hasShapes ? createFinder(anchors, scan) : undefined;

  const look = (bytes: Buffer, depth: number, isMany = false): Traces | undefined => {
    const ownPlaces: number[] = [];
    const places: number[] = [];
    const across: number[] = [];
    const hits: Hit[] = [];
    let cut = false;
    let list = false;
    scan.each(bytes, (kind, at, index) => {
      if (kind === ENTRY.literal && index >= first.known) {
        const edge = edges[index - first.edges];
        if (index < first.edges) {
          const trigger = known[index - first.known];
          if (trigger?.mayBe?.(bytes, at) !== false) {
            ownPlaces.push(at);
            list ||= trigger?.isList === true;
            // Of an encoded letter or digit nobody knows what it belongs to.
            if (index < first.known + encoded && hasShapes) places.push(at);
          }
        } else if (index >= first.percents) hits.push({ kind: PERCENT, at, index });
        else if (edge === undefined) hits.push({ kind: FIELD, at, index });
        else cut ||= isCut(bytes, at, edge);
      } else if (kind === ENTRY.base64 ? depth < DEEPEST : finder?.isNear(bytes, kind, at, index) === true)
        hits.push({ kind, at, index });
      return false;
    });
    let seenUntil = 0;
    let decoded: { readonly until: number; readonly holding: Holds } = { until: 0, holding: 'nothing' };
    const encodedAt = (at: number): Holds => {
      if (at >= decoded.until) {
        const holding = finder?.holdsEncoded(bytes, at) === true ? 'inside' : 'nothing';
        decoded = { until: at + DECODED_STEP, holding };
      }
      return decoded.holding;
    };
    for (const { kind, at, index } of hits) {
      if (at < seenUntil || places.at(-1) === at) continue;
      const holding = kind === PERCENT ? encodedAt(at) : holds(bytes, kind, at, index, depth);
      if (holding === 'inside') {
        places.push(at);
        // All of the string is read then. What it ends with may be a name whose value stands in another one.
        seenUntil = stringEnd(bytes, at) - NEAR_END;
      } else if (holding === 'across') across.push(at);
    }
    const anywhere = needles.length > 0 && !isMany && hasRarities(bytes);
    if (ownPlaces.length + places.length + across.length === 0 && !cut && !anywhere) return undefined;
    return { known: ascending(ownPlaces), shapes: ascending(places), across, anywhere, isCut: cut, isList: list };
  };
  const holds = (
    bytes: Buffer,
    kind: Exclude<Hit['kind'], typeof PERCENT>,
    at: number,
    index: number,
    depth: number,
  ): Holds => {
    if (kind === FIELD || kind === ENTRY.base64) {
      const inner = textInField(bytes, kind === FIELD ? fieldAt(bytes, at) : at);
      if (inner !== undefined && look(inner, depth + 1) !== undefined) return 'inside';
    }
    return kind === FIELD || finder === undefined ? 'nothing' : finder.mayHold(bytes, kind, at, index);
  };
  const isBlind = own === undefined;
  const lookAll = (bytes: Buffer): Traces | undefined => (isBlind ? EVERYWHERE : look(bytes, 0));
  return {
    finder,
    prefilter: {
      look: lookAll,
      line: (bytes) => lookAll(bytes) !== undefined,
      lines: (bytes) => isBlind || (needles.length > 0 && hasRareControls(bytes)) || look(bytes, 0, true) !== undefined,
      text: textPrefilter(needles, numbers),
    },
  };
}

/** Where the string of JSON around a place ends, or the bytes do. */
function stringEnd(bytes: Buffer, at: number): number {
  for (let quote = bytes.indexOf(QUOTE, at); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let start = quote;
    while (bytes[start - 1] === BACKSLASH) start--;
    if ((quote - start) % 2 === 0) return quote;
  }
  return bytes.length;
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEAR_END = 128;

function ascending(places: readonly number[]): readonly number[] {
  return places.toSorted((one, other) => one - other);
}

/** A member or a URI that may hold base64. */
const FIELD = 99;
/** A sign that is percent-encoded. */
const PERCENT = 98;
/** So far behind one of these the same look holds for the others. */
const DECODED_STEP = 1_024;

interface Hit {
  readonly kind: EntryKind | typeof FIELD | typeof PERCENT;
  readonly at: number;
  readonly index: number;
}

// Decoded text

/** A letter or digit, or a character of no width, behind any of the encodings that a matcher sees through. */
const ENCODED =
  '\\\\(?:u(?:00(?:[2-7aA]|0[0aAdD])|\\{|20[06]|[fF][eE])|x[2-7]|[01][0-7]{2})|%(?:25){0,5}(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])|&(?:amp;){0,5}#|\\0';
const INVISIBLE = '[\\u00ad\\u200b-\\u200f\\u2060\\ufeff]';
/** Line breaks inside a value, real or escaped. */
const BREAKS = /(?<!\\)(?:\\{1,63}[rn]|\\{0,63}[\r\n])/;
const ALL_BREAKS = new RegExp(BREAKS, 'g');

function textPrefilter(needles: readonly Needle[], numbers: readonly string[]): Prefilter['text'] {
  if (needles.length === 0) return () => false;
  const heads = needles.flatMap((needle) => needle.heads);
  const literals = knownAnchors(heads, numbers);
  if (literals.includes('')) return () => true;
  const patterns = once(() => ({
    encoded: new RegExp(`${ENCODED}|${INVISIBLE}`),
    literal: new RegExp(literals.join('|')),
    hex: new RegExp(heads.flatMap(hexAnchors).join('|') || '(?!)'),
    list: new RegExp(heads.flatMap(({ lists }) => lists.map(decimalAnchor)).join('|') || '(?!)'),
  }));
  return (text) => {
    const { encoded, literal, hex, list } = patterns();
    return (
      encoded.test(text) ||
      literal.test(text) ||
      hex.test(text) ||
      list.test(text) ||
      (BREAKS.test(text) && literal.test(text.replace(ALL_BREAKS, '')))
    );
  };
}

function hexAnchors({ bytes, tails }: Heads): readonly string[] {
  return [...bytes, ...tails].map((head) => hexAnchor(head.subarray(0, HEX_ANCHOR)));
}
