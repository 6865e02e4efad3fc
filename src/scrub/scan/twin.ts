// The engine in plain JavaScript: an automaton over the first bytes of all marks (Aho and Corasick 1975, completed
// to one table). Bytes that no literal has are one class, so that the table is small and stays in the cache.

import type { Candidates } from './literal-scan.js';
import type { Pattern } from './pattern.js';
import { isLetter, markOf } from './pattern.js';

/** Prefixes have one length, so that places come in ascending order. */
export function createTwin(patterns: readonly Pattern[]): Candidates {
  const marks = patterns.map(markOf);
  const length = Math.min(...marks.map((mark) => mark.length));
  const classes = classesOf(marks, length);
  const { table, accepting } = automatonOf(prefixesOf(marks, classes, length), Math.max(...classes) + 1, length);
  return (bytes, from, visit) => {
    let state = 0;
    for (let at = from; at < bytes.length; at++) {
      state = table[state + (classes[bytes[at] ?? 0] ?? 0)] ?? 0;
      if (state >= accepting && visit(at - length + 1)) return true;
    }
    return false;
  };
}

/** Upper and lower case are one class throughout: literals are compared exactly afterwards. */
function classesOf(marks: readonly Uint8Array[], length: number): Uint8Array {
  const classes = new Uint8Array(256);
  let next = 1;
  for (const mark of marks) {
    for (const byte of mark.subarray(0, length)) {
      if (classes[byte] !== 0) continue;
      classes[byte] = next;
      classes[otherCase(byte)] = next++;
    }
  }
  return classes;
}

function otherCase(byte: number): number {
  return isLetter(byte) ? byte ^ 0x20 : byte;
}

function prefixesOf(marks: readonly Uint8Array[], classes: Uint8Array, length: number): readonly number[][] {
  const prefixes = marks.map((mark) => Array.from(mark.subarray(0, length), (byte) => classes[byte] ?? 0));
  return [...new Map(prefixes.map((prefix) => [prefix.join(), prefix])).values()];
}

interface Automaton {
  /** The next state by state plus class; a state is its number times the number of classes. */
  readonly table: Int32Array;
  /** This state and all after it have seen a prefix to its end. */
  readonly accepting: number;
}

/** States are the beginnings of the prefixes, shortest first. */
function automatonOf(prefixes: readonly number[][], classes: number, length: number): Automaton {
  const states = new Map([['', 0]]);
  const beginnings: number[][] = [[]];
  let accepting = 0;
  for (let size = 1; size <= length; size++) {
    accepting = states.size * classes;
    for (const prefix of prefixes) {
      const beginning = prefix.slice(0, size);
      if (states.has(beginning.join())) continue;
      states.set(beginning.join(), states.size * classes);
      beginnings.push(beginning);
    }
  }
  const table = new Int32Array(states.size * classes);
  beginnings.forEach((beginning, index) => {
    for (let next = 0; next < classes; next++) table[index * classes + next] = longestEnd([...beginning, next], states);
  });
  return { table, accepting };
}

function longestEnd(seen: readonly number[], states: ReadonlyMap<string, number>): number {
  for (let from = 0; from < seen.length; from++) {
    const state = states.get(seen.slice(from).join());
    if (state !== undefined) return state;
  }
  return 0;
}
