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
   * What is sought when the credential stands inside base64 or hexadecimal: longer than the anchors when those are too
   * short to be told from other text there. By default the anchors of four characters and more.
   */
  readonly wrapped?: readonly string[];
  /**
   * No character that JSON must escape stands in a match, and `find` says the same in the raw bytes of a message as in its
   * decoded strings: so the raw bytes alone can tell that there is nothing.
   */
  readonly plain?: boolean;
  /**
   * What to mask (the credential only: of `password=x` the `x`), for an anchor that was found at `at`: one range, or several
   * in the order of the text where the anchor names a column; undefined when it is none. Looks at a bounded stretch around
   * the anchor only, and takes time linear in that stretch.
   */
  readonly find: (text: string, at: number, anchor: string) => Range | readonly Range[] | undefined;
  /** Assembled when asked for: no scanner may find a credential in the source. `mask` is the part that must go. */
  readonly examples: () => Examples;
  /** Where the format's facts come from: the vendor's page or a standard. */
  readonly source: string;
}

export interface Examples {
  readonly match: readonly { readonly text: string; readonly mask: string }[];
  readonly clean: readonly string[];
}
