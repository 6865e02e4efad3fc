// Finds a row of elements in a text: all of it or, where fragments count, any beginning or end of 12 elements and more.
// An element can have several spellings, so the search follows all the places where the row may go on, at most a handful.

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Element {
  /** Source of a regular expression that matches at the beginning of every spelling; it may match elsewhere too. */
  readonly starts: string;
  /** The character code when the element is an ASCII letter or digit, which most texts write as it is. */
  readonly code?: number | undefined;
  /** Where the spellings of this element end that begin at `at`; none when it does not stand there. */
  ends(text: string, at: number): readonly number[];
}

export interface SequenceOptions {
  readonly elements: readonly Element[];
  /** Where what may stand between two elements ends; `at` itself when nothing does. */
  readonly gapEnd: (text: string, at: number) => number;
  readonly fragments: boolean;
}

export const FRAGMENT = 12;
/** No spelling of one element and the gap behind it is longer. */
const LONGEST_SPELLING = 160;

/** Every range where the sequence stands; ranges may overlap. */
export function sequenceFinder(options: SequenceOptions): (text: string) => readonly Range[] {
  const { elements, fragments } = options;
  const heads = headFinder(options, fragments ? Math.min(FRAGMENT, elements.length) : elements.length);
  if (!fragments || elements.length <= FRAGMENT) return heads;
  const tails = headFinder({ ...options, elements: elements.slice(-FRAGMENT) }, FRAGMENT);
  const front = elements.slice(0, -FRAGMENT);
  return (text) => {
    const found = heads(text);
    const ends = new Set(found.map(({ end }) => end));
    const cutOff = tails(text).filter(({ end }) => !ends.has(end));
    return [...found, ...cutOff.map(({ start, end }) => ({ start: extendedBack(text, start, front, options), end }))];
  };
}

/** Ranges of at least `least` elements from the first on, and of as many as follow. */
function headFinder(options: SequenceOptions, least: number): (text: string) => readonly Range[] {
  const first = options.elements[0];
  if (first === undefined) return () => [];
  const starts = new RegExp(first.starts, 'g');
  return (text) => {
    const found: Range[] = [];
    starts.lastIndex = 0;
    for (let match = starts.exec(text); match !== null; match = starts.exec(text)) {
      const start = match.index;
      starts.lastIndex = start + 1;
      const end = endFrom(text, start, options, least);
      if (end > start) found.push({ start, end });
    }
    return found;
  };
}

/** The farthest end of the row that begins at `start`; -1 when fewer than `least` elements stand there. */
function endFrom(text: string, start: number, { elements, gapEnd }: SequenceOptions, least: number): number {
  let count = plainCount(text, start, elements);
  let places: readonly number[] = [start + count];
  for (; count < elements.length; count++) {
    const element = elements[count];
    if (element === undefined) break;
    const next = count === 0 ? element.ends(text, start) : step(text, places, element, gapEnd);
    if (next.length === 0) break;
    places = next;
  }
  return count < least ? -1 : Math.max(...places);
}

/** How many of the first elements simply stand there: then there is no other way to read them. */
function plainCount(text: string, start: number, elements: readonly Element[]): number {
  let count = 0;
  for (let code = elements[0]?.code; code !== undefined && code === text.charCodeAt(start + count);)
    code = elements[++count]?.code;
  return count;
}

function step(
  text: string,
  places: readonly number[],
  element: Element,
  gapEnd: SequenceOptions['gapEnd'],
): readonly number[] {
  const next = new Set<number>();
  if (places.length === 1 && element.code !== undefined) {
    const place = places[0] ?? 0;
    const found = text.charCodeAt(place);
    if (found === element.code) return [place + 1];
    if (isPlain(found)) return [];
  }
  for (const place of places) {
    for (const end of element.ends(text, place)) next.add(end);
    const behind = gapEnd(text, place);
    if (behind > place) for (const end of element.ends(text, behind)) next.add(end);
  }
  return [...next];
}

/** Letters and digits begin no spelling of another one, and stand between no two of them. */
function isPlain(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Goes back from the end of a value whose beginning was cut off, as far as its elements stand there. */
function extendedBack(text: string, from: number, elements: readonly Element[], { gapEnd }: SequenceOptions): number {
  let start = from;
  for (const element of elements.toReversed()) {
    const before = startBefore(text, start, element, gapEnd);
    if (before < 0) break;
    start = before;
  }
  return start;
}

function startBefore(text: string, end: number, element: Element, gapEnd: SequenceOptions['gapEnd']): number {
  for (let start = end - 1; start >= Math.max(0, end - LONGEST_SPELLING); start--) {
    if (element.ends(text, start).some((stop) => stop === end || gapEnd(text, stop) === end)) return start;
  }
  return -1;
}
