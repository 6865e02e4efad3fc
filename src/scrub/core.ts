// The scrubber: known values in, a filter for messages and text out. It has no policy and no effects.
//
//   prefilter   a cheap look at the raw bytes: most lines leave here, untouched                prefilter.ts
//   tokens      strings and numbers of a message, names of members too, with their places      json-strings.ts, envelope.ts
//   matchers    every spelling of every known value in the decoded text                        matcher.ts, needle.ts
//   detectors   credentials that nobody told us of, by their shape                             detectors/
//   splice      the found spans, and nothing else, are replaced in the raw bytes               masks.ts, splice.ts
//   check       the result is searched again; a line that does not come clean is not let go    message.ts

import { createHash } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import type { Detector } from './detectors/detector.js';
import type { Finder } from './detectors/find.js';
import { createFinder } from './detectors/find.js';
import type { UsedLiteral } from './detectors/literals.js';
import { literalsOf } from './detectors/literals.js';
import type { KnownValue } from './known.js';
import { deduplicate } from './known.js';
import { createMatcher } from './matcher.js';
import type { Engine } from './message.js';
import { isMessage, looksLikeMessage, scrubMessage, scrubText } from './message.js';
import { createNeedle } from './needle.js';
import { knownNumbers } from './numbers.js';
import { createPrefilter } from './prefilter.js';
import type { ByteEdit } from './splice.js';
import { bitsOf, STRONG_BITS } from './strength.js';
import { createTextStream } from './text-stream.js';
import type { Watch } from './watch.js';
import { watchedMatcher, watchedNumbers } from './watch.js';

export type { KnownValue } from './known.js';
export { knownValuesOf } from './known.js';
export type { Detector } from './detectors/detector.js';
export type { Strength } from './strength.js';
export { strengthOf } from './strength.js';

/** What was masked: how often, by the name of the value. Never the value. */
export interface Finding {
  readonly name: string;
  readonly count: number;
}

export interface Scrubbed {
  /** The very Buffer that was given when nothing was found. */
  readonly bytes: Buffer;
  readonly findings: readonly Finding[];
}

export interface ScrubbedMessage extends Scrubbed {
  /** `json`: an object or array, valid before and after. `text`: anything else; no message. */
  readonly kind: 'json' | 'text';
}

export interface TextStream {
  /** What may leave now: every line that has ended. Never throws; a line that cannot be scrubbed is withheld. */
  push(chunk: Buffer): Buffer;
  /** What is left at the end of the stream. */
  end(): Buffer;
  readonly findings: readonly Finding[];
  /** How many lines, or parts of an endless one, were withheld. */
  readonly withheld: number;
}

export interface Scrubber {
  /** One line without its newline: a message, a batch, or text. Throws `scrub-failed`; the line must then be dropped. */
  message(line: Buffer): ScrubbedMessage;
  /** One line of text without its newline. Throws `scrub-failed`. */
  text(line: Buffer): Scrubbed;
  /** Lines of text in chunks that end anywhere, in bounded memory. */
  textStream(): TextStream;
}

export interface ScrubberOptions {
  /** What is found by its shape: nothing by default; see scrubber.ts for all detectors there are. */
  readonly detectors?: readonly Detector[];
  /** `sha256:…` of findings that stay; see `allowFingerprint`. No known value is let through by it. */
  readonly allow?: ReadonlySet<string>;
  /** Hears of every match, with the text that holds it: for explanations, see explain.ts. */
  readonly watch?: Watch;
}

/**
 * A scrubber for these values, and for credentials by their shape. See `knownValuesOf` for the parts that a secret brings
 * along. Blank values are ignored.
 */
