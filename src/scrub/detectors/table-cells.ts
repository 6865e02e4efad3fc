// The cells of a column, in the spellings in which tables come: arrays of JSON, lines with a separator, tuples of SQL.
// Every reader goes on as long as what it reads is a row, at most a bounded stretch, and looks at each character once.

import type { Range } from '../sequence.js';

/** Column by column: where the text of each cell of a row stands. */
export type Row = readonly (Range | undefined)[];

const LONGEST = 65_536;
const MOST_COLUMNS = 64;
/** An object or a list in a cell. */
const LONGEST_NEST = 2_048;

const SPACE = /[\s,]{0,64}/y;
/** Rows of BigQuery are objects of one array, and their cells objects of one value. */
const ROW = /(?:\{\s{0,4}"\w{1,12}"\s{0,4}:\s{0,4})?\[/y;
const ROW_END = /\s{0,64}\](?:\s{0,64}\})?/y;
const BOX = /\{\s{0,4}"v"\s{0,4}:\s{0,4}/y;
const BOX_END = /\s{0,4}\}/y;
const STRING = /"(?:[^"\\\r\n]|\\[^\r\n]){0,8192}"/y;
const SCALAR = /[\w.+-]{1,64}/y;

/** `[1,"a"],[2,"b"]`: the rows behind the bracket that opens them all. */
export function* jsonRows(text: string, start: number): Generator<Row> {
  const limit = Math.min(text.length, start + LONGEST);
  for (let at = after(SPACE, text, start); at < limit; at = after(SPACE, text, at)) {
    const open = after(ROW, text, at);
    if (open === at) return;
    const row = jsonRow(text, open, limit);
    if (row === undefined) return;
    yield row.cells;
    at = row.end;
  }
}

function jsonRow(text: string, start: number, limit: number): { cells: Row; end: number } | undefined {
  const cells: (Range | undefined)[] = [];
  let at = start;
  while (at < limit && cells.length < MOST_COLUMNS) {
    const end = after(ROW_END, text, at);
    if (end > at) return { cells, end };
    at = after(SPACE, text, at);
    const value = after(BOX, text, at);
    const next = afterValue(text, value, limit);
    if (next === value) return undefined;
    cells.push(text[value] === '"' ? { start: value + 1, end: next - 1 } : undefined);
    at = value === at ? next : after(BOX_END, text, next);
  }
  return undefined;
}

/** Behind the value that begins at `at`; `at` itself when none does. */
function afterValue(text: string, at: number, limit: number): number {
  if (text[at] === '"') return after(STRING, text, at);
  return text[at] === '{' || text[at] === '['
    ? afterNest(text, at, Math.min(limit, at + LONGEST_NEST))
    : after(SCALAR, text, at);
}

function afterNest(text: string, start: number, limit: number): number {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const one = text[at];
    if (one === '"') at = Math.max(at, after(STRING, text, at) - 1);
    else if (one === '{' || one === '[') depth++;
    else if ((one === '}' || one === ']') && --depth === 0) return at + 1;
  }
  return start;
}

/** `(1, 'a'), (2, 'b')`. */
export function* sqlRows(text: string, start: number): Generator<Row> {
  const limit = Math.min(text.length, start + LONGEST);
  for (let at = after(SPACE, text, start); text[at] === '(' && at < limit; at = after(SPACE, text, at)) {
    const row = sqlRow(text, at + 1, limit);
    if (row === undefined) return;
    yield row.cells;
    at = row.end;
  }
}

const SQL_STRING = /(?:N|E)?'(?:[^'\\\r\n]|''|\\[^\r\n]){0,8192}'/y;
/** A number, a name, or a call with its arguments. */
const SQL_OTHER = /[^'(),]{0,200}(?:\((?:[^()']|'[^'\r\n]{0,200}'){0,200}\))?[^'(),]{0,60}/y;

function sqlRow(text: string, start: number, limit: number): { cells: Row; end: number } | undefined {
  const cells: (Range | undefined)[] = [];
  for (let at = start; at < limit && cells.length < MOST_COLUMNS; at++) {
    while (/\s/.test(text.charAt(at))) at++;
    const quoted = after(SQL_STRING, text, at);
    const isString = quoted > at;
    cells.push(isString ? { start: text.indexOf("'", at) + 1, end: quoted - 1 } : undefined);
    at = isString ? quoted : after(SQL_OTHER, text, at);
    while (/\s/.test(text.charAt(at))) at++;
    if (text[at] === ')') return { cells, end: at + 1 };
    if (text[at] !== ',') return undefined;
  }
  return undefined;
}

/** Lines from `start` on, each with as many cells as the header has; rules between them are passed over. */
export function* lineRows(text: string, start: number, separator: string, columns: number): Generator<Row> {
  const limit = Math.min(text.length, start + LONGEST);
  for (let at = start; at < limit;) {
    const line = lineAt(text, at);
    const isRule = separator === '|' && isRuleLine(text.slice(line.start, line.end));
    if (!isRule) {
      const cells = cellsOf(text, line, separator);
      if (cells.length !== columns) return;
      yield cells;
    }
    at = line.next;
  }
}

/** Between a header and its rows: dashes, and what marks the columns. */
export function isRuleLine(line: string): boolean {
  return line.includes('--') && /^[\s|+:=-]+$/.test(line);
}

export interface Line extends Range {
  /** Where the next one begins. */
  readonly next: number;
}

const LONGEST_LINE = 4_096;

/** The line that begins at `start`; a longer one is cut off. */
export function lineAt(text: string, start: number): Line {
  const limit = Math.min(text.length, start + LONGEST_LINE);
  let end = start;
  while (end < limit && text[end] !== '\n') end++;
  const last = text[end - 1] === '\r' && end > start ? end - 1 : end;
  return { start, end: last, next: end + 1 };
}

const QUOTED = /\s{0,8}"(?:[^"\r\n]|""){0,4096}"\s{0,8}/y;

/** The cells of a line without blanks and quotes around them. */
export function cellsOf(text: string, { start, end }: Range, separator: string): Row {
  const cells: Range[] = [];
  let from = start;
  while (from <= end && cells.length < MOST_COLUMNS) {
    const quoted = separator === '|' ? from : after(QUOTED, text, from);
    const next = text.indexOf(separator, Math.min(quoted, end));
    const to = next < 0 || next > end ? end : next;
    cells.push(trimmed(text, from, to));
    from = to + 1;
  }
  return cells;
}

function trimmed(text: string, from: number, to: number): Range {
  let [start, end] = [from, to];
  while (start < end && /[\s"'`*]/.test(text.charAt(start))) start++;
  while (end > start && /[\s"'`]/.test(text.charAt(end - 1))) end--;
  return { start, end };
}

/** Where a sticky pattern that matches at `at` ends; `at` when it does not. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
