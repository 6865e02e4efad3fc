// Problems as people read them: place, message, the source line with a caret, and what was probably meant.
// A source line may hold a password that somebody pasted; so only what cannot be one is repeated.

import { safe } from '../system/safe-text.js';
import { decode, unitsBefore } from './text.js';
import type { Problem } from './types.js';

const MAX_SHOWN = 20;
const MAX_WIDTH = 100;

/** Printable as it is: everything in it went through `safe`. Each problem is two to four lines; no newline at the end. */
export function renderProblems(path: string, bytes: Buffer, problems: readonly Problem[]): string {
  const { lines } = decode(bytes);
  const shown = problems.slice(0, MAX_SHOWN).map((problem) => renderProblem(path, lines, problem));
  if (problems.length > MAX_SHOWN) shown.push(`and ${problems.length - MAX_SHOWN} more`);
  return shown.join('\n');
}

function renderProblem(path: string, lines: readonly string[], problem: Problem): string {
  const { line, column, message, suggestion } = problem;
  const number = String(line).padStart(4);
  const { text, caret } = shownLine(lines, line - 1, column);
  const rows = [
    `${safe(path)}:${line}:${column}: ${safe(message)}`,
    `${number} | ${text}`,
    `${' '.repeat(number.length)} | ${' '.repeat(caret)}^`,
  ];
  if (suggestion !== undefined) rows.push(`${' '.repeat(number.length)} = did you mean ${safe(suggestion)}?`);
  return rows.join('\n');
}

interface ShownLine {
  readonly text: string;
  readonly caret: number;
}

/** `column` counts characters from 1 in the line as written, `caret` from 0 in the line as shown. */
function shownLine(lines: readonly string[], index: number, column: number): ShownLine {
  const line = lines[index] ?? '';
  const offset = unitsBefore(line, column);
  // Of a line of 64 KiB only the surroundings are looked at.
  const from = Math.max(0, offset - 4 * MAX_WIDTH);
  const near = line.slice(from, offset + 4 * MAX_WIDTH);
  const pieces = isHarmless(lines, index) ? [{ text: near, hidden: false }] : masked(near, from === 0);
  const { text, caret } = joined(pieces, offset - from);
  return cut(from === 0 ? text : `…${text}`, from === 0 ? caret : caret + 1);
}

/** The pieces as they are shown, and where in them the place `offset` of the line is now. */
function joined(pieces: readonly Piece[], offset: number): ShownLine {
  let text = '';
  let caret: number | undefined;
  let at = 0;
  for (const piece of pieces) {
    const inside = offset - at;
    if (caret === undefined && inside < piece.text.length) {
      caret = text.length + (piece.hidden ? 0 : safe(piece.text.slice(0, inside)).length);
    }
    text += piece.hidden ? '…' : safe(piece.text);
    at += piece.text.length;
  }
  return { text, caret: caret ?? text.length };
}

/** Top-level keys whose lines hold nothing that could be a credential. */
const HARMLESS = new Set(['secretctl', 'name', 'tools', 'redact']);
const HARMLESS_UNDER_SERVER = /^\s+(?:package|integrity|tree|bin|cwd|startupTimeout)\s*:/;

/** Judged by the nearest line that starts in the first column: it works on a file that is no YAML, too. */
function isHarmless(lines: readonly string[], index: number): boolean {
  let top = index;
  while (top > 0 && /^(?:[\s#-]|$)/.test(lines[top] ?? '')) top -= 1;
  const key = /^([A-Za-z_]\w*)\s*:(?:\s|$)/.exec(lines[top] ?? '')?.[1];
  if (key === 'server') return top === index || HARMLESS_UNDER_SERVER.test(lines[index] ?? '');
  return key !== undefined && HARMLESS.has(key) && !(lines[index] ?? '').includes('#');
}

interface Piece {
  readonly text: string;
  readonly hidden: boolean;
}

// A list's dash, a key with its colon; templates and our own references, which are names and not values.
const START = /^\s*(?:- +)*(?:(?:"[\w.-]+"|'[\w.-]+'|[\w.-]+)\s*:(?=\s|$)\s*)?/;
const NAMES = /\$\{\s*[A-Za-z_][\w.-]*\s*(?:\|\s*\w+\s*)*\}|secret:\/\/[\w./-]+(?:#[\w-]+)?|(?:^|(?<=\s))["']?ENC\[/g;

function masked(line: string, isWhole: boolean): Piece[] {
  const start = isWhole ? (START.exec(line)?.[0] ?? '') : '';
  const pieces: Piece[] = [{ text: start, hidden: false }];
  let at = start.length;
  for (const { 0: name, index } of line.matchAll(NAMES)) {
    if (index < at) continue;
    if (index > at) pieces.push({ text: line.slice(at, index), hidden: true });
    pieces.push({ text: name, hidden: false });
    at = index + name.length;
  }
  if (at < line.length) pieces.push({ text: line.slice(at), hidden: true });
  return pieces;
}

/** A window around the caret when the line is long. */
function cut(text: string, caret: number): ShownLine {
  if (text.length <= MAX_WIDTH) return { text, caret };
  const from = Math.max(0, Math.min(caret - MAX_WIDTH / 2, text.length - MAX_WIDTH));
  const head = from > 0 ? '…' : '';
  const tail = from + MAX_WIDTH < text.length ? '…' : '';
  return { text: head + text.slice(from, from + MAX_WIDTH) + tail, caret: caret - from + head.length };
}
