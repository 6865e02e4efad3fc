// Finds a sequence of pieces in a text: all of it or, where fragments count, any beginning or end of 12 pieces and more.
// Only a bounded head is searched for; the rest is followed from there in bounded steps. So no expression grows with the
// value, and the time is linear in the text.

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface SequenceOptions {
  readonly pieces: readonly string[];
  /** Source of what may stand between two pieces; must match the empty text. */
  readonly joiner: string;
  readonly fragments: boolean;
}

export const FRAGMENT = 12;
const STEP = 24;

/** Every range where the sequence stands, in the order of the text; ranges may overlap. Compiled at the first use. */
export function sequenceFinder(options: SequenceOptions): (text: string) => readonly Range[] {
  const { pieces, fragments } = options;
  const withTail = fragments && pieces.length > FRAGMENT;
  let forward: ((text: string) => readonly Range[]) | undefined;
  let backward: ((text: string) => readonly Range[]) | undefined;
  return (text) => {
    forward ??= headFinder(options);
    const found = forward(text);
    if (!withTail) return found;
    backward ??= tailFinder(options);
    return [...found, ...backward(text)];
  };
}

function headFinder({ pieces, joiner, fragments }: SequenceOptions): (text: string) => readonly Range[] {
  const size = Math.min(fragments ? FRAGMENT : STEP, pieces.length);
  const head = new RegExp(startOf(pieces.slice(0, size), joiner), 'g');
  const follow = follower(pieces.slice(size), joiner, fragments);
  return (text) =>
    hits(head, text).flatMap(({ start, end }) => {
      const last = follow(text, end);
      return last < 0 ? [] : [{ start, end: last }];
    });
}

/** A run of backslashes is entered at its beginning only: entering it at each one would make long runs quadratic. */
function startOf(pieces: readonly string[], joiner: string): string {
  const [first = '', ...rest] = pieces;
  return [first.replace(/\\\\\{\d+,\d+\}/g, '(?<!\\\\)$&'), ...rest].join(joiner);
}

/** Where the sequence ends that goes on at `from`: -1 when it does not and only the whole counts. */
function follower(
  pieces: readonly string[],
  joiner: string,
  fragments: boolean,
): (text: string, from: number) => number {
  const steps: (RegExp | undefined)[] = [];
  const singles: (RegExp | undefined)[] = [];
  const sticky = (from: number, to: number): RegExp =>
    new RegExp(
      pieces
        .slice(from, to)
        .map((piece) => joiner + piece)
        .join(''),
      'y',
    );
  return (text, from) => {
    let at = from;
    let index = 0;
    for (; index < pieces.length; index += STEP) {
      const next = endOf((steps[index] ??= sticky(index, index + STEP)), text, at);
      if (next < 0) break;
      at = next;
    }
    if (index >= pieces.length) return at;
    if (!fragments) return -1;
    for (; index < pieces.length; index++) {
      const next = endOf((singles[index] ??= sticky(index, index + 1)), text, at);
      if (next < 0) break;
      at = next;
    }
    return at;
  };
}

/** The last pieces, then backwards piece by piece: a value whose beginning was cut off. */
function tailFinder({ pieces, joiner }: SequenceOptions): (text: string) => readonly Range[] {
  const size = pieces.length - FRAGMENT;
  const tail = new RegExp(startOf(pieces.slice(size), joiner), 'g');
  const before: (RegExp | undefined)[] = [];
  return (text) =>
    hits(tail, text).map(({ start, end }) => {
      let at = start;
      for (let index = size - 1; index >= 0; index--) {
        const pattern = (before[index] ??= new RegExp(`(?<=(${pieces[index] ?? ''}${joiner}))`, 'y'));
        pattern.lastIndex = at;
        const length = pattern.exec(text)?.[1]?.length ?? 0;
        if (length === 0) break;
        at -= length;
      }
      return { start: at, end };
    });
}

/** All matches, those that overlap an earlier one too: `aab` twice in `aabaab`, a value behind the half of itself. */
function hits(pattern: RegExp, text: string): readonly Range[] {
  const found: Range[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    pattern.lastIndex = match.index + 1;
  }
  return found;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
