// A name and its value in running text: assignments of every language, JSON and its like, YAML, XML, flags, and pairs of
// a name and a value. The anchor stands in the name.

import type { Range } from '../sequence.js';
import { bareAt, bracedAt, quotedAt } from './value.js';

export interface Assignment {
  readonly name: string;
  readonly nameStart: number;
  /** What stands between the name and the value, without spaces. */
  readonly operator: string;
  readonly value: Range;
  readonly quoted: boolean;
}

const LONGEST_NAME = 50;
const NAME_BEHIND = /[A-Za-z0-9_-]{0,20}/y;
const SPACE = String.raw`(?:\s|\\{1,15}[nrt]){0,12}`;
const QUOTE = String.raw`\\{0,31}["'\x60]`;
/** Behind the name: its quote or bracket, a type, and what assigns. A colon of a URI or of a scope assigns nothing. */
const OPERATOR = new RegExp(
  `(?:${QUOTE})?\\]?(?:\\s{0,8}:\\s?[A-Za-z][\\w<>|\\[\\]. ]{0,30}(?=\\s=\\s)|\\s(?:string|String|str)(?=\\s?=))?(${SPACE}(?:===?|!==?|:{1,3}=|\\.=|=>|\\|\\|=|\\?\\?=|\\?=|\\+=|=|:(?![:/\\\\])|:(?=\\\\{1,15}["'nrt]))${SPACE})`,
  'y',
);
/** `define('DB_PASSWORD', '…')`, `setPassword("…")`, `ENV DB_PASSWORD …`. */
const ARGUMENT = new RegExp(`${QUOTE}\\s{0,4},\\s{0,4}(?=[NEb@]?${QUOTE})|\\s?\\(\\s{0,4}(?=[NEb@]?${QUOTE})`, 'y');
const ELEMENT = /[^<>\n]{0,80}>(?!\s*<)(?:<!\[CDATA\[)?/y;

/** The name around an anchor. */
export function nameAround(
  text: string,
  at: number,
  anchor: string,
): { readonly name: string; readonly start: number; readonly end: number } {
  let start = startOfName(text, at);
  // The `n` of `\nPASSWORD` belongs to the escape.
  if (/^[nrt]/.test(text.slice(start, start + 1)) && text[start - 1] === '\\' && start < at + 1) start++;
  const word = /^[a-z_-]+/.exec(anchor)?.[0] ?? anchor;
  NAME_BEHIND.lastIndex = at + word.length;
  const end = NAME_BEHIND.test(text) ? NAME_BEHIND.lastIndex : at + word.length;
  return { name: text.slice(Math.min(start, at + word.length), end), start, end };
}

/** Where the name begins that goes on at `at`; it is followed back a bounded way, and read once. */
export function startOfName(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_NAME && isNamePart(text.charCodeAt(start - 1))) start--;
  return start;
}

/** A letter, a digit, or one of `_ . -`. */
function isNamePart(code: number): boolean {
  const letter = code | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d
  );
}

/** What is assigned to the name around the anchor; undefined when nothing is. */
export function assignmentAt(text: string, at: number, anchor: string): Assignment | undefined {
  const { name, start, end } = nameAround(text, at, anchor);
  const found = operatorAt(text, start, end);
  // `arn:…:secret:x`, `AWS::IAM::AccessKey`: a part of a longer name.
  if (found === undefined || (found.operator === ':' && text[start - 1] === ':')) return undefined;
  const quoted = quotedAt(text, found.end);
  if (quoted !== undefined && isPrompt(text, start, end, quoted.start)) return undefined;
  // A bare value stands on the line of its name; behind a colon a quoted one too.
  if (found.isBroken && (quoted === undefined || found.operator === ':')) return undefined;
  // What is compared with a bare word is code, no value.
  if (/^[!=]==?$/.test(found.operator.trim()) && quoted === undefined) return undefined;
  const value = found.operator === '>' ? elementAt(text, found.end) : (quoted ?? bareOrBraced(text, found.end));
  if (value === undefined) return undefined;
  return {
    name,
    nameStart: start,
    operator: found.operator,
    value,
    quoted: quoted !== undefined || found.operator === '>',
  };
}

/** `'Password: ', stream`: the quote that seems to open the value closes the text around the name. */
function isPrompt(text: string, start: number, end: number, value: number): boolean {
  const quote = text[value - 1] ?? '';
  return text[start - 1] === quote && text[value - 2] !== '\\' && !text.slice(end, value - 1).includes(quote);
}

