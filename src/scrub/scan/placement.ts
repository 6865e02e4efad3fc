// Where the marks of the detectors' anchors stand: looked up in the plan that was made beforehand.

import { PLAN } from './plan.js';
import type { Placement } from './scan.js';

const places = new Map(PLAN.map(([key, offset, bucket]) => [key, { offset, bucket }]));

/** Undefined for an anchor that is newer than the plan. */
export function placementOf(text: string, anyCase: boolean): Placement | undefined {
  return places.get((anyCase ? 'i' : 'c') + text);
}
