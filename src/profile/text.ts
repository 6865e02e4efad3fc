// Bytes of a profile as text, and offsets in it as the lines and columns that editors show.

import { isUtf8 } from 'node:buffer';
import type { Problem } from './types.js';

export interface SourceText {
  readonly text: string;
  /** Lines without their ends. */
  readonly lines: readonly string[];
  /** Offset of each line's first character. */
  readonly starts: readonly number[];
}

/** What a check found, before its offset became a line and a column. */
export interface Finding {
  /** Offset in `SourceText.text`. */
  readonly at: number;
  readonly message: string;
  readonly suggestion?: string;
  readonly hint?: string;
}

/**
 * A byte order mark at the very start is dropped: editors on Windows write it, and it means nothing in UTF-8.
 * Bytes that are not UTF-8 become U+FFFD; `invalidUtf8` says where they are.
 */
export function decode(bytes: Buffer): SourceText {
  const text = new TextDecoder('utf-8').decode(bytes);
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lines = starts.map((start, index) => {
    const end = starts[index + 1];
    return (end === undefined ? text.slice(start) : text.slice(start, end - 1)).replace(/\r$/, '');
  });
  return { text, lines, starts };
}

/** Offset of the first byte sequence that is not UTF-8, undefined when all is well. */
export function invalidUtf8(bytes: Buffer, { text, lines, starts }: SourceText): number | undefined {
  if (isUtf8(bytes)) return undefined;
  // No byte of a longer sequence is 0x0A, so that lines can be judged one by one.
  let from = 0;
  for (const [index, line] of lines.entries()) {
    const newline = bytes.indexOf(0x0a, from);
    const end = newline === -1 ? bytes.length : newline;
    if (!isUtf8(bytes.subarray(from, end))) return (starts[index] ?? 0) + Math.max(0, line.indexOf('\ufffd'));
    from = end + 1;
  }
  return text.length;
}

/** Lines and columns count from 1; columns count characters, not UTF-16 units. */
export function problemAt({ text, starts }: SourceText, { at, ...finding }: Finding): Problem {
  const offset = Math.min(Math.max(at, 0), text.length);
  let line = 0;
  while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= offset) line += 1;
  return { line: line + 1, column: charactersIn(text.slice(starts[line], offset)) + 1, ...finding };
}

function charactersIn(text: string): number {
  return Array.from(text).length;
}

/** The opposite way within one line: UTF-16 units before the character at `column`, which counts from 1 as well. */
export function unitsBefore(line: string, column: number): number {
  return Array.from(line)
    .slice(0, column - 1)
    .join('').length;
}
