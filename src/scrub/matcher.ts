// All needles and detectors on one text: which spans to replace, by what. One pass, leftmost-longest; masks are never
// looked at again.

import type { Finder, Found } from './detectors/find.js';
import { detectInMember } from './detectors/member.js';
import type { Edit, Masks } from './masks.js';
import { editsIn, masksOf } from './masks.js';
import type { Form, Needle, Span } from './needle.js';
import type { Range } from './sequence.js';

export interface Replacement extends Edit {
  readonly name: string;
  readonly form: Form;
  /** A value that we were given, or a shape. */
  readonly known: boolean;
  /** Of a shape: the credential as it reads without its wrapping. */
  readonly credential?: string;
}

export interface MatchOptions {
  /** Weak values count too: not in the names of members, nor where a protocol keyword stands. */
  readonly weak: boolean;
  /** Known values are sought: false where the prefilter has seen that there is none. */
  readonly known: boolean;
  /** Credentials are sought by their shape, too. */
  readonly shapes: boolean;
  /** The name of the member whose value this is. */
  readonly member?: string | undefined;
}

export interface Matcher {
  /** No text with fewer UTF-16 units can hold a credential in any spelling. */
  readonly shortest: number;
  /** Replacements in the order of the text; none of them overlaps another. */
  replacements(text: string, options: MatchOptions): readonly Replacement[];
}

/** No credential is told by its shape, or by the name before it, when it is shorter. */
const SHORTEST_SHAPE = 4;

/** `allows` says which credentials the user has declared harmless; it is not asked about known values. */
export function createMatcher(
  needles: readonly Needle[],
  finder: Finder | undefined,
  allows: (credential: string) => boolean,
): Matcher {
  const masks = new Map<string, Masks>();
  const spansOf = (text: string): readonly Span[] => needles.flatMap((needle) => needle.find(text));
  const isFree = (text: string): boolean => spansOf(text).length === 0 && (finder?.detect(text).length ?? 0) === 0;
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
  const knownIn = (text: string, weak: boolean): readonly Candidate[] =>
    spansOf(text)
      .filter(({ needle }) => weak || needle.strength !== 'weak')
      .map(({ start, end, form, needle }) => ({ start, end, form, name: needle.name, known: true }));
  return {
    shortest: Math.min(finder === undefined ? Infinity : SHORTEST_SHAPE, ...needles.map(({ shortest }) => shortest)),
    replacements(text, { weak, known, shapes, member }) {
      const candidates: readonly Candidate[] = [
        ...(known ? knownIn(text, weak) : []),
        ...(shapes ? shapesIn(text, member).map((found) => ({ ...found, known: false })) : []),
      ];
      if (candidates.length === 0) return [];
      const editOf = editsIn(text);
      const edits = merge(candidates).map((one) => ({ ...one, ...editOf(one, one.form, masksFor(one.name)) }));
      return merge(edits);
    },
  };
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
