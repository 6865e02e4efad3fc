// Credentials whose name stands in another string of the message: `{"name": "DB_PASSWORD", "value": "…"}`, or the cells below
// the name of a column. The message is read as the text that it is, around the names that the prefilter has seen.

import type { Finder } from './detectors/find.js';

/** A string that holds such a credential, by where its inside lies in the bytes. */
export interface Neighbour {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const BEFORE = 512;
const BEHIND = 65_536;

/** In the order of the bytes; `places` are those of the names. */
export function neighboursOf(
  bytes: Buffer,
  places: readonly number[],
  finder: Finder | undefined,
): readonly Neighbour[] {
  const found: Neighbour[] = [];
  let read = 0;
  for (const place of places.toSorted((one, other) => one - other)) {
    if (finder === undefined || place < read) continue;
    const from = Math.max(read, place - BEFORE);
    // Read as bytes, so that places in the text are those in the message.
    const text = bytes.toString('latin1', from, place + BEHIND);
    read = place + BEHIND / 2;
    for (const { start, end, name, form } of finder.detect(text, 'flat'))
      if (form === 'characters') found.push({ start: from + start, end: from + end, name });
  }
  return found.toSorted((one, other) => one.start - other.start);
}
