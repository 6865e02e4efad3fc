// All detectors on one text: a single pass for all their anchors, a detector only where an anchor of its own stands, and
// other readings of the text only where an encoded anchor stands.

import type { Range } from '../sequence.js';
import type { Form } from '../needle.js';
import type { AnchorScan } from './anchors.js';
import { createAnchorScan } from './anchors.js';
import type { Detector } from './detector.js';
import type { Use } from './literals.js';
import { literalsOf } from './literals.js';
import { insideMask } from './masked.js';
import type { View, Wrapped } from './views.js';
import { base64At, hexAt, withoutEscapes } from './views.js';

export interface Found extends Range {
  readonly name: string;
  readonly form: Form;
  /** The credential as it reads without its wrapping. */
  readonly credential: string;
}

export interface Finder {
  /** In decoded text, in the order in which they were found; they may overlap. */
  detect(text: string): readonly Found[];
  /**
   * Whether `detect` may find something in the strings of this line, whose bytes are read as latin1; escaped letters,
   * digits and characters of no width aside, which the prefilter looks for itself. `anchors` may find them faster.
   */
  mayHold(raw: string, anchors?: AnchorScan): boolean;
}

const DEEPEST = 3;
const MAY_BE_ESCAPED = /[\\%&\0\u00ad\u200b-\u200f\u2060\ufeff]/;

export function createFinder(detectors: readonly Detector[]): Finder {
  const literals = literalsOf(detectors);
  const scan = createAnchorScan(literals);
  const detect = (text: string, depth: number): readonly Found[] => {
    const found: Found[] = [];
    const until = new Map<Detector, number>();
    const seen = { base64: [0, 0, 0, 0], hex: 0 };
    scan(text, (at, id) => {
      const literal = literals[id];
      for (const use of literal?.uses ?? []) {
        if (use.kind === 'detector') findAt(text, at, literal?.text ?? '', use.detector, until, found);
        else if (use.kind !== 'escaped' && depth < DEEPEST)
          found.push(...unwrapped(text, at, use, seen, (inner) => detect(inner, depth + 1)));
      }
      return false;
    });
    if (depth < DEEPEST && MAY_BE_ESCAPED.test(text)) {
      const view = withoutEscapes(text);
      if (view !== undefined) found.push(...translated(detect(view.text, depth + 1), view));
    }
    return found;
  };
  const inner = (text: string): readonly Found[] => detect(text, 1);
  return {
    detect: (text) => detect(text, 0),
    mayHold(raw, anchors = scan) {
      const seen: Seen = { base64: [0, 0, 0, 0], hex: 0 };
      const goesOn = escapeFinder(raw);
      return anchors(raw, (at, id) =>
        (literals[id]?.uses ?? []).some((use) => {
          if (use.kind === 'escaped') return true;
          if (use.kind !== 'detector') return mayBeWrapped(raw, at, use, seen, inner);
          const { plain, find } = use.detector;
          return plain !== true || find(raw, at, literals[id]?.text ?? '') !== undefined || goesOn(at);
        }),
      );
    },
  };
}

/** What a detector has found already is not searched again by it. */
function findAt(
  text: string,
  at: number,
  anchor: string,
  detector: Detector,
  until: Map<Detector, number>,
  found: Found[],
): void {
  if (at < (until.get(detector) ?? 0)) return;
  const ranges = detector.find(text, at, anchor);
  if (ranges === undefined) return;
  for (const { start, end } of 'start' in ranges ? [ranges] : ranges) {
    if (end <= start || insideMask(text, { start, end })) continue;
    until.set(detector, end);
    found.push({ start, end, name: detector.name, form: 'characters', credential: text.slice(start, end) });
  }
}

type Wrapping = Exclude<Use, { kind: 'detector' | 'escaped' }>;

interface Seen {
  /** How far base64 has been decoded, by the place in its groups of four; and hexadecimal. */
  readonly base64: number[];
  hex: number;
}

function unwrapped(
  text: string,
  at: number,
  use: Wrapping,
  seen: Seen,
  detect: (text: string) => readonly Found[],
): readonly Found[] {
  const phase = use.kind === 'base64' ? (((at - use.skip) % 4) + 4) % 4 : 0;
  if (at < (use.kind === 'base64' ? (seen.base64[phase] ?? 0) : seen.hex)) return [];
  const wrapped = use.kind === 'base64' ? base64At(text, at, use.skip) : hexAt(text, at);
  if (wrapped === undefined) return [];
  // The last of it may be cut in two: what begins there is looked at again.
  const next = wrapped.seen < wrapped.end ? wrapped.seen - REPEATED : wrapped.seen;
  if (use.kind === 'base64') seen.base64[phase] = next;
  else seen.hex = next;
  return wholeRuns(detect(wrapped.text), text, wrapped, use.kind);
}
const REPEATED = 6_144;

/** In running text the whole run goes; in a field that is nothing but one run, the part that holds the credential. */
function wholeRuns(found: readonly Found[], text: string, wrapped: Wrapped, form: Form): readonly Found[] {
  const isField = wrapped.start === 0 && wrapped.end === text.length;
  return found.map(({ name, credential, start, end }) =>
    isField
      ? { name, credential, form, start: wrapped.origin(start), end: roundedUp(wrapped, end) }
      : { name, credential, form, start: wrapped.start, end: wrapped.end },
  );
}

function roundedUp(wrapped: Wrapped, end: number): number {
  return Math.min(wrapped.end, wrapped.origin(end) + 1);
}

function translated(found: readonly Found[], view: View): readonly Found[] {
  return found.map((one) => ({ ...one, start: view.origin(one.start), end: view.origin(one.end) }));
}

/** Whether what looks too short for a token in the raw bytes goes on behind an escape. Each run is looked at once. */
function escapeFinder(raw: string): (at: number) => boolean {
  let end = 0;
  let escaped = false;
  return (at) => {
    if (at < end) return escaped;
    TOKEN_RUN.lastIndex = at;
    end = TOKEN_RUN.test(raw) ? TOKEN_RUN.lastIndex : at;
    escaped = ESCAPE_BEHIND.test(raw.slice(end, end + 8));
    return escaped;
  };
}
const TOKEN_RUN = /[A-Za-z0-9_.~+/=:@$!-]*/y;
const ESCAPE_BEHIND = /^(?:\\{1,7}\/|%(?:25)*[2-7]|&[a#])/;

/** A run with an escape at an edge of it may be a longer one in the decoded text. */
function mayBeWrapped(
  raw: string,
  at: number,
  use: Wrapping,
  seen: Seen,
  detect: (text: string) => readonly Found[],
): boolean {
  const wrapped = use.kind === 'base64' ? base64At(raw, at, use.skip) : hexAt(raw, at);
  if (wrapped === undefined) return isBesideEscape(raw, at);
  if (raw[wrapped.start - 1] === '\\' || raw[wrapped.end] === '\\') return true;
  return unwrapped(raw, at, use, seen, detect).length > 0;
}

const NEAR_ESCAPE = 32;

function isBesideEscape(raw: string, at: number): boolean {
  return raw.slice(Math.max(0, at - NEAR_ESCAPE), at + NEAR_ESCAPE).includes('\\');
}
