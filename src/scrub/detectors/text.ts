// Credentials that have no prefix of a vendor and no database: keys, headers, and values under telling names.

import type { Detector } from './detector.js';
import { HEADER_DETECTORS } from './headers.js';
import { KEY_VALUE_DETECTORS } from './key-value.js';
import { PRIVATE_KEY_DETECTORS } from './private-keys.js';

export const TEXT_DETECTORS: readonly Detector[] = [
  ...PRIVATE_KEY_DETECTORS,
  ...HEADER_DETECTORS,
  ...KEY_VALUE_DETECTORS,
];
