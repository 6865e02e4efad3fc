// All needles on one text: which spans to replace, by what. One pass, leftmost-longest; masks are never looked at again.

import type { Edit, Masks } from './masks.js';
import { editsIn, masksOf } from './masks.js';
import type { Needle, Span } from './needle.js';
import type { Range } from './sequence.js';

export interface Replacement extends Edit {
  readonly name: string;
}

export interface MatchOptions {
  /** Weak values count too: not in the names of members, nor where a protocol keyword stands. */
  readonly weak: boolean;
}

export interface Matcher {
  /** No text with fewer UTF-16 units can hold a value in any spelling. */
  readonly shortest: number;
  /** Replacements in the order of the text; none of them overlaps another. */
  replacements(text: string, options: MatchOptions): readonly Replacement[];
}

export function createMatcher(needles: readonly Needle[]): Matcher {
  const masks = new Map<string, Masks>();
  const spansOf = (text: string): readonly Span[] => needles.flatMap((needle) => needle.find(text));
  const masksFor = (name: string): Masks => {
    const made = masks.get(name) ?? masksOf(name, (text) => spansOf(text).length === 0);
    masks.set(name, made);
    return made;
  };
  return {
    shortest: Math.min(...needles.map((needle) => needle.shortest)),
    replacements(text, { weak }) {
      const spans = spansOf(text).filter(({ needle }) => weak || needle.strength !== 'weak');
      const editOf = editsIn(text);
      const edits = merge(spans).map((span) => {
        const { name } = span.needle;
        return { name, ...editOf(span, span.form, masksFor(name)) };
      });
      return merge(edits);
    },
  };
}

/** Spans that overlap become one, named by the longest of those that begin first: no end of any of them may remain. */
function merge<T extends Range>(spans: readonly T[]): readonly T[] {
  const merged: T[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { ...last, end: span.end };
  }
  return merged;
}
