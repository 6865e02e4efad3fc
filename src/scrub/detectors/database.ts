// Everything that opens a database, or is stored by one to check a password.

import { SETTINGS_DETECTORS } from './database-settings.js';
import { SQL_DETECTORS } from './database-sql.js';
import { URI_DETECTORS } from './database-uri.js';
import type { Detector } from './detector.js';
import { VERIFIER_DETECTORS } from './verifiers.js';

export const DATABASE_DETECTORS: readonly Detector[] = [
  ...URI_DETECTORS,
  ...SETTINGS_DETECTORS,
  ...SQL_DETECTORS,
  ...VERIFIER_DETECTORS,
];