export function createScrubber(values: readonly KnownValue[], options: ScrubberOptions = {}): Scrubber {
  const known = deduplicate(values.filter(({ value }) => value.trim() !== ''));
  const needles = known.map(createNeedle);
  const numbers = watchedNumbers(knownNumbers(known), options.watch);
  const detectors = options.detectors ?? [];
  const finder = finderOf(detectors);
  const allowed = allowedBeside(known, options.allow ?? new Set());
  const allows = (credential: string): boolean => allowed.size > 0 && allowed.has(allowFingerprint(credential) ?? '');
  const engine: Engine = {
    prefilter: createPrefilter(
      needles,
      numbers.anchors,
      finder && ((raw, anchors) => finder.mayHold(raw, anchors)),
      finder === undefined ? [] : literalsFor(detectors),
    ),
    matcher: watchedMatcher(createMatcher(needles, finder, allows), options.watch),
    numbers,
  };
  const longest = Math.max(0, ...known.map(({ value }) => Buffer.byteLength(value)));
  return {
    message: (line) =>
      failClosed(() => {
        if (!engine.prefilter.line(line)) return clean(line);
        return isMessage(line) ? message(line, engine) : { kind: 'text', ...text(line, engine) };
      }),
    text: (line) => failClosed(() => text(line, engine)),
    textStream: () => textStream(engine, longest),
  };
}

/** Silently: whether an entry is the fingerprint of a known value is nothing that anybody may learn. */
function allowedBeside(known: readonly KnownValue[], allow: ReadonlySet<string>): ReadonlySet<string> {
  if (allow.size === 0) return allow;
  const forbidden = new Set(known.map(({ value }) => allowFingerprint(value)));
  return new Set([...allow].filter((fingerprint) => !forbidden.has(fingerprint)));
}

/** What `redact.allow` holds for a found text; undefined below 40 bits, for that could be guessed from its fingerprint. */
export function allowFingerprint(credential: string): string | undefined {
  if (bitsOf(Array.from(credential)) < STRONG_BITS) return undefined;
  return `sha256:${createHash('sha256').update(credential).digest('hex')}`;
}

/** Made once for each table of detectors, when it is first needed. */
function finderOf(detectors: readonly Detector[]): Finder | undefined {
  if (detectors.length === 0) return undefined;
  const known = finders.get(detectors) ?? createFinder(detectors);
  finders.set(detectors, known);
  return known;
}
const finders = new WeakMap<readonly Detector[], Finder>();

/** Made once for each table of detectors. */
function literalsFor(detectors: readonly Detector[]): readonly UsedLiteral[] {
  const known = literals.get(detectors) ?? literalsOf(detectors);
  literals.set(detectors, known);
  return known;
}
const literals = new WeakMap<readonly Detector[], readonly UsedLiteral[]>();

function clean(line: Buffer): ScrubbedMessage {
  return { kind: looksLikeMessage(line) ? 'json' : 'text', bytes: line, findings: [] };
}

function message(line: Buffer, engine: Engine): ScrubbedMessage {
  const { bytes, edits } = scrubMessage(line, engine);
  return { kind: 'json', bytes, findings: count(new Map(), edits) };
}

function text(line: Buffer, engine: Engine): Scrubbed {
  const { bytes, edits } = scrubText(line, engine);
  return { bytes, findings: count(new Map(), edits) };
}

function textStream(engine: Engine, longest: number): TextStream {
  const counts = new Map<string, number>();
  const stream = createTextStream(engine, longest, (edits) => {
    count(counts, edits);
  });
  return {
    push: (chunk) => stream.push(chunk),
    end: () => stream.end(),
    get findings() {
      return count(counts, []);
    },
    get withheld() {
      return stream.withheld;
    },
  };
}

/** Whatever goes wrong, the caller hears of it in one way, and not a byte of the line in it. */
function failClosed<T>(scrub: () => T): T {
  try {
    return scrub();
  } catch (error) {
    if (error instanceof SecretctlError) throw error;
    throw new SecretctlError('scrub-failed', 'a line could not be scrubbed');
  }
}

function count(counts: Map<string, number>, edits: readonly ByteEdit[]): readonly Finding[] {
  for (const { name } of edits) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, times]) => ({ name, count: times }));
}
