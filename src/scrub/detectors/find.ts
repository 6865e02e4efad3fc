// All detectors on one text: a single pass for all their anchors, a detector only where an anchor of its own stands, and
// other readings of the text only where something encoded stands.

import type { Form } from '../needle.js';
import { CLASS, CLASSES, ENTRY } from '../scan/layout.js';
import type { EntryKind } from '../scan/layout.js';
import type { Scan } from '../scan/scan.js';
import type { Range } from '../sequence.js';
import type { Detector } from './detector.js';
import type { Anchors, Use } from './literals.js';
import { insideMask } from './masked.js';
import type { View, Wrapped } from './views.js';
import { base64At, hexAt, isCharacterEscaped, withoutEscapes } from './views.js';
import { readingsAt } from './window.js';

export interface Found extends Range {
  readonly name: string;
  readonly form: Form;
  /** The credential as it reads without its wrapping. */
  readonly credential: string;
}

export type Holds = 'inside' | 'across' | 'nothing';

export interface Finder {
  /** In decoded text, in about the order of the text; they may overlap. `flat`: nothing encoded is opened. */
  detect(text: string, how?: 'flat'): readonly Found[];
  /** Whether the name of a member may say what its value is. */
  isTelling(name: string): boolean;
  /** Whether an anchor, as the scan has found it in the bytes of a line, deserves that `mayHold` is asked. */
  isNear(bytes: Uint8Array, kind: EntryKind, at: number, index: number): boolean;
  /** Whether `detect` finds something around a place once its percent-encoding and other escapes are taken away. */
  holdsEncoded(bytes: Buffer, at: number): boolean;
  /** Whether `detect` may find something because of this anchor: in the decoded string around it, or only across strings. */
  mayHold(bytes: Buffer, kind: EntryKind, at: number, index: number): Holds;
}

const BACKSLASH = 0x5c;
const DEEPEST = 3;
/** A header with some rows behind it. */
const TABLE_REACH = 4_096;
/** Names whose answer is remembered. */
const MOST_NAMES = 1000;
/** What encodes, and what has no width: one after the other, for each is sought fast. */
const ENCODING = Array.from('\\%&\0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff');

interface Hit {
  readonly kind: EntryKind;
  readonly at: number;
  readonly index: number;
}

const BEFORE_ENCODED = 512;
/** What is encoded takes up to three times its length, or five. */
const BEHIND_ENCODED = 3_072;

