// A detector finds credentials by their shape, without knowing their value. One table entry each, with its own examples.

import type { Range } from '../sequence.js';

export interface Detector {
  /** Stands in the mask: `[REDACTED:github-token]`. Lower case, words joined by hyphens. */
  readonly name: string;
  /** One of these stands in every match; at least three bytes of ASCII each, or `*` or `:` before a run. */
  readonly anchors: readonly string[];
  /** Anchors are sought in any letter case; then they are written in lower case. */
  readonly anyCase?: boolean;
  /**
   * How many characters of base64 (`_` and `-` among them) follow an anchor at once in every match. An
   * anchor of such a token is looked for only where a long run of these begins, which costs next to nothing.
   */
  readonly follows?: number;
  /** What these characters are, where they are not all of base64: not zero for the bytes of the alphabet. */
  readonly alphabet?: Uint8Array;
  /** Signs that may stand in what follows, as the dot of `dp.pt.` does, before so many characters have followed. */
  readonly signs?: string;
  /** How long the run is at least in which an anchor stands that begins with `_`, `-` or `:`. */
  readonly within?: number;
  /** The anchors stand in the name that such a run is assigned to, and are lower case. */
  readonly named?: true;
  /** Names a column, whose values stand far behind it. */
  readonly isTable?: true;
  /** The anchors are words of every text: nothing is found where one stands between two others. */
  readonly isWord?: true;
  /**
   * A cheap look at the bytes behind an anchor that stands from `at` to `end`: false where no match can be. Strings of JSON
   * may be escaped there.
   */
  readonly quick?: (bytes: Uint8Array, at: number, end: number) => boolean;
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
