// The value of a JSON member in the light of its name: `"password": "…"` as it would read in a text.

import type { Finder, Found } from './find.js';

const LONGEST_VALUE = 4_096;
const TO_ESCAPE = /["\\\n\r]/;

/** What is found in the value because of its name, with places in the value. */
export function detectInMember(finder: Finder, name: string, value: string): readonly Found[] {
  const head = `"${name}": "`;
  if (value.length > LONGEST_VALUE || TO_ESCAPE.test(name) || !finder.mayHold(head)) return [];
  const [text, places] = escaped(value);
  const inside = (at: number): number => places[Math.max(0, Math.min(text.length, at - head.length))] ?? value.length;
  return finder
    .detect(`${head}${text}"`)
    .map((found) => ({ ...found, start: inside(found.start), end: inside(found.end) }))
    .filter(({ start, end }) => end > start);
}

/** The value as JSON writes it, and for each character of that the place it stands for. */
function escaped(value: string): readonly [string, readonly number[]] {
  const places: number[] = [];
  let text = '';
  for (let at = 0; at < value.length; at++) {
    const unit = value.charAt(at);
    const written = TO_ESCAPE.test(unit) ? JSON.stringify(unit).slice(1, -1) : unit;
    for (let index = 0; index < written.length; index++) places.push(at);
    text += written;
  }
  return [text, [...places, value.length]];
}
