// Counts of what was scrubbed, by name: for the audit and for people. Never a value.

import type { Finding } from '../scrub/scrubber.js';

export interface Findings {
  add(found: readonly Finding[]): void;
  /** Name → count, sorted by name. */
  counts(): Record<string, number>;
}

export function createFindings(): Findings {
  const totals = new Map<string, number>();
  return {
    add(found) {
      for (const { name, count } of found) totals.set(name, (totals.get(name) ?? 0) + count);
    },
    counts() {
      return Object.fromEntries([...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}
