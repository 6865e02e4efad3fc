// What the pass over the bytes looks for: the anchors of the detectors, each once, and what becomes of them in an encoding.

import type { Literal } from '../scan/scan.js';
import { LONG_RUN } from '../scan/layout.js';
import type { Detector } from './detector.js';

export interface Use {
  readonly detector: Detector;
  readonly anchor: string;
  /** Where in the anchor the literal stands that is looked for. */
  readonly offset: number;
}

export interface Anchors {
  readonly literals: readonly Literal[];
  /** Those who asked for a literal; none for an anchor that is written in some encoding. */
  readonly literalUses: (index: number) => readonly Use[];
  readonly prefixes: readonly string[];
  readonly prefixUses: (index: number) => readonly Use[];
  readonly names: readonly string[];
  readonly nameUses: (index: number) => readonly Use[];
}

export function anchorsOf(detectors: readonly Detector[]): Anchors {
  const literals = createTable();
  const prefixes = createTable();
  const names = createTable();
  const encoded: string[] = [];
  for (const detector of detectors) {
    for (const anchor of detector.anchors) {
      const use = { detector, anchor, offset: 0 };
      if (isPrefix(detector, anchor)) prefixes.add(anchor, false, use);
      else if (isName(detector, anchor)) names.add(anchor, true, use);
      else literals.add(anchor, detector.anyCase === true, use);
      encoded.push(...escapedForms(anchor.toLowerCase()));
    }
  }
  const plain = rootsOf(literals.all());
  for (const form of encoded)
    if (!plain.some(({ text }) => form.includes(text))) plain.push({ text: form, anyCase: true, uses: [] });
  return {
    literals: plain.map(({ text, anyCase, uses }) => ({
      text,
      anyCase,
      isWord: uses.length > 0 && uses.every(({ detector }) => detector.isWord === true),
    })),
    literalUses: usesOf(plain),
    prefixes: prefixes.all().map(({ text }) => text),
    prefixUses: usesOf(prefixes.all()),
    names: names.all().map(({ text }) => text),
    nameUses: usesOf(names.all()),
  };
}

function usesOf(entries: readonly Entry[]): (index: number) => readonly Use[] {
  return (index) => entries[index]?.uses ?? [];
}

interface Entry {
  readonly text: string;
  readonly anyCase: boolean;
  readonly uses: Use[];
}

function createTable() {
  const table = new Map<string, Entry>();
  return {
    add(text: string, anyCase: boolean, use: Use): void {
      const key = `${anyCase ? 'i' : 'c'}${text}`;
      const entry = table.get(key);
      if (entry === undefined) table.set(key, { text, anyCase, uses: [use] });
      else entry.uses.push(use);
    },
    all: (): readonly Entry[] => [...table.values()],
  };
}

/** An entry that holds another one is found by that: only those that hold none are left, with the uses of the others. */
function rootsOf(entries: readonly Entry[]): Entry[] {
  const roots: Entry[] = [];
  for (const entry of entries.toSorted((one, other) => one.text.length - other.text.length)) {
    const root = roots.find((one) => isIn(one, entry));
    if (root === undefined) roots.push({ ...entry, uses: [...entry.uses] });
    else {
      const offset = offsetIn(root, entry);
      root.uses.push(...entry.uses.map((use) => ({ ...use, offset })));
    }
  }
  return roots;
}

function isIn(root: Entry, entry: Entry): boolean {
  return (root.anyCase || !entry.anyCase) && offsetIn(root, entry) >= 0;
}

function offsetIn(root: Entry, { text }: Entry): number {
  return (root.anyCase ? text.toLowerCase() : text).indexOf(root.text);
}

/** As much of a prefix may stand before its run, behind a dot and the like. */
const LONGEST_DOTTED = 30;

function isPrefix({ follows = 0, within }: Detector, anchor: string): boolean {
  if (anchor === '*') return follows >= LONG_RUN;
  // What stands inside a run is found where it begins with a joint.
  if (within !== undefined && !/^[_:-]/.test(anchor)) return false;
  if (within !== undefined) return within >= LONG_RUN && (anchor === ':' || anchor.length > 3);
  if (anchor.length + follows < LONG_RUN) return false;
  const bare = anchor.replace(/^[_-]/, '');
  const tail = /[\w-]*$/.exec(anchor)?.[0].length ?? 0;
  if (bare.length < 3 || !/^[\w-]+(?:[.:!|][\w-]+)*[.:!|]?$/.test(bare) || bare.length - tail > LONGEST_DOTTED)
    return false;
  return tail + follows >= LONG_RUN;
}

function isName({ named }: Detector, anchor: string): boolean {
  return named === true && /^[a-z0-9_.-]{4,}$/.test(anchor);
}

/** With slashes that JSON may escape, and JSON in JSON the backslashes too. */
function escapedForms(anchor: string): readonly string[] {
  if (!/\w.*\//.test(anchor)) return [];
  // As far as the first of them, that is enough where it is long.
  if (/^[^/]{4,}\//.test(anchor)) return [anchor.replace(/\/.*$/, '\\')];
  return ['\\', '\\\\', '\\\\\\'].map((escape) => anchor.replaceAll('/', `${escape}/`));
}
