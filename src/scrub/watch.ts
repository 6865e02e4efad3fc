// Lets somebody look on while a scrubber works. What is found does not depend on it, and without one nothing is in the way.

import type { Matcher, Replacement } from './matcher.js';
import type { KnownNumbers } from './numbers.js';

/** The decoded text of a string, a number or a line, and what was found in it. Comes again for each search of that text. */
export type Watch = (text: string, found: readonly Replacement[]) => void;

export function watchedMatcher(matcher: Matcher, watch: Watch | undefined): Matcher {
  if (watch === undefined) return matcher;
  return {
    ...matcher,
    replacements(text, options) {
      const found = matcher.replacements(text, options);
      if (found.length > 0) watch(text, found);
      return found;
    },
  };
}

export function watchedNumbers(numbers: KnownNumbers, watch: Watch | undefined): KnownNumbers {
  if (watch === undefined) return numbers;
  return {
    ...numbers,
    nameOf(...asked) {
      const name = numbers.nameOf(...asked);
      const [number] = asked;
      if (name !== undefined)
        watch(number, [{ name, known: true, form: 'characters', start: 0, end: number.length, mask: '0' }]);
      return name;
    },
  };
}
