// The judge: a value has leaked when any 8 bytes of it in a row can be had by decoding the output, in any order, a few
// levels deep. Stricter than "is the value in the text", and independent of the code that it judges.

import {
  base64Runs,
  bytesOf,
  decimalRuns,
  entities,
  form,
  hexRuns,
  join,
  percent,
  quotes,
  unescapeOnce,
  unwrap,
} from './decoders.js';
import type { Step } from './decoders.js';

const FRAGMENT = 8;
const DEPTH = 6;
const MOST_VIEWS = 400;
const MOST_CACHED = 20_000;

const STEPS: readonly Step[] = [unescapeOnce, percent, form, entities, quotes, join, unwrap];

/** Every 8 bytes in a row of the parts of a value that are secret, in both Unicode normal forms. */
export function fragmentsOf(secrets: readonly string[]): ReadonlySet<string> {
  const fragments = new Set<string>();
  for (const secret of secrets) {
    for (const text of new Set([secret, secret.normalize('NFC'), secret.normalize('NFD')])) {
      const bytes = bytesOf(text);
      for (let at = 0; at + FRAGMENT <= bytes.length; at++) fragments.add(bytes.slice(at, at + FRAGMENT));
    }
  }
  return fragments;
}

export interface Judge {
  /** Whether any fragment can be recovered from the output. */
  leaks(output: Buffer, fragments: ReadonlySet<string>): boolean;
}

/** Outputs repeat when all is masked: what was found in them by decoding is kept. */
export function createJudge(): Judge {
  const cache = new Map<string, readonly string[]>();
  return {
    leaks(output, fragments) {
      const text = output.toString('latin1');
      const known = cache.get(text);
      if (known !== undefined) return known.some((view) => holds(view, fragments));
      const views: string[] = [];
      for (const view of viewsOf(text)) {
        if (holds(view, fragments)) return true;
        views.push(view);
      }
      if (cache.size >= MOST_CACHED) cache.clear();
      cache.set(text, views);
      return false;
    },
  };
}

/** The text and what decoding makes of it, nearest first. */
function* viewsOf(text: string): Generator<string> {
  const seen = new Set([text]);
  const queue: { readonly view: string; readonly depth: number }[] = [{ view: text, depth: 0 }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    yield next.view;
    if (next.depth >= DEPTH || seen.size > MOST_VIEWS) continue;
    for (const view of next.depth === 0 ? [joined(text), ...decoded(next.view)] : decoded(next.view)) {
      if (view.length < FRAGMENT || seen.has(view)) continue;
      seen.add(view);
      // Noise is looked at, and only the readable parts of it are decoded further.
      queue.push({ view, depth: readable(view) ? next.depth + 1 : DEPTH });
      if (!readable(view)) queue.push({ view: readableParts(view), depth: next.depth + 1 });
    }
  }
}

/** One step further, each way. */
function decoded(view: string): string[] {
  return [...STEPS.map((step) => step(view)), ...base64Runs(view), ...hexRuns(view), ...decimalRuns(view)];
}

/** What a reader sees who reads the blocks of a message one after the other. */
function joined(text: string): string {
  const parts = [...text.matchAll(/"(?:text|data)":"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part ?? '');
  return parts.length > 1 ? parts.join('') : '';
}

/** Text, in any script: few control characters, and not mostly bytes of the upper half. */
function readable(view: string): boolean {
  const noise = view.match(/[^\t\n\r -~\u0080-\u00ff]/g)?.length ?? 0;
  const high = view.match(/[\u0080-\u00ff]/g)?.length ?? 0;
  return noise * 20 <= view.length && high * 3 <= view.length;
}

/** As `strings` shows a picture. */
function readableParts(view: string): string {
  return (view.match(/[\t\n\r -~]{10,}/g) ?? []).join('\n');
}

/** A window over the text: cheaper than a search for each fragment. */
function holds(view: string, fragments: ReadonlySet<string>): boolean {
  for (let at = 0; at + FRAGMENT <= view.length; at++) if (fragments.has(view.slice(at, at + FRAGMENT))) return true;
  return false;
}
