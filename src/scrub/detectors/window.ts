// What stands around an anchor in the raw bytes of a line, as the detectors would read it in the decoded string around it.

import { withoutEscapes } from './views.js';

export interface Reading {
  readonly text: string;
  /** Where the anchor stands in it. */
  readonly at: number;
}

/** As far as a detector looks: names stand before, values behind. */
const BEFORE = 320;
const BEHIND = 768;
/** Escapes farther away than this change nothing about whether something is found. */
const NEAR_BEFORE = 64;
const NEAR_BEHIND = 160;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([^u]))/g;
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * The text around `at`: as it stands there, then, where there are escapes, with one level of JSON taken away, and without
 * any. The bytes may be those of a message or of a text.
 */
export function* readingsAt(bytes: Buffer, at: number): Generator<Reading> {
  const before = bytes.toString('utf8', Math.max(0, at - BEFORE), at);
  const behind = bytes.toString('utf8', at, at + BEHIND);
  yield { text: before + behind, at: before.length };
  if (!hasEscape(bytes, at)) return;
  const [inner, rest] = [stringBefore(before), stringBehind(behind)];
  yield* [joined(unescaped(inner), unescaped(rest)), joined(plain(unescaped(inner)), plain(unescaped(rest)))];
}

function joined(before: string, behind: string): Reading {
  return { text: before + behind, at: before.length };
}

function hasEscape(bytes: Buffer, at: number): boolean {
  for (let near = Math.max(0, at - NEAR_BEFORE), end = Math.min(bytes.length, at + NEAR_BEHIND); near < end; near++) {
    const byte = bytes[near];
    if (byte === 0x5c || byte === 0x25 || byte === 0x26) return true;
  }
  return false;
}

/** From the quote on that opens the string of JSON. */
function stringBefore(text: string): string {
  for (let at = text.lastIndexOf('"'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('"', at - 1)) {
    if (!isEscaped(text, at)) return text.slice(at + 1);
  }
  return text;
}

function stringBehind(text: string): string {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return text.slice(0, at);
  }
  return text;
}

function isEscaped(text: string, at: number): boolean {
  let run = 0;
  while (text[at - 1 - run] === '\\') run++;
  return run % 2 === 1;
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, unit: string | undefined, short: string | undefined) =>
    unit === undefined ? (SHORT[short ?? ''] ?? short ?? '') : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

function plain(text: string): string {
  return withoutEscapes(text)?.text ?? text;
}