interface Operator {
  readonly operator: string;
  readonly end: number;
  /** Over a line end. */
  readonly isBroken: boolean;
}

function operatorAt(text: string, start: number, end: number): Operator | undefined {
  OPERATOR.lastIndex = end;
  const operator = OPERATOR.exec(text)?.[1];
  if (operator !== undefined) {
    const isBroken = /[\r\n]|\\[nr]/.test(operator);
    return { operator: operator.replace(/\\+[nrt]|\s/g, ''), end: OPERATOR.lastIndex, isBroken };
  }
  ARGUMENT.lastIndex = end;
  if (
    ARGUMENT.test(text) &&
    (text[end] === '(' || /\(\s{0,4}\\*["']$/.test(text.slice(Math.max(0, start - 20), start)))
  )
    return { operator: '(', end: ARGUMENT.lastIndex, isBroken: false };
  if (/<(?:[\w-]{1,20}:)?$/.test(text.slice(Math.max(0, start - 22), start))) {
    ELEMENT.lastIndex = end;
    if (ELEMENT.test(text)) return { operator: '>', end: ELEMENT.lastIndex, isBroken: false };
  }
  const isFlag = text.startsWith('--', start) && text[end] === ' ';
  if (isFlag || /\bENV $/.test(text.slice(Math.max(0, start - 5), start)))
    return { operator: ' ', end: end + 1, isBroken: false };
  return undefined;
}

function bareOrBraced(text: string, at: number): Range | undefined {
  return /["'`]/.test(text[at] ?? '') ? undefined : (bracedAt(text, at) ?? bareAt(text, at));
}

function elementAt(text: string, at: number): Range | undefined {
  // Up to the end tag: without one it is a placeholder, as in `redis://:<password>@host`.
  const inner =
    /^([^<\r\n]{1,512})<\//
      .exec(text.slice(at, at + 514))?.[1]
      ?.replace(/\]\]>?$/, '')
      .trimEnd() ?? '';
  return inner === '' ? undefined : { start: at, end: at + inner.length };
}

/** `"name": "DB_PASSWORD", "value": "…"` in JSON, YAML and XML: either order. */
const PAIR = new RegExp(
  `(?:${QUOTE})?(?:</(?:name|key)>)?[\\s,;]{0,40}(?:\\\\{1,15}[nrt]\\s{0,40}){0,3}(?:[<{-]\\s?)?(?:${QUOTE})?(?:value|Value|VALUE|stringValue|default_value)(?:${QUOTE})?\\s{0,4}(?:=>|[:=>])\\s{0,4}`,
  'y',
);
const PAIR_NAME = new RegExp(
  `(?:name|key|Name|Key|NAME|KEY|variable|property|setting)(?:${QUOTE})?\\s{0,4}(?:=>|[:=>])\\s{0,4}(?:${QUOTE})?$`,
);
const ENTRY = new RegExp(`${QUOTE}\\s?>`, 'y');

/** The value of the pair whose name is around the anchor. */
export function pairAt(text: string, at: number, anchor: string): Assignment | undefined {
  const { name, start, end } = nameAround(text, at, anchor);
  if (!PAIR_NAME.test(text.slice(Math.max(0, start - 40), start))) return undefined;
  for (const pattern of [PAIR, ENTRY]) {
    pattern.lastIndex = end;
    if (!pattern.test(text)) continue;
    const from = pattern.lastIndex;
    const quoted = quotedAt(text, from);
    const value = text[from - 1] === '>' ? elementAt(text, from) : (quoted ?? bareAt(text, from));
    if (value !== undefined) return { name, nameStart: start, operator: 'pair', value, quoted: true };
  }
  return pairBefore(text, name, start);
}

const VALUE_BEFORE = new RegExp(`(?:value|Value)(\\\\{0,31}")\\s{0,4}:\\s{0,4}(?=\\\\{0,31}")`, 'g');

/** `"value": "…", "name": "DB_PASSWORD"`: the last value before the name, in the same object. */
function pairBefore(text: string, name: string, start: number): Assignment | undefined {
  const from = Math.max(0, start - 300);
  const before = text.slice(from, start);
  const last = [...before.matchAll(VALUE_BEFORE)].at(-1);
  if (last === undefined) return undefined;
  const value = quotedAt(text, from + last.index + last[0].length);
  if (value === undefined || value.end > start || /[{}]/.test(text.slice(value.end, start))) return undefined;
  return { name, nameStart: start, operator: 'pair', value, quoted: true };
}