/** `scan` is made of these anchors first; what else it looks for is nobody's business here. */
export function createFinder(anchors: Anchors, scan: Scan): Finder {
  const usesOf = (kind: EntryKind, index: number): readonly Use[] => {
    if (kind === ENTRY.literal) return anchors.literalUses(index);
    return kind === ENTRY.prefix ? anchors.prefixUses(index) : anchors.nameUses(index);
  };
  const isNear: Finder['isNear'] = (bytes, kind, at, index) => {
    if (isWrapping(kind)) return true;
    if (kind === ENTRY.literal && index >= anchors.literals.length) return false;
    const uses = usesOf(kind, index);
    if (uses.length === 0) return true;
    return uses.some((use) => isQuick(use, bytes, at));
  };
  const hitsIn = (text: string): readonly Hit[] => {
    const bytes = Buffer.from(text, 'latin1');
    const hits: Hit[] = [];
    scan.each(bytes, (kind, at, index) => {
      if (isNear(bytes, kind, at, index)) hits.push({ kind, at, index });
      return false;
    });
    return hits;
  };
  const detect = (text: string, depth: number): readonly Found[] => {
    const found: Found[] = [];
    const until = new Map<Detector, number>();
    const seen = newSeen();
    for (const { kind, at, index } of hitsIn(text)) {
      if (!isWrapping(kind)) for (const use of usesOf(kind, index)) findAt(text, at - use.offset, use, until, found);
      else if (depth < DEEPEST) found.push(...unwrapped(text, at, kind, seen, (inner) => detect(inner, depth + 1)));
    }
    if (depth < DEEPEST && ENCODING.some((sign) => text.includes(sign))) {
      const view = withoutEscapes(text);
      if (view !== undefined) found.push(...translated(detect(view.text, depth + 1), view));
    }
    return found;
  };
  const telling = new Map<string, boolean>();
  const isTelling = (name: string): boolean => {
    const known = telling.get(name);
    if (known !== undefined) return known;
    const lower = name.toLowerCase();
    const tells = hitsIn(`"${name}": "`).length > 0 || anchors.names.some((part) => lower.includes(part));
    if (telling.size >= MOST_NAMES) telling.clear();
    telling.set(name, tells);
    return tells;
  };
  return {
    detect: (text, how) => detect(text, how === 'flat' ? DEEPEST : 0),
    isTelling,
    isNear,
    holdsEncoded(bytes, at) {
      const view = withoutEscapes(bytes.toString('utf8', Math.max(0, at - BEFORE_ENCODED), at + BEHIND_ENCODED));
      return view !== undefined && detect(view.text, 1).length > 0;
    },
    mayHold(bytes, kind, at, index) {
      if (isWrapping(kind)) {
        const holds = mayBeWrapped(bytes, at, kind, (inner) => detect(inner, 1));
        return holds ? 'inside' : 'nothing';
      }
      const all = usesOf(kind, index);
      if (all.length === 0) return 'inside';
      const uses = all.filter((use) => isQuick(use, bytes, at));
      if (kind === ENTRY.prefix && !uses.some(({ detector, anchor }) => isBroken(bytes, at + anchor.length, detector)))
        return uses.some((use) => standsAt(bytes, at, use)) ? 'inside' : 'nothing';
      const reach = uses.some(({ detector }) => detector.isTable === true) ? TABLE_REACH : undefined;
      for (const { text, at: inText, across } of readingsAt(bytes, at, reach)) {
        if (uses.some(({ detector, anchor, offset }) => detector.find(text, inText - offset, anchor) !== undefined))
          return across ? 'across' : 'inside';
      }
      return 'nothing';
    },
  };
}

function isWrapping(kind: EntryKind): boolean {
  return kind === ENTRY.base64 || kind === ENTRY.hex;
}

/** Whether a token may go on where its run has ended: behind a sign in it, an escape, or a character of no width. */
function mayGoOn(bytes: Uint8Array, at: number, { signs = '' }: Detector): boolean {
  const byte = bytes[at];
  if (byte === undefined) return false;
  if (byte === BACKSLASH) return isCharacterEscaped(bytes, at);
  return byte >= 0x80 || byte === 0 || byte === 0x25 || byte === 0x26 || signs.includes(String.fromCharCode(byte));
}

/** Whether a detector must read the text around a literal of its anchor that stands at `place`. */
function isQuick({ detector, anchor, offset }: Use, bytes: Uint8Array, place: number): boolean {
  const at = place - offset;
  if (!isAnchor(bytes, at, anchor, detector.anyCase === true)) return false;
  const { follows = 0, named, quick } = detector;
  const end = at + anchor.length;
  if (quick !== undefined && !quick(bytes, at, end)) return false;
  if (follows === 0 || named === true) return true;
  const next = runEnd(bytes, end, detector);
  return next === end + follows || mayGoOn(bytes, next, detector);
}

/** As far as what must follow an anchor goes. */
function runEnd(bytes: Uint8Array, end: number, { follows = 0, alphabet = RUN }: Detector): number {
  let next = end;
  while (next < end + follows && alphabet[bytes[next] ?? 0] === 1) next++;
  return next;
}
const RUN = CLASSES.map((classes) => ((classes & CLASS.run) === 0 ? 0 : 1));

function isAnchor(bytes: Uint8Array, at: number, anchor: string, anyCase: boolean): boolean {
  if (at < 0) return false;
  for (let index = 0; index < anchor.length; index++) {
    const [byte, code] = [bytes[at + index] ?? 0, anchor.charCodeAt(index)];
    if (byte !== code && !(anyCase && (byte | 0x20) === code)) return false;
  }
  return true;
}

/** Whether the run behind a prefix goes on behind an escape. */
function isBroken(bytes: Uint8Array, end: number, detector: Detector): boolean {
  return runEnd(bytes, end, detector) < end + (detector.follows ?? 0);
}

const BEFORE_PREFIX = 64;
const LONGEST_TOKEN = 4_096;

