// A detector finds credentials by their shape, without knowing their value. One table entry each, with its own examples.

import type { Range } from '../sequence.js';

export interface Detector {
  /** Stands in the mask: `[REDACTED:github-token]`. Lower case, words joined by hyphens. */
  readonly name: string;
  /** One of these stands in every match; at least three bytes of ASCII each. */
  readonly anchors: readonly string[];
  /** Anchors are sought in any letter case; then they are written in lower case. */
  readonly anyCase?: boolean;
  /**
   * The range to mask (the credential only: of `password=x` the `x`), for an anchor that was found at `at`; undefined when
   * it is none. Looks at a bounded stretch around the anchor only, and takes time linear in that stretch.
   */
  readonly find: (text: string, at: number, anchor: string) => Range | undefined;
  /** Assembled when asked for: no scanner may find a credential in the source. `mask` is the part that must go. */
  readonly examples: () => {
    readonly match: readonly { readonly text: string; readonly mask: string }[];
    readonly clean: readonly string[];
  };
  /** Where the format's facts come from: the vendor's page or a standard. */
  readonly source: string;
}
