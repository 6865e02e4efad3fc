// A value inside base64 (RFC 4648 §4, §5; RFC 2045 §6.8 line breaks): what stands before it decides how it is aligned, so
// each of the three alignments has a core of its own, the characters that depend on the value alone.

import type { Range } from './sequence.js';
import { JOINER } from './pieces.js';

/** A shorter core would match by accident. */
const SHORTEST_CORE = 8;
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
  let pattern: RegExp | undefined;
  return (text) => {
    if (cores.length === 0) return [];
    pattern ??= new RegExp(cores.map(coreSource).join('|'), 'g');
    const found: Range[] = [];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const run = runAround(text, match.index, match.index + match[0].length);
      found.push(run);
      pattern.lastIndex = Math.max(run.end, match.index + 1);
    }
    return found;
  };
}

/** Both alphabets, `+` and `/` also percent-encoded or JSON-escaped. */
function coreSource(core: string): string {
  return Array.from(core)
    .map((character) => SPELLINGS[character] ?? character)
    .join(JOINER);
}
const SPELLINGS: Readonly<Record<string, string>> = {
  '+': '(?:[+\\-]|%(?:25){0,2}2[bB])',
  '/': '(?:\\\\{0,31}\\/|_|%(?:25){0,2}2[fF])',
};

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
