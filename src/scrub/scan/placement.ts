// Where the marks of literals stand that are always looked for: looked up in the plan that was made beforehand.

import { PLAN } from './plan.js';
import type { Literal, Placement } from './scan.js';

const places = new Map<string, Placement>();
for (const [key, offset, bucket] of PLAN) places.set(key, { offset, bucket });

/** Undefined for one that is newer than the plan, and for those of known values. */
export function placementOf(literal: Literal): Placement | undefined {
  return places.get(planKey(literal));
}

/** The text of a literal, behind `i` when it is sought in any letter case, else `c`. */
export function planKey({ text, anyCase = false }: Literal): string {
  return (anyCase ? 'i' : 'c') + text;
}
