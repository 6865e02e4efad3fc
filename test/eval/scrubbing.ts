// One line through the scrubber, and what came of it. A line that the scrubber refuses is dropped: nothing leaks, and
// nothing arrives either, so it is counted.

import { createScrubber, knownValuesOf } from '../../src/scrub/scrubber.js';
import type { Scrubber } from '../../src/scrub/scrubber.js';

export interface Outcome {
  readonly bytes: Buffer;
  readonly findings: number;
  readonly withheld: boolean;
  /** A message that came out as something that is no JSON. */
  readonly broken: boolean;
}

export const scrubberOf = (value: string): Scrubber => createScrubber(knownValuesOf('known', value));

/** A scrubber as it stands in front of a server, with one secret that the corpora do not hold. */
export const plainScrubber = (): Scrubber => scrubberOf(['qF7z', 'Lw2K', 'vT9x', 'Ru4m', 'Hd6'].join(''));

/** Never throws. */
export function run(scrubber: Scrubber, line: Buffer, plain = false): Outcome {
  try {
    const { bytes, findings } = plain ? scrubber.text(line) : scrubber.message(line);
    const sum = findings.reduce((total, { count }) => total + count, 0);
    return {
      bytes,
      findings: sum,
      withheld: false,
      broken: bytes !== line && !plain && isJson(line) && !isJson(bytes),
    };
  } catch {
    return { bytes: Buffer.alloc(0), findings: 0, withheld: true, broken: false };
  }
}

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}
