// The library's public surface: what the launcher is made of, for use without its command line.

export { canonicalBytes, fingerprintOf, type Canonical } from './canonical.js';
export { ERROR_CODES, SecretctlError, type ErrorCode } from './errors.js';
export { checkProfile } from './profile/parse.js';
export type { Problem, Profile } from './profile/types.js';
export { knownValuesOf } from './scrub/known.js';
export { createScrubber, type Finding, type KnownValue, type Scrubber } from './scrub/scrubber.js';
