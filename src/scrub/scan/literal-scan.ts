// Finds many short literals in bytes, in one pass. Two engines find where the mark of a literal stands, one in WebAssembly
// and one in JavaScript; what a hit is, is decided here for both.

import type { Pattern } from './pattern.js';
import { markOf, patternOf, standsAt } from './pattern.js';
import { createTwin } from './twin.js';
import type { Wasm } from './wasm.js';
import { createWasm, platformWasm } from './wasm.js';

export interface Literal {
  readonly bytes: Uint8Array;
  /** ASCII letters count in either case. */
  readonly anyCase?: boolean;
}

export interface LiteralScan {
  readonly engine: 'wasm' | 'javascript';
  /** Some literal occurs. */
  any(bytes: Uint8Array): boolean;
  /** Every hit once, from the beginning to the end but for a few bytes. Ends when `visit` says true, and says so. */
  each(bytes: Uint8Array, visit: Visit, from?: number): boolean;
}

/** `literal` is the index in what the scan was made of. */
export type Visit = (at: number, literal: number) => boolean;

/** Says where marks may stand: every place from `from` on where one does, in ascending order, and perhaps others. */
export type Candidates = (bytes: Uint8Array, from: number, visit: (at: number) => boolean) => boolean;

/**
 * Literals of one byte and more; an empty one throws a RangeError. The JavaScript engine serves where WebAssembly or its
 * vectors are missing, and for literals of one or two bytes.
 */
export function createLiteralScan(literals: readonly Literal[], wasm: Wasm | undefined = platformWasm()): LiteralScan {
  const shortest = Math.min(...literals.map(({ bytes }) => bytes.length));
  if (shortest === 0) throw new RangeError('an empty literal occurs everywhere');
  if (literals.length === 0) return { engine: 'javascript', any: () => false, each: () => false };
  const patterns = literals.map(patternOf);
  const fast = shortest >= 3 && wasm !== undefined ? createWasm(patterns, wasm) : undefined;
  const candidates = fast ?? createTwin(patterns);
  const verify = createVerifier(patterns);
  return {
    engine: fast === undefined ? 'javascript' : 'wasm',
    any: (bytes) => candidates(bytes, 0, (at) => verify(bytes, at, always)),
    each: (bytes, visit, from = 0) =>
      candidates(bytes, from, (at) => verify(bytes, at, from === 0 ? visit : notBefore(from, visit))),
  };
}

function always(): boolean {
  return true;
}

function notBefore(from: number, visit: Visit): Visit {
  return (at, literal) => at >= from && visit(at, literal);
}

const SLOTS = 4096;

/** All literals whose mark stands at a place; those that share a hash are tried one after the other. */
function createVerifier(patterns: readonly Pattern[]): (bytes: Uint8Array, at: number, visit: Visit) => boolean {
  const width = Math.min(...patterns.map((pattern) => markOf(pattern).length));
  const slots: number[][] = Array.from({ length: SLOTS }, () => []);
  patterns.forEach((pattern, index) => slots[slotOf(markOf(pattern), 0, width)]?.push(index));
  return (bytes, at, visit) => {
    for (const index of slots[slotOf(bytes, at, width)] ?? []) {
      const pattern = patterns[index];
      if (pattern === undefined) continue;
      const start = at - pattern.offset;
      if (standsAt(pattern, bytes, start) && visit(start, index)) return true;
    }
    return false;
  };
}

function slotOf(bytes: Uint8Array, at: number, width: number): number {
  let slot = 0;
  for (let index = at; index < at + width; index++) slot = Math.imul(slot, 31) + ((bytes[index] ?? 0) | 0x20);
  return slot & (SLOTS - 1);
}
