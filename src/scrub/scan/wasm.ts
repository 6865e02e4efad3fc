// The engine in WebAssembly: 16 positions at a time, four bytes of each looked up in nibble tables ("Teddy", from the
// Hyperscan project); what passes is looked up by two hashes. A line is scanned in windows, so that no memory grows with it.

import { bucketsOf } from './buckets.js';
import { hashOfFour, hashOfThree, LAYOUT, SLACK, WINDOW } from './layout.js';
import type { Candidates } from './literal-scan.js';
import { MODULE } from './module.js';
import type { Pattern } from './pattern.js';
import { markOf } from './pattern.js';
import { createTwin } from './twin.js';

/** What is used of the WebAssembly of the platform, which the types of Node leave out. */
export interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Lists candidates between two places in the memory and says how many: with vectors, */
  readonly scan: (from: number, to: number) => number;
  /** and without. */
  readonly sweep: (from: number, to: number) => number;
}

/** With more literals the vectors let so much through that they are no gain. */
const FEW = 200;

/** Undefined where there is none, as under `--jitless`. */
export function platformWasm(): Wasm | undefined {
  return typeof WebAssembly === 'undefined' ? undefined : WebAssembly;
}
declare const WebAssembly: Wasm | undefined;

/** Undefined when the platform does not take the module: it has no vectors. */
export function createWasm(patterns: readonly Pattern[], wasm: Wasm): Candidates | undefined {
  const exports = instantiate(wasm);
  if (exports === undefined) return undefined;
  fillTables(new Uint8Array(exports.memory.buffer), patterns);
  return scanner(exports, patterns);
}

const compiled = new WeakMap<Wasm, object>();

function instantiate(wasm: Wasm): Exports | undefined {
  try {
    const module = compiled.get(wasm) ?? new wasm.Module(Buffer.from(MODULE, 'base64'));
    compiled.set(wasm, module);
    return new wasm.Instance(module).exports;
  } catch {
    return undefined;
  }
}

function scanner({ memory, ...engines }: Exports, patterns: readonly Pattern[]): Candidates {
  const scan = patterns.length > FEW ? engines.sweep : engines.scan;
  const window = new Uint8Array(memory.buffer, LAYOUT.window, WINDOW + SLACK);
  const list = new Uint32Array(memory.buffer, LAYOUT.list, LAYOUT.listLength);
  const resume = new Uint32Array(memory.buffer, LAYOUT.resume, 1);
  let twin: Candidates | undefined;
  let busy = false;

  const scanWindow = (base: number, size: number, visit: (at: number) => boolean): boolean => {
    const to = LAYOUT.window + size;
    for (let from: number = LAYOUT.window; from < to; from = resume[0] ?? to) {
      const count = scan(from, to);
      for (let index = 0; index < count; index++) {
        const at = (list[index] ?? to) - LAYOUT.window;
        // Behind the window stand bytes of the next one, or of an earlier line.
        if (at < size && visit(base + at)) return true;
      }
    }
    return false;
  };
  const scanAll: Candidates = (bytes, from, visit) => {
    for (let base = from; base < bytes.length; base += WINDOW) {
      const rest = bytes.length - base;
      window.set(base === 0 && rest <= WINDOW ? bytes : bytes.subarray(base, base + WINDOW + SLACK));
      if (scanWindow(base, Math.min(rest, WINDOW), visit)) return true;
    }
    return false;
  };
  return (bytes, from, visit) => {
    // A scan from within `visit` must not take the list away from the one that is under way.
    if (busy) return (twin ??= createTwin(patterns))(bytes, from, visit);
    busy = true;
    try {
      return scanAll(bytes, from, visit);
    } finally {
      busy = false;
    }
  };
}

function fillTables(memory: Uint8Array, patterns: readonly Pattern[]): void {
  for (const pattern of patterns) fillHashes(memory, markOf(pattern));
  if (patterns.length > FEW) return;
  bucketsOf(patterns).forEach((halves, bucket) => {
    const group = LAYOUT.tables + (bucket >> 3) * 128;
    halves.forEach((accepted, table) => {
      for (let half = 0; half < 16; half++) {
        if (((accepted >> half) & 1) === 1) orInto(memory, group + table * 16 + half, 1 << (bucket & 7));
      }
    });
  });
}

function fillHashes(memory: Uint8Array, mark: Uint8Array): void {
  orInto(memory, LAYOUT.kinds + hashOfThree(mark), mark.length < 4 ? 2 : 1);
  if (mark.length < 4) return;
  const hash = hashOfFour(mark);
  orInto(memory, LAYOUT.bits + (hash >> 3), 1 << (hash & 7));
}

function orInto(memory: Uint8Array, at: number, bits: number): void {
  memory[at] = (memory[at] ?? 0) | bits;
}
