// What a scrubber is made of, for one set of known values and detectors.

import type { Finder } from './detectors/find.js';
import type { Matcher } from './matcher.js';
import type { KnownNumbers } from './numbers.js';
import type { Prefilter } from './prefilter.js';
import type { Splits } from './splits.js';

export interface Engine {
  readonly prefilter: Prefilter;
  readonly matcher: Matcher;
  /** Undefined when nothing is sought by its shape. */
  readonly finder: Finder | undefined;
  readonly numbers: KnownNumbers;
  readonly splits: Splits;
}
