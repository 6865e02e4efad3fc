// Whole numbers with a unit: times and lengths.

import type { Finding } from './text.js';
import { stringOf, type Tree } from './tree.js';

export interface Quantity {
  readonly units: Readonly<Record<string, number>>;
  /** In the smallest unit: the least and the most. */
  readonly limits: readonly [number, number];
  /** What is said of a number beyond the limits. */
  readonly says: string;
}

const TIME = { ms: 1, s: 1_000, m: 60_000 };
const LENGTH = { KiB: 1024, MiB: 1024 * 1024 };

export const STARTUP_TIMEOUT: Quantity = {
  units: TIME,
  limits: [100, 600_000],
  says: 'a start-up time is between 100ms and 10m',
};
export const GRACE: Quantity = { units: TIME, limits: [100, 60_000], says: 'a grace is between 100ms and 60s' };
/** Clients built on the SDK give up at 10 MiB. */
export const DEFAULT_MAX_LINE = 64 * 1024 * 1024;
export const MAX_LINE: Quantity = {
  units: LENGTH,
  limits: [64 * 1024, 256 * 1024 * 1024],
  says: 'the longest line is between 64KiB and 256MiB',
};

/** In the smallest unit; undefined where the schema has found something wrong, or nothing stands there. */
export function readQuantity(
  tree: Tree | undefined,
  { units, limits, says }: Quantity,
  findings: Finding[],
): number | undefined {
  const [, digits, unit] = /^(\d{1,7})([A-Za-z]+)$/.exec(stringOf(tree) ?? '') ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  if (tree === undefined || digits === undefined || factor === undefined) return undefined;
  const amount = Number(digits) * factor;
  const [least, most] = limits;
  if (amount < least || amount > most) findings.push({ at: tree.at, message: says });
  return amount;
}
