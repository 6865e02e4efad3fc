// Every detector there is. To add one: one entry in the table of its group.

import { DATABASE_DETECTORS } from './database.js';
import type { Detector } from './detector.js';
import { CLOUD_DETECTORS } from './families-cloud.js';
import { CODE_DETECTORS } from './families-code.js';
import { DATABASE_SERVICE_DETECTORS, OBSERVABILITY_DETECTORS, VAULT_DETECTORS } from './families-data.js';
import { GENERIC_DETECTORS } from './families-generic.js';
import { NAMED_DETECTORS } from './families-named.js';
import { SAAS_DETECTORS } from './families-saas.js';
import { MESSAGING_DETECTORS, MODEL_DETECTORS, PAYMENT_DETECTORS } from './families-services.js';
import { TOOL_DETECTORS } from './families-tools.js';
import { YOUNG_DETECTORS } from './families-young.js';
import { TABLE_DETECTORS } from './tables.js';
import { TEXT_DETECTORS } from './text.js';

/** Tokens of known vendors and standards. */
export const TOKEN_DETECTORS: readonly Detector[] = [
  ...CODE_DETECTORS,
  ...CLOUD_DETECTORS,
  ...MODEL_DETECTORS,
  ...PAYMENT_DETECTORS,
  ...MESSAGING_DETECTORS,
  ...VAULT_DETECTORS,
  ...DATABASE_SERVICE_DETECTORS,
  ...OBSERVABILITY_DETECTORS,
  ...SAAS_DETECTORS,
  ...TOOL_DETECTORS,
  ...YOUNG_DETECTORS,
  ...NAMED_DETECTORS,
  ...GENERIC_DETECTORS,
];

export const DETECTORS: readonly Detector[] = [
  ...TOKEN_DETECTORS,
  ...DATABASE_DETECTORS,
  ...TEXT_DETECTORS,
  ...TABLE_DETECTORS,
];
