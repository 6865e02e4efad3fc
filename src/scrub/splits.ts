// Values that are cut in two by the message itself: half in one block, half in the next; or over the cells of a row, or the
// messages of a batch. Only strong values are sought here, and only as they are. Across lines nothing is put together.

import type { Part } from './matcher.js';
import type { Needle } from './needle.js';

export interface Splits {
  /** False when no value is strong enough to be sought in pieces. */
  readonly any: boolean;
  /** Takes the strings of one message, in order; then says which of them hold a part of a value, by their `place`. */
  collect(): Collector;
}

export interface Collector {
  /** `stream` is the name of the member: the texts of blocks follow one another, whatever stands between them. */
  add(place: number, text: string, stream: string): void;
  parts(): ReadonlyMap<number, readonly Part[]>;
}

/** Stands in the middle of a long string, where no value that is cut by its ends can be. No text holds it. */
const FAR = '\uffff';
const ALL = Symbol('all strings');

export function createSplits(needles: readonly Needle[]): Splits {
  const values = needles.flatMap(({ name, exact }) => exact.map((value) => ({ name, value })));
  const reach = Math.max(0, ...values.map(({ value }) => value.length)) - 1;
  return {
    any: values.length > 0,
    collect: () => {
      const streams = new Map<string | typeof ALL, Piece[]>();
      return {
        add(place, text, stream) {
          if (text === '' || values.length === 0) return;
          const piece = { place, text, isLong: text.length > 2 * reach };
          for (const name of [ALL, stream] as const) {
            const pieces = streams.get(name);
            if (pieces === undefined) streams.set(name, [piece]);
            else pieces.push(piece);
          }
        },
        parts() {
          const found = new Map<number, Part[]>();
          for (const pieces of streams.values()) if (pieces.length > 1) partsIn(pieces, values, reach, found);
          return found;
        },
      };
    },
  };
}

interface Piece {
  readonly place: number;
  readonly text: string;
  readonly isLong: boolean;
}

interface Sought {
  readonly name: string;
  readonly value: string;
}

function partsIn(pieces: readonly Piece[], values: readonly Sought[], reach: number, found: Map<number, Part[]>): void {
  const { joined, ends } = join(pieces, reach);
  for (const { name, value } of values) {
    let index = 0;
    for (let at = joined.indexOf(value); at >= 0; at = joined.indexOf(value, at + 1)) {
      while ((ends[index] ?? Infinity) <= at) index++;
      note(pieces, ends, { index, start: at, end: at + value.length, name }, reach, found);
    }
  }
}

/** The strings behind one another, of long ones their ends only; and where each of them ends. */
function join(pieces: readonly Piece[], reach: number): { readonly joined: string; readonly ends: readonly number[] } {
  const ends: number[] = [];
  let joined = '';
  for (const { text, isLong } of pieces) {
    joined += isLong ? text.slice(0, reach) + FAR + text.slice(-reach) : text;
    ends.push(joined.length);
  }
  return { joined, ends };
}

interface Hit {
  /** Of the piece in which it begins. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** A hit inside one string is found there anyway. */
function note(
  pieces: readonly Piece[],
  ends: readonly number[],
  { index, start, end, name }: Hit,
  reach: number,
  found: Map<number, Part[]>,
): void {
  if (end <= (ends[index] ?? 0)) return;
  for (let at = index; at < pieces.length; at++) {
    const from = ends[at - 1] ?? 0;
    if (from >= end) return;
    const piece = pieces[at];
    if (piece === undefined) return;
    const to = ends[at] ?? end;
    // What a long string has lost of its middle moves its end.
    const lost = piece.isLong ? piece.text.length - 2 * reach - FAR.length : 0;
    const shift = (place: number): number => (place - from > reach ? place - from + lost : place - from);
    const part = { name, start: shift(Math.max(start, from)), end: shift(Math.min(end, to)) };
    const parts = found.get(piece.place);
    if (parts === undefined) found.set(piece.place, [part]);
    else if (!parts.some((other) => other.start === part.start && other.end === part.end)) parts.push(part);
  }
}
