// The scrubber with every detector there is. Their tables take time to load: whoever does not scrub takes core.ts.

import type { KnownValue } from './known.js';
import { createScrubber as createCore, type Scrubber, type ScrubberOptions } from './core.js';
import { everyAnchor } from './every-anchor.js';

export * from './core.js';

/** For these values, and by default for credentials of every known shape. */
export function createScrubber(values: readonly KnownValue[], options: ScrubberOptions = {}): Scrubber {
  return options.detectors === undefined ? createCore(values, options, everyAnchor()) : createCore(values, options);
}
