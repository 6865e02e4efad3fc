// Where the marks of literals stand that are always looked for: looked up in the plan that was made beforehand.

import { BUCKETS } from './buckets.js';
import { PLAN } from './plan.js';
import type { Literal, Placement } from './scan.js';

const places = new Map(PLAN.map(([key, offset, bucket]) => [key, { offset, bucket }]));

/** Undefined for one that is newer than the plan, and for those of known values. */
export function placementOf(literal: Literal): Placement | undefined {
  return isLone(literal) ? LONE : places.get(planKey(literal));
}

/** Those of `loneLiterals`, a character between two breaks: they are alike, and fire hardly ever where no other is among them. */
function isLone({ bytes: [first, end, , last], bytes: { length } }: Literal): boolean {
  return length === 4 && first === BACKSLASH && last === BACKSLASH && (end === LINE_FEED || end === RETURN);
}
const LONE: Placement = { offset: 0, bucket: BUCKETS - 1 };
const BACKSLASH = 0x5c;
const LINE_FEED = 0x6e;
const RETURN = 0x72;

/** Whether the plan has a literal of this text. */
export function isPlanned(text: string, anyCase: boolean): boolean {
  return places.has(keyOf(text, anyCase));
}

/** The text of a literal, behind `i` when it is sought in any letter case, else `c`. */
export function planKey({ bytes, anyCase = false }: Literal): string {
  return keyOf(String.fromCharCode(...bytes), anyCase);
}

function keyOf(text: string, anyCase: boolean): string {
  return (anyCase ? 'i' : 'c') + text;
}
