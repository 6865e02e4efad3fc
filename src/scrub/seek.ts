// Where any of some literals stands in bytes: as much of the literal scan as is needed beside the prefilter.

import { createLiteralScan } from './scan/literal-scan.js';
import type { LiteralScan } from './scan/literal-scan.js';

/** `literal` is the index in what the search was made of. Ends when `visit` says true, and says so. */
export type Seek = (bytes: Buffer, visit: (at: number, literal: number) => boolean) => boolean;

/** Made when it is first needed. Three bytes and more each. */
export function createSeek(literals: readonly Buffer[]): Seek {
  let scan: LiteralScan | undefined;
  return (bytes, visit) => {
    scan ??= createLiteralScan(literals.map((literal) => ({ bytes: literal })));
    return scan.each(bytes, visit);
  };
}
