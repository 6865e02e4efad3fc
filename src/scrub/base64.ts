// A value inside base64 (RFC 4648 §4, §5; RFC 2045 §6.8 line breaks): what stands before it decides how it is aligned, so
// each of the three alignments has a core of its own, the characters that depend on the value alone.

import type { Range } from './sequence.js';

/** A shorter core would match by accident. */
export const SHORTEST_CORE = 8;
const LONGEST_RUN = 65_536;
/** Only a line as full as this is wrapped base64 that goes on in the next one. */
const FULL_LINE = 60;

/** The cores of these bytes: base64 behind k = 0, 1, 2 other bytes, without the characters that mix in their neighbours. */
export function coresOf(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((k) => {
    const text = Buffer.concat([Buffer.alloc(k), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const core = text.slice([0, 2, 3][k], (bytes.length + k) % 3 === 0 ? undefined : -1);
    return core.length >= SHORTEST_CORE ? [core] : [];
  });
}

/** Finds any of the cores and takes in the whole run around it, for the edges of a core still carry bits of the value. */
export function base64Finder(cores: readonly string[]): (text: string) => readonly Range[] {
  if (cores.length === 0) return () => [];
  const pattern = new RegExp([...new Set(cores)].map((core) => core.replaceAll('+', '\\+')).join('|'), 'g');
  return (text) => {
    const plain = text.replaceAll('-', '+').replaceAll('_', '/');
    const direct = runsAround(text, hits(pattern, plain));
    return NOISE.test(plain) ? [...direct, ...noisyRuns(pattern, text, plain)] : direct;
  };
}

/**
 * `+` and `/` percent-encoded or escaped, line breaks, characters of no width: what may be written inside base64. A run of
 * backslashes is entered at its beginning only, else long runs would be slow.
 */
const NOISE =
  /%(?:25){0,2}2[bBfF]|(?<!\\)(?:\\{1,31}(?:[rn/]|u(?:0000|00[aA][dD]|200[b-fB-F]|2060|[fF][eE][fF][fF]))|\\{0,31}[\r\n])|[\0\u00ad\u200b-\u200f\u2060\ufeff]/;
const ALL_NOISE = new RegExp(NOISE, 'g');

/** The same in the text without its noise; the places are traced back only when there is something. */
function noisyRuns(pattern: RegExp, text: string, plain: string): readonly Range[] {
  const found = hits(pattern, plain.replace(ALL_NOISE, meaningOf));
  if (found.length === 0) return [];
  const places: number[] = [];
  let from = 0;
  const copy = (to: number): void => {
    for (; from < to; from++) places.push(from);
  };
  for (const noise of plain.matchAll(ALL_NOISE)) {
    copy(noise.index);
    if (meaningOf(noise[0]) !== '') places.push(noise.index);
    from = noise.index + noise[0].length;
  }
  copy(plain.length);
  const traced = found.map(({ start, end }) => ({ start: places[start] ?? 0, end: (places[end - 1] ?? 0) + 1 }));
  return runsAround(text, traced);
}

function meaningOf(noise: string): string {
  if (noise.endsWith('/') || /f$/i.test(noise.replace(/^[^%].*/, ''))) return '/';
  return noise.startsWith('%') ? '+' : '';
}

function hits(pattern: RegExp, text: string): readonly Range[] {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** The runs around these hits, each once: going out again from every hit in one run would be quadratic. */
function runsAround(text: string, found: readonly Range[]): readonly Range[] {
  const runs: Range[] = [];
  for (const { start, end } of found) {
    const last = runs.at(-1);
    if (last === undefined || end > last.end) runs.push(runAround(text, start, end));
  }
  return runs;
}

/** The base64 run that holds a range, over full lines, at most 64 kB to each side. */
function runAround(text: string, start: number, end: number): Range {
  let left = start;
  for (let step = 1; step > 0 && start - left < LONGEST_RUN; left -= step) step = stepLeft(text, left);
  let right = end;
  for (let step = 1; step > 0 && right - end < LONGEST_RUN; right += step) step = stepRight(text, right);
  return { start: behindEscape(text, left, start), end: right };
}

/** How many characters to the left still belong to the run; 0 at its beginning. */
function stepLeft(text: string, at: number): number {
  if (at > 0 && isBase64(text.charCodeAt(at - 1))) return 1;
  if (/^%(?:25)?(?:2[bf]|3d)$/i.test(text.slice(Math.max(0, at - 3), at))) return 3;
  if (text[at - 1] === '\\' && text[at] === '/') return 1;
  const gap = BREAK_BEFORE.exec(text.slice(Math.max(0, at - 8), at))?.[0].length ?? 0;
  return gap > 0 && isFullLine(text, at - gap) ? gap : 0;
}

function stepRight(text: string, at: number): number {
  if (at < text.length && isBase64(text.charCodeAt(at))) return 1;
  if (/^%(?:2[bf]|3d)/i.test(text.slice(at, at + 3))) return 3;
  if (text[at] === '\\' && text[at + 1] === '/') return 1;
  const gap = BREAK_AFTER.exec(text.slice(at, at + 8))?.[0].length ?? 0;
  return gap > 0 && isFullLine(text, at) ? gap : 0;
}
const BREAK_BEFORE = /(?:\\{0,3}[\r\n]|\\{1,3}[rn]){1,2}$/;
const BREAK_AFTER = /^(?:\\{0,3}[\r\n]|\\{1,3}[rn]){1,2}/;

function isFullLine(text: string, end: number): boolean {
  const line = text.slice(Math.max(0, end - FULL_LINE), end);
  return line.length === FULL_LINE && /^[A-Za-z0-9+/_-]*$/.test(line);
}

function isBase64(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a || code === 0x5f;
  if (code >= 0x41) return code <= 0x5a || code === 0x5f;
  return (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x3d;
}

/** The run may begin with the letters of an escape (`\nQUJD`, `%20QUJD`): they stay, as long as the core is not touched. */
function behindEscape(text: string, start: number, core: number): number {
  const before = text[start - 1];
  const rest = text.slice(start, start + 5);
  const escape =
    before === '\\' ? /^(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtbf])/ : before === '%' ? /^[0-9a-fA-F]{2}/ : null;
  const length = escape?.exec(rest)?.[0].length ?? 0;
  return start + length <= core ? start + length : start;
}
