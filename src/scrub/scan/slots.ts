// Indices by the hash of what they belong to.

const SLOTS = 4096;

export interface Slots {
  /** The first entry of each slot, and the one behind each entry; -1 where there is none. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** What each entry stands for; itself where nothing is said. */
  readonly indices: readonly number[];
}

export function slotOf(hash: number): number {
  return hash % SLOTS;
}

/** In each slot the entries have the order in which they are given. */
export function slotsOf(hashes: readonly number[], indices: readonly number[] = []): Slots {
  const first = new Int32Array(SLOTS).fill(-1);
  const next = new Int32Array(hashes.length);
  for (let entry = hashes.length - 1; entry >= 0; entry--) {
    const slot = slotOf(hashes[entry] ?? 0);
    next[entry] = first[slot] ?? -1;
    first[slot] = entry;
  }
  return { first, next, indices };
}
