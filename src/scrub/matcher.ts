// All needles and detectors on one text: which spans to replace, by what. One pass, leftmost-longest; masks are never
// looked at again.

import type { Finder, Found } from './detectors/find.js';
import { detectInMember } from './detectors/member.js';
import type { Edit, Masks } from './masks.js';
import { editsIn, masksOf } from './masks.js';
import type { Context, Form, Needle, Span } from './needle.js';
import type { Range } from './sequence.js';

export interface Replacement extends Edit {
  readonly name: string;
  readonly form: Form;
  /** A value that we were given, or a shape. */
  readonly known: boolean;
  /** Of a shape: the credential as it reads without its wrapping. */
  readonly credential?: string;
}

/** A part of a known value, of which this text does not hold the rest. */
export interface Part extends Range {
  readonly name: string;
}

export interface MatchOptions {
  /** Weak values count too: not in the names of members, nor where a protocol keyword stands. */
  readonly weak: boolean;
  /** Known values are sought: false where the prefilter has seen that there is none. */
  readonly known: boolean;
  /** The only parts of the text where known values can stand; the whole text by default. */
  readonly where?: readonly Range[] | undefined;
  /** Credentials are sought by their shape, too. */
  readonly shapes: boolean;
  /** The name of the member whose value this is. */
  readonly member?: string | undefined;
  /** Known values that go on in other strings of the message. */
  readonly parts?: readonly Part[] | undefined;
  /** Masks without brackets, as in URIs. */
  readonly plain?: boolean | undefined;
}

export interface Matcher {
  /** No text with fewer UTF-16 units can hold a credential in any spelling. */
  readonly shortest: number;
  /** How far from a trace of a known value the rest of it can go on, in UTF-16 units. */
  readonly reach: number;
  /** Replacements in the order of the text; none of them overlaps another. */
  replacements(text: string, options: MatchOptions): readonly Replacement[];
}

/** How many characters a character of a value may take when it is written in some deep encoding. */
const LONGEST_SPELLING = 16;
const SHORTEST_REACH = 1_024;
const LONGEST_REACH = 65_536;

/** No credential is told by its shape, or by the name before it, when it is shorter. */
const SHORTEST_SHAPE = 4;

/** `allows` says which credentials the user has declared harmless; it is not asked about known values. */
export function createMatcher(
  needles: readonly Needle[],
  finder: Finder | undefined,
  allows: (credential: string) => boolean,
): Matcher {
  const masks = new Map<string, Masks>();
  const spansOf = (text: string, context: Context): readonly Span[] =>
    needles.flatMap((needle) => needle.find(text, context));
  const isFree = (text: string): boolean =>
    spansOf(text, 'anywhere').length === 0 && (finder?.detect(text).length ?? 0) === 0;
  const masksFor = (name: string): Masks => {
    const made = masks.get(name) ?? masksOf(name, isFree);
    masks.set(name, made);
    return made;
  };
  const shapesIn = (text: string, member: string | undefined): readonly Found[] => {
    if (finder === undefined) return [];
    const inMember = member === undefined ? [] : detectInMember(finder, member, text);
    return [...finder.detect(text), ...inMember].filter(({ credential }) => !allows(credential));
  };
  const knownIn = (text: string, { weak, member, where }: MatchOptions): readonly Candidate[] =>
    (where ?? [{ start: 0, end: text.length }])
      .flatMap((part) =>
        spansWithin(text, part, (inner) =>
          spansOf(inner, { member: inner.length === text.length ? member : undefined }),
        ),
      )
      .filter(({ needle }) => weak || needle.strength !== 'weak')
      .map(({ start, end, form, needle }) => ({ start, end, form, name: needle.name, known: true }));
  return {
    shortest: Math.min(finder === undefined ? Infinity : SHORTEST_SHAPE, ...needles.map(({ shortest }) => shortest)),
    reach: Math.min(LONGEST_REACH, Math.max(SHORTEST_REACH, ...needles.map(({ size }) => size * LONGEST_SPELLING))),
    replacements(text, options) {
      const { known, shapes, member, parts = [], plain = false } = options;
      if (!known && !(shapes && finder !== undefined) && parts.length === 0) return [];
      const candidates: readonly Candidate[] = [
        ...parts.map((part) => ({ ...part, form: 'characters' as const, known: true })),
        ...(known ? knownIn(text, options) : []),
        ...(shapes ? shapesIn(text, member).map((found) => ({ ...found, known: false })) : []),
      ];
      if (candidates.length === 0) return [];
      const editOf = editsIn(text, plain);
      const edits = merge(candidates).map((one) => ({ ...one, ...editOf(one, one.form, masksFor(one.name)) }));
      return merge(edits);
    },
  };
}

function spansWithin(text: string, { start, end }: Range, spansOf: (text: string) => readonly Span[]): readonly Span[] {
  if (start === 0 && end === text.length) return spansOf(text);
  return spansOf(text.slice(start, end)).map((span) => ({ ...span, start: span.start + start, end: span.end + start }));
}

interface Candidate extends Range {
  readonly name: string;
  readonly form: Form;
  readonly known: boolean;
  readonly credential?: string;
}

/**
 * Spans that overlap become one, for no end of any of them may remain. It has the name of the longest of those that begin
 * first, but that of a known value before any other.
 */
function merge<T extends Candidate>(spans: readonly T[]): readonly T[] {
  const merged: T[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = joined(last, span);
  }
  return merged;
}

function joined<T extends Candidate>(first: T, second: T): T {
  const end = Math.max(first.end, second.end);
  return second.known && !first.known ? { ...second, start: first.start, form: first.form, end } : { ...first, end };
}
