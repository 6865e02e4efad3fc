// The engine in WebAssembly. A line is scanned in windows, so that no memory grows with it.

import { AROUND, CLASSES, ENTRY, LAYOUT, ROWS, VALUES, WINDOW, type Candidates, type EntryKind } from './layout.js';
import { BUCKETS } from './buckets.js';
import { MODULE } from './module.js';
import { LONGEST_MARK } from './pattern.js';
import type { Tables } from './tables.js';
import { createTwin } from './twin.js';

/** What is used of the WebAssembly of the platform, which the types of Node leave out. */
export interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Lists what may be between two places in the memory and says how many entries there are. */
  readonly scan: (from: number, to: number) => number;
}

/** Undefined where there is none, as under `--jitless`. */
export function platformWasm(): Wasm | undefined {
  return typeof WebAssembly === 'undefined' ? undefined : WebAssembly;
}
declare const WebAssembly: Wasm | undefined;

/** Undefined when the platform does not take the module: it has no vectors. */
export function createWasm(tables: Tables, wasm: Wasm): Candidates | undefined {
  const exports = instantiate(wasm);
  if (exports === undefined) return undefined;
  fill(new Uint8Array(exports.memory.buffer), tables);
  return scanner(exports, tables);
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

/** By what stands above the place in an entry. */
const KINDS: readonly EntryKind[] = Object.values(ENTRY);
const PLACE = (1 << 28) - 1;
/** Stands in the place of `resume` when there was no room for all entries. */
const OVERFLOW = 0xffffffff;

function scanner({ memory, scan }: Exports, tables: Tables): Candidates {
  const window = new Uint8Array(memory.buffer, LAYOUT.window - AROUND, AROUND + WINDOW + AROUND);
  const list = new Uint32Array(memory.buffer, LAYOUT.list, LAYOUT.listLength);
  const resume = new Uint32Array(memory.buffer, LAYOUT.resume, 1);
  let twin: Candidates | undefined;
  let busy = false;

  /** The window, what comes before it, and what behind it: zeros where there is nothing. */
  const load = (bytes: Uint8Array, base: number): void => {
    const start = Math.max(0, base - AROUND);
    window.fill(0, 0, AROUND - (base - start));
    const part = bytes.length <= WINDOW ? bytes : bytes.subarray(start, base + WINDOW + AROUND);
    window.set(part, AROUND - (base - start));
    const end = AROUND - (base - start) + part.length;
    window.fill(0, end, end + AROUND);
  };
  const scanWindow = (
    base: number,
    size: number,
    visit: (kind: EntryKind, at: number) => boolean,
  ): boolean | undefined => {
    const to = LAYOUT.window + size;
    for (let from: number = LAYOUT.window; from < to; from = resume[0] ?? to) {
      const count = scan(from, to);
      if (resume[0] === OVERFLOW) return undefined;
      for (let index = 0; index < count; index++) {
        const entry = list[index] ?? 0;
        const at = (entry & PLACE) - LAYOUT.window;
        const kind = KINDS[entry >>> 28] ?? ENTRY.literal;
        // A literal behind the window is listed by the next one. What belongs to a run that begins in this one is not.
        if (at >= size && kind === ENTRY.literal) continue;
        if (visit(kind, base + at)) return true;
      }
    }
    return false;
  };
  const scanAll: Candidates = (bytes, visit) => {
    for (let base = 0; base < bytes.length; base += WINDOW) {
      load(bytes, base);
      const isOver = scanWindow(base, Math.min(bytes.length - base, WINDOW), visit);
      if (isOver === undefined) return (twin ??= createTwin(tables))(bytes, visit);
      if (isOver) return true;
    }
    return false;
  };
  return (bytes, visit) => {
    // A scan from within `visit` must not take the list away from the one that is under way.
    if (busy) return (twin ??= createTwin(tables))(bytes, visit);
    busy = true;
    try {
      return scanAll(bytes, visit);
    } finally {
      busy = false;
    }
  };
}

function fill(
  memory: Uint8Array,
  { buckets, shorts, hasUri, fours, words, sure, prefixes, longPrefixes, names }: Tables,
): void {
  memory.set(ROWS, LAYOUT.rows);
  memory.set(CLASSES, LAYOUT.classes);
  memory.set(VALUES, LAYOUT.values);
  memory.set(shorts, LAYOUT.shorts);
  memory[LAYOUT.hasUri] = Number(hasUri);
  memory.set(fours, LAYOUT.fours);
  memory.set(words, LAYOUT.words);
  memory.set(sure, LAYOUT.sure);
  memory.set(prefixes, LAYOUT.prefixes);
  memory.set(longPrefixes, LAYOUT.longPrefixes);
  memory.set(names, LAYOUT.names);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    for (let byte = 0; byte < LONGEST_MARK; byte++) {
      const start = LAYOUT.tables + (bucket >> 3) * 64 + byte * 16;
      const accepted = buckets[bucket * LONGEST_MARK + byte] ?? 0;
      for (let index = 0; index < 16; index++) {
        if (((accepted >> index) & 1) === 1) memory[start + index] = (memory[start + index] ?? 0) | (1 << (bucket & 7));
      }
    }
  }
}
