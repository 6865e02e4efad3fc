// Indices by the hash of what they belong to: all in one row, slot by slot.

const SLOTS = 4096;

export interface Slots {
  /** Where in the row the indices of a slot begin; those of the next one begin behind them. */
  readonly starts: Uint32Array;
  readonly row: Uint32Array;
}

export function slotOf(hash: number): number {
  return hash % SLOTS;
}

/** In each slot the indices have the order in which they are given. */
export function slotsOf(hashes: readonly number[], indices: readonly number[]): Slots {
  const starts = new Uint32Array(SLOTS + 1);
  const row = new Uint32Array(hashes.length);
  for (const hash of hashes) add(starts, slotOf(hash) + 1, 1);
  for (let slot = 0; slot < SLOTS; slot++) add(starts, slot + 1, starts[slot] ?? 0);
  const next = starts.slice();
  for (let at = 0; at < hashes.length; at++) {
    const slot = slotOf(hashes[at] ?? 0);
    row[next[slot] ?? 0] = indices[at] ?? 0;
    add(next, slot, 1);
  }
  return { starts, row };
}

function add(numbers: Uint32Array, at: number, more: number): void {
  numbers[at] = (numbers[at] ?? 0) + more;
}
