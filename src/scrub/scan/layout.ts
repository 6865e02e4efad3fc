// The memory of the WebAssembly module, as scripts/build-scan-wasm.mjs lays it out, and the hashes that it computes.

export const LAYOUT = {
  /** Nibble tables: for 2 times 8 buckets and each of 4 bytes, 16 bytes for the low half and 16 for the high one. */
  tables: 0,
  /** Where the scan stopped, as a 32-bit number. */
  resume: 256,
  /** By the hash of 3 bytes: 0 no mark begins so, 1 look at 4 bytes, 2 a candidate. */
  kinds: 4096,
  /** By the hash of 4 bytes, one bit: some mark begins so. */
  bits: 36_864,
  /** The candidates: 32-bit places in the memory. */
  list: 45_056,
  listLength: 4096,
  window: 61_440,
} as const;

/** Bytes that are scanned in one go; the memory has room for a few more behind them. */
export const WINDOW = 65_536;
/** The vectors of the last positions reach that far behind the window. */
export const SLACK = 32;

/** Of three bytes, letter case folded away; below 32,768. */
export function hashOfThree(bytes: Uint8Array): number {
  return Math.imul((numberOf(bytes) & 0xffffff) | 0x202020, 0x9e3779b1) >>> 17;
}

/** Of four bytes, likewise; below 65,536. */
export function hashOfFour(bytes: Uint8Array): number {
  return Math.imul(numberOf(bytes) | 0x20202020, 0x85ebca6b) >>> 16;
}

function numberOf([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number {
  return first | (second << 8) | (third << 16) | (fourth << 24);
}