/** Nothing is escaped in a run: its bytes read as the text does. */
function standsAt(bytes: Buffer, at: number, { detector, anchor }: Use): boolean {
  const from = Math.max(0, at - BEFORE_PREFIX);
  const near = bytes.toString('latin1', from, at + SHORT_TOKEN);
  if (detector.find(near, at - from, anchor) !== undefined) return true;
  // A token that is longer is cut off.
  if (!/[\w+/=.~-]{64}$/.test(near)) return false;
  return detector.find(bytes.toString('latin1', from, at + LONGEST_TOKEN), at - from, anchor) !== undefined;
}
const SHORT_TOKEN = 256;

/** What a detector has found already is not searched again by it. */
function findAt(
  text: string,
  at: number,
  { detector, anchor }: Use,
  until: Map<Detector, number>,
  found: Found[],
): void {
  if (at < (until.get(detector) ?? 0)) return;
  if (
    !(detector.anyCase === true ? text.slice(Math.max(0, at), at + anchor.length).toLowerCase() : text).startsWith(
      anchor,
      detector.anyCase === true ? 0 : at,
    )
  )
    return;
  const ranges = detector.find(text, at, anchor);
  if (ranges === undefined) return;
  for (const { start, end } of 'start' in ranges ? [ranges] : ranges) {
    if (end <= start || insideMask(text, { start, end })) continue;
    until.set(detector, end);
    found.push({ start, end, name: detector.name, form: 'characters', credential: text.slice(start, end) });
  }
}

interface Seen {
  /** How far base64 has been decoded, by the place in its groups of four; and hexadecimal, by the place in its pairs. */
  readonly base64: number[];
  readonly hex: number[];
}

function newSeen(): Seen {
  return { base64: [0, 0, 0, 0], hex: [0, 0] };
}

type Detect = (text: string) => readonly Found[];

/** A long run is decoded piece by piece; the last of each is looked at again, for it may be cut in two. */
function unwrapped(text: string, from: number, kind: EntryKind, seen: Seen, detect: Detect): readonly Found[] {
  const done = kind === ENTRY.base64 ? seen.base64 : seen.hex;
  const phase = from % done.length;
  const found: Found[] = [];
  for (let at = from; at >= (done[phase] ?? 0);) {
    const wrapped = kind === ENTRY.base64 ? base64At(text, at) : hexAt(text, at);
    if (wrapped === undefined) break;
    done[phase] = wrapped.seen;
    found.push(...wholeRuns(detect(wrapped.text), text, wrapped, kind));
    if (wrapped.seen >= wrapped.end) break;
    at = wrapped.seen - REPEATED - ((wrapped.seen - REPEATED - from) % 4);
    done[phase] = at;
  }
  return found;
}
const REPEATED = 4_096;

/** In running text the whole run goes; in a field that is nothing but one run, the part that holds the credential. */
function wholeRuns(found: readonly Found[], text: string, wrapped: Wrapped, kind: EntryKind): readonly Found[] {
  const isField = wrapped.start === 0 && wrapped.end === text.length;
  const form = kind === ENTRY.base64 ? 'base64' : 'hex';
  return found.map(({ name, credential, start, end }) =>
    isField
      ? { name, credential, form, start: wrapped.origin(start), end: roundedUp(wrapped, end) }
      : { name, credential, form, start: wrapped.start, end: wrapped.end },
  );
}

function roundedUp(wrapped: Wrapped, end: number): number {
  return Math.min(wrapped.end, wrapped.origin(end) + 1);
}

function translated(found: readonly Found[], view: View): readonly Found[] {
  return found.map((one) => ({ ...one, start: view.origin(one.start), end: view.origin(one.end) }));
}

/** A run that ends at an escape may be a longer one in the decoded text. */
function mayBeWrapped(bytes: Buffer, at: number, kind: EntryKind, detect: Detect): boolean {
  const text = bytes.toString('latin1', at, at + LONGEST_WRAPPED);
  const wrapped = kind === ENTRY.base64 ? base64At(text, 0) : hexAt(text, 0);
  if (wrapped === undefined) return false;
  return text[wrapped.end] === '\\' || unwrapped(text, 0, kind, newSeen(), detect).length > 0;
}
const LONGEST_WRAPPED = 65_536;
