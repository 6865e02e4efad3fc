// The scrubber: known values in, a filter for messages and text out. It has no policy and no effects.
//
//   prefilter   a cheap look at the raw bytes: most lines leave here, untouched                prefilter.ts
//   tokens      strings and numbers of a message, names of members too, with their places      json-strings.ts, envelope.ts
//   matchers    every spelling of every known value in the decoded text                        matcher.ts, needle.ts
//   detectors   credentials that nobody told us of, by their shape                             detectors/
//   splice      the found spans, and nothing else, are replaced in the raw bytes               masks.ts, splice.ts
//   check       what was changed is searched again; what does not come clean is not let go     cleaning.ts

import { createHash } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import type { Detector } from './detectors/detector.js';
import type { Anchors } from './detectors/literals.js';
import { anchorsOf } from './detectors/literals.js';
import type { EchoMap } from './echo.js';
import type { KnownValue } from './known.js';
import { deduplicate } from './known.js';
import { createMatcher } from './matcher.js';
import type { Engine } from './message.js';
import { looksLikeMessage, scrubMessage, scrubText } from './message.js';
import { createNeedle } from './needle.js';
import { knownNumbers } from './numbers.js';
import type { Traces } from './prefilter.js';
import { createPrefilter } from './prefilter.js';
import { createSplits } from './splits.js';
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
  /** For a prompt without an end of line, when nothing came for a while: lets go of what no match can begin in. */
  idle(): Buffer;
  /** How many lines, or parts of an endless one, were withheld. */
  readonly withheld: number;
}

export interface Scrubber {
  /**
   * One line without its newline: a message, a batch, or text. Throws `scrub-failed`; the line must then be dropped. What
   * the client must send back as it is, and was masked, is kept in `echoes`.
   */
  message(line: Buffer, echoes?: EchoMap): ScrubbedMessage;
  /** Whether nothing can be found in any of these lines, each with its newline: then none of them need be given to `message`. */
  areClean(lines: Buffer): boolean;
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
 * along. Blank values are ignored. `anchors` are those of the detectors.
 */
export function createScrubber(
  values: readonly KnownValue[],
  options: ScrubberOptions = {},
  anchors: Anchors = anchorsFor(options.detectors ?? []),
): Scrubber {
  const known = deduplicate(values.filter(({ value }) => value.trim() !== ''));
  const needles = known.map(createNeedle);
  const numbers = watchedNumbers(knownNumbers(known), options.watch);
  const { prefilter, finder } = createPrefilter(needles, numbers.anchors, anchors);
  const allowed = allowedBeside(known, options.allow ?? new Set());
  const allows = (credential: string): boolean => allowed.size > 0 && allowed.has(allowFingerprint(credential) ?? '');
  const engine: Engine = {
    prefilter,
    finder,
    matcher: watchedMatcher(createMatcher(needles, finder, allows), options.watch),
    numbers,
    splits: createSplits(needles),
  };
  const extent = {
    longest: Math.max(0, ...known.map(({ value }) => Buffer.byteLength(value))),
    words: Math.max(1, ...known.map(({ value }) => value.split(/\s+/).length)),
  };
  return {
    message: (line, echoes) =>
      failClosed(() => {
        const traces = prefilter.look(line);
        if (traces === undefined) return clean(line);
        return message(line, traces, engine, echoes) ?? { kind: 'text', ...text(line, engine) };
      }),
    areClean: (lines) => !prefilter.lines(lines),
    text: (line) => failClosed(() => text(line, engine)),
    textStream: () => textStream(engine, extent),
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

/** Made once for each table of detectors. */
function anchorsFor(detectors: readonly Detector[]): Anchors {
  const known = made.get(detectors) ?? anchorsOf(detectors);
  made.set(detectors, known);
  return known;
}
const made = new WeakMap<readonly Detector[], Anchors>();

function clean(line: Buffer): ScrubbedMessage {
  return { kind: looksLikeMessage(line) ? 'json' : 'text', bytes: line, findings: [] };
}

function message(
  line: Buffer,
  traces: Traces,
  engine: Engine,
  echoes: EchoMap | undefined,
): ScrubbedMessage | undefined {
  const cleaned = scrubMessage(line, traces, engine, echoes);
  return cleaned && { kind: 'json', bytes: cleaned.bytes, findings: count(new Map(), cleaned.found) };
}

function text(line: Buffer, engine: Engine): Scrubbed {
  const { bytes, found } = scrubText(line, engine);
  return { bytes, findings: count(new Map(), found) };
}

function textStream(engine: Engine, extent: { readonly longest: number; readonly words: number }): TextStream {
  const counts = new Map<string, number>();
  const stream = createTextStream(engine, extent, (names) => {
    count(counts, names);
  });
  return {
    push: (chunk) => stream.push(chunk),
    end: () => stream.end(),
    idle: () => stream.idle(),
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

function count(counts: Map<string, number>, names: readonly string[]): readonly Finding[] {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, times]) => ({ name, count: times }));
}
