// What the pass over the bytes looks for: the anchors of the detectors, each once, and what becomes of them in an encoding.

import type { Literal } from '../scan/scan.js';
import { LONG_RUN } from '../scan/scan.js';
import type { Detector } from './detector.js';

export interface Use {
  readonly detector: Detector;
  readonly anchor: string;
}

export interface Anchors {
  readonly literals: readonly (Literal & { readonly text: string })[];
  /** For each literal those who asked for it; none for an anchor that is written in some encoding. */
  readonly uses: readonly (readonly Use[])[];
  readonly prefixes: readonly string[];
  readonly prefixUses: readonly (readonly Use[])[];
  readonly names: readonly string[];
  readonly nameUses: readonly (readonly Use[])[];
}

export function anchorsOf(detectors: readonly Detector[]): Anchors {
  const literals = createTable();
  const prefixes = createTable();
  const names = createTable();
  const encoded: string[] = [];
  for (const detector of detectors) {
    for (const anchor of detector.anchors) {
      const use = { detector, anchor };
      if (isPrefix(detector, anchor)) prefixes.add(anchor, false, use);
      else if (isName(detector, anchor)) names.add(anchor, true, use);
      else {
        literals.add(anchor, detector.anyCase === true, use);
        encoded.push(...escapedForms(anchor).map((form) => form.toLowerCase()));
      }
    }
  }
  // An encoded anchor that holds another one is found by that.
  const plain = literals.keys().map(({ text }) => text.toLowerCase());
  for (const form of [...TRIGGERS, ...encoded]) if (!plain.some((text) => form.includes(text))) literals.add(form, true);
  return {
    literals: literals.keys().map(({ text, anyCase }) => ({ text, anyCase, bytes: Buffer.from(text, 'latin1') })),
    uses: literals.uses(),
    prefixes: prefixes.keys().map(({ text }) => text),
    prefixUses: prefixes.uses(),
    names: names.keys().map(({ text }) => text),
    nameUses: names.uses(),
  };
}

interface Key {
  readonly text: string;
  readonly anyCase: boolean;
}

function createTable() {
  const table = new Map<string, Key & { uses: Use[] }>();
  return {
    add(text: string, anyCase: boolean, use?: Use): void {
      const key = `${anyCase ? 'i' : 'c'}${text}`;
      const entry = table.get(key) ?? { text, anyCase, uses: [] };
      table.set(key, entry);
      if (use !== undefined) entry.uses.push(use);
    },
    keys: (): readonly Key[] => [...table.values()],
    uses: (): readonly (readonly Use[])[] => [...table.values()].map(({ uses }) => uses),
  };
}

/** As much of a prefix may stand before its run, behind a dot and the like. */
const LONGEST_DOTTED = 30;

function isPrefix({ follows = 0, within }: Detector, anchor: string): boolean {
  if (anchor === '*') return follows >= LONG_RUN;
  // What stands inside a run is found where it begins with a joint.
  if (within !== undefined && !/^[_:-]/.test(anchor)) return false;
  if (within !== undefined) return within >= LONG_RUN && (anchor === ':' || anchor.length > 3);
  const bare = anchor.replace(/^[_-]/, '');
  const tail = /[\w-]*$/.exec(anchor)?.[0].length ?? 0;
  if (bare.length < 3 || !/^[\w-]+(?:[.:!|][\w-]+)*[.:!|]?$/.test(bare) || bare.length - tail > LONGEST_DOTTED) return false;
  return tail + follows >= LONG_RUN;
}

function isName({ named }: Detector, anchor: string): boolean {
  return named === true && /^[a-z0-9_.-]{4,}$/.test(anchor);
}

/**
 * Percent-encoded (RFC 3986 §2.1) what may be a part of a URI, and with slashes that JSON may escape. Repeated encoding is a
 * trigger of its own.
 */
function escapedForms(anchor: string): readonly string[] {
  if (!/^[\w.-]{3,}(?:=|\/.*)$/.test(anchor)) return [];
  const forms = [encodeURIComponent(anchor)];
  return anchor.includes('/')
    ? [...forms, anchor.replaceAll('/', '\\/'), anchor.replaceAll('/', '\\\\/')]
    : forms;
}

/** The encoded beginnings of anchors: `://`, `$`, and whatever is percent-encoded twice. */
const TRIGGERS = ['%3a%2f', '%24', ...Array.from('234567', (digit) => `%25${digit}`)];
