// Files of environment variables, read as `parseEnv` of Node reads them: quotes of three kinds, `export`, comments, and
// `\n` in double quotes. What it would drop without a word is refused here, with the number of the line.

import { SecretctlError } from '../../errors.js';
import { namesOnce } from './foreign-names.js';
import type { Imported, ImportResult, Skipped } from './imported.js';
import { withoutMark } from './json-values.js';

const NAME = /[ \t]*(?:export[ \t]+)?(?!export[ \t])([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=/y;
const BLANK = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const QUOTED = /[ \t]*(?:'([^']*)'|"([^"]*)"|`([^`]*)`)[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
/** Up to the end of the line, or a `#` after a space. */
const PLAIN = /[ \t]*((?:[^\s#'"`](?:[^\n#]*[^\s#])?)?)(?:[ \t]+#[^\n]*|[ \t]*)(?:\n|$)/y;

interface Assignment {
  readonly variable: string;
  readonly value: string;
  readonly line: number;
}

export function fromEnv(text: string): ImportResult {
  const once = namesOnce('secret');
  const secrets: Imported[] = [];
  const skipped: Skipped[] = [];
  for (const { variable, value } of assignmentsOf(withoutMark(text).replaceAll('\r\n', '\n'))) {
    // A name of the vault begins with a letter or a digit.
    const name = variable.replace(/^_+/, '');
    if (value === '' || name === '') skipped.push({ name: variable, why: whySkipped(value) });
    else secrets.push({ name: once(name), value, tags: [] });
  }
  return { secrets, skipped };
}

function whySkipped(value: string): string {
  return value === '' ? 'it has no value' : 'its name has neither a letter nor a digit';
}

function assignmentsOf(text: string): readonly Assignment[] {
  // Node drops every carriage return, a shell none.
  const strayReturn = text.indexOf('\r');
  if (strayReturn !== -1) throw refuse(linesIn(text.slice(0, strayReturn)), 'it has a carriage return in the middle');
  const found = new Map<string, Assignment>();
  for (let at = 0, line = 1; at < text.length;) {
    const start = at;
    if (matchAt(BLANK, text, at) === undefined) {
      const assignment = assignmentAt(text, at, line);
      const before = found.get(assignment.variable);
      if (before !== undefined) throw refuse(line, `${assignment.variable} is set in line ${before.line} already`);
      found.set(assignment.variable, assignment);
      at = assignment.end;
    } else at = BLANK.lastIndex;
    line += linesIn(text.slice(start, at)) - 1;
  }
  return [...found.values()];
}

function assignmentAt(text: string, at: number, line: number): Assignment & { end: number } {
  const variable = matchAt(NAME, text, at)?.[1];
  if (variable === undefined) throw refuse(line, 'it is no NAME=value');
  const begin = NAME.lastIndex;
  const quoted = matchAt(QUOTED, text, begin);
  if (quoted !== undefined) {
    const [, single, double, back] = quoted;
    const value = single ?? double?.replaceAll(String.raw`\n`, '\n') ?? back ?? '';
    return { variable, value, line, end: QUOTED.lastIndex };
  }
  const value = matchAt(PLAIN, text, begin)?.[1];
  if (value === undefined) throw refuse(line, whyUnreadable(text.slice(begin).trimStart()));
  return { variable, value, line, end: PLAIN.lastIndex };
}

function whyUnreadable(rest: string): string {
  if (!/^['"`]/.test(rest)) return 'it is not clear whether # begins a comment: put the value into quotes';
  return rest.includes(rest.charAt(0), 1) ? 'something follows the closing quote' : 'a quote is not closed';
}

function linesIn(text: string): number {
  return text.split('\n').length;
}

function refuse(line: number, why: string): SecretctlError {
  return new SecretctlError('bad-data', `line ${line}: ${why}`);
}

/** The expression is sticky; its `lastIndex` is the end of what was found. */
function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at;
  return expression.exec(text) ?? undefined;
}
