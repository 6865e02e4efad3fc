// Numbers of a message that follow one another, as the bytes of a value may: they are read like a list in a text.

import type { Matcher, Part } from './matcher.js';

export interface NumberLists {
  /** The next number: its token's place in the message, and how it is written. */
  add(place: number, number: string): void;
  /** Something else follows. */
  end(): void;
  /** For each number that belongs to a value; the first one of each begins at 0. */
  readonly parts: ReadonlyMap<number, readonly Part[]>;
}

export function createNumberLists(matcher: Pick<Matcher, 'replacements'>): NumberLists {
  const parts = new Map<number, readonly Part[]>();
  let numbers: { readonly place: number; readonly number: string }[] = [];
  const take = (): void => {
    const text = numbers.map(({ number }) => number).join(',');
    const found = matcher
      .replacements(text, { weak: false, known: true, shapes: false })
      // One number alone is judged by what it is the value of.
      .filter(({ start, end }) => text.slice(start, end).includes(','));
    let next = 0;
    let at = 0;
    for (const { place, number } of numbers) {
      while ((found[next]?.end ?? Infinity) <= at) next++;
      const one = found[next];
      if (one !== undefined && one.start <= at)
        parts.set(place, [{ name: one.name, start: at - one.start, end: at - one.start + number.length }]);
      at += number.length + 1;
    }
  };
  return {
    parts,
    add(place, number) {
      numbers.push({ place, number });
    },
    end() {
      if (numbers.length > 1) take();
      numbers = [];
    },
  };
}
