// The parts of a long text in which a known value can stand: the matchers then need not read all of it.

import type { Range } from './sequence.js';

const WINDOW = 4_096;
/** What of a value the prefilter looks for is shorter, however it is broken over lines. */
const OVERLAP = 640;
/** Base64 is masked as a whole run: none is cut by the end of a part, unless it is longer than this. */
const LONGEST_RUN = 65_536;

/**
 * `isHot` is a prefilter; `reach` says how far from what it has seen a value may go on. `near`: only around these places
 * there can be anything. In order, without overlaps.
 */
export function regionsOf(
  text: string,
  isHot: (text: string) => boolean,
  reach: number,
  near?: readonly Range[],
): readonly Range[] {
  if (text.length <= 2 * (WINDOW + reach)) return isHot(text) ? [{ start: 0, end: text.length }] : [];
  const regions: Range[] = [];
  for (const { start, end } of near ?? windowsOf(text.length)) {
    const isCold = near === undefined && !isHot(text.slice(Math.max(0, start - OVERLAP), end + OVERLAP));
    if (!isCold) add(text, regions, start - reach, end + reach);
  }
  return regions;
}

/** The same around places where traces of values were seen. */
export function regionsAround(text: string, places: readonly number[], reach: number): readonly Range[] {
  const regions: Range[] = [];
  for (const place of places) add(text, regions, place - reach, place + reach);
  return regions;
}

function windowsOf(length: number): readonly Range[] {
  return Array.from({ length: Math.ceil(length / WINDOW) }, (_, at) => ({
    start: at * WINDOW,
    end: (at + 1) * WINDOW,
  }));
}

function add(text: string, regions: Range[], from: number, to: number): void {
  const last = regions.at(-1);
  if (last !== undefined && to <= last.end) return;
  const end = runEnd(text, Math.min(text.length, to));
  // The run before it was followed to its end.
  if (last !== undefined && from <= last.end) regions[regions.length - 1] = { start: last.start, end };
  else regions.push({ start: Math.max(last?.end ?? 0, runStart(text, Math.max(0, from))), end });
}

function runStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && from - at < LONGEST_RUN && isRun(text.charCodeAt(at - 1))) at--;
  return at;
}

function runEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < LONGEST_RUN && isRun(text.charCodeAt(at))) at++;
  return at;
}

/** Base64 and what may stand in it, and the backslashes of escapes; a line end too, for base64 goes on over those. */
function isRun(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a || code > 0x7f;
  return (
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x3d ||
    code === 0x5c ||
    code === 0x5f ||
    code === 0x25 ||
    code === 0x0a ||
    code === 0x0d
  );
}
