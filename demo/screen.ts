// The demo's table. Pure: answers in, lines of text out.

import { leaksIn } from '../test/support/credentials.js';
import type { Answers } from './questions.js';

export interface Screen {
  readonly columns: number;
  readonly colour: boolean;
}

type Style = keyof typeof CODES;
interface Mark {
  readonly index: number;
  readonly length: number;
  readonly style: Style;
}

const CODES = { bold: '1', dim: '2', red: '1;31', green: '1;32' } as const;
const GAP = '  ';
const TITLE_WIDTH = 22;
const LINES_PER_ANSWER = 2;

export function paint(text: string, style: Style, { colour }: Screen): string {
  return colour ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}

export function rule(screen: Screen): string {
  return paint('─'.repeat(screen.columns), 'dim', screen);
}

export function heading(screen: Screen): string {
  const width = answerWidth(screen);
  const titles = ['the model asks'.padEnd(TITLE_WIDTH), 'the server said'.padEnd(width), 'the model would have seen'];
  return paint(titles.join(GAP), 'bold', screen);
}

/** One question with both answers beside each other; the password is red, what stands in its place green. */
export function row({ question, direct, launched }: Answers, password: string, screen: Screen): readonly string[] {
  const width = answerWidth(screen);
  const questions = [question.title.padEnd(TITLE_WIDTH), paint(clip(question.shown, TITLE_WIDTH), 'dim', screen)];
  const left = cell(direct, password, width, screen);
  const right = direct === launched ? sameCell(launched, width, screen) : cell(launched, password, width, screen);
  const lines = Math.max(left.length, right.length, questions.length);
  return Array.from({ length: lines }, (_, line) =>
    [questions[line] ?? ' '.repeat(TITLE_WIDTH), left[line] ?? ' '.repeat(width), right[line] ?? ''].join(GAP),
  );
}

function answerWidth({ columns }: Screen): number {
  return Math.floor((columns - TITLE_WIDTH - 2 * GAP.length) / 2);
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function sameCell(text: string, width: number, screen: Screen): readonly string[] {
  return [clip(text, width), paint('the same', 'green', screen)];
}

function cell(text: string, password: string, width: number, screen: Screen): readonly string[] {
  const { shown, marks } = window(text, marksOf(text, password), width * LINES_PER_ANSWER);
  const lines = Math.ceil(shown.length / width);
  return Array.from({ length: lines }, (_, line) => paintedLine(shown, marks, line * width, width, screen));
}

function marksOf(text: string, password: string): readonly Mark[] {
  const leaks = leaksIn(text, password).map(({ index, length }): Mark => ({ index, length, style: 'red' }));
  const redactions = [...text.matchAll(/\[REDACTED:[^\]]*\]|REDACTED/g)].map((match): Mark => ({
    index: match.index,
    length: match[0].length,
    style: 'green',
  }));
  return [...leaks, ...redactions];
}

/** A long text is cut to `size` characters around its first mark. */
function window(text: string, marks: readonly Mark[], size: number): { shown: string; marks: readonly Mark[] } {
  if (text.length <= size) return { shown: text, marks };
  const first = marks[0] ?? { index: 0, length: 0 };
  const middle = first.index + Math.floor(first.length / 2);
  const start = Math.min(Math.max(0, middle - Math.floor(size / 2)), text.length - size);
  const cut = text.slice(start, start + size);
  const shown = `${start > 0 ? '…' : cut.slice(0, 1)}${cut.slice(1, -1)}${start + size < text.length ? '…' : cut.slice(-1)}`;
  return { shown, marks: marks.map((mark) => ({ ...mark, index: mark.index - start })) };
}

/** A mark may begin on one line and end on the next. */
function paintedLine(text: string, marks: readonly Mark[], start: number, width: number, screen: Screen): string {
  const end = Math.min(start + width, text.length);
  let line = '';
  let at = start;
  for (const { index, length, style } of marks) {
    const from = Math.max(index, at);
    const to = Math.min(index + length, end);
    if (from >= to) continue;
    line += text.slice(at, from) + paint(text.slice(from, to), style, screen);
    at = to;
  }
  return line + text.slice(at, end) + ' '.repeat(start + width - end);
}
