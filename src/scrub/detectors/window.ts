// What stands around an anchor in the raw bytes of a line, as the detectors would read it in the decoded string around it.

import { withoutEscapes } from './views.js';

export interface Reading {
  readonly text: string;
  /** Where the anchor stands in it. */
  readonly at: number;
  /** It goes beyond the string in which the anchor stands, and that is not the name of a member. */
  readonly across: boolean;
}

/** As far as a detector looks: names stand before, values behind. */
const BEFORE = 256;
const BEHIND = 352;
/** A name that a string ends with may have its value in another one. */
const NEAR_END = 64;
/** Escapes farther away change nothing about whether something is found. */
const NEAR = 160;
const BACKSLASH = 0x5c;
const MAY_BE_ESCAPED = /[\\%&]/;
const NAME_BEHIND = /^"\s{0,4}:/;
const SHORT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/**
 * The text around `at`: that of the string of JSON around it, with its escapes taken away, and once more without any that are
 * left; then what stands there as it is, with the strings beside it. The bytes may be those of a message or of a text.
 */
export function* readingsAt(bytes: Buffer, at: number, reach = BEHIND): Generator<Reading> {
  const before = bytes.toString('utf8', Math.max(0, at - BEFORE), at);
  const behind = bytes.toString('utf8', at, at + reach);
  const start = afterQuote(before);
  const end = quoteIn(behind);
  const isText = start === 0 && end < 0;
  if (isText) yield { text: before + behind, at: before.length, across: false };
  const [inner, rest] = [before.slice(start), end < 0 ? behind : behind.slice(0, end)];
  const one = joined(unescaped(inner), unescaped(rest));
  yield one;
  if (MAY_BE_ESCAPED.test(one.text.slice(Math.max(0, one.at - NEAR), one.at + NEAR)))
    yield joined(plain(one.text.slice(0, one.at)), plain(one.text.slice(one.at)));
  if (isText || end < 0 || end > NEAR_END) return;
  const across = !NAME_BEHIND.test(behind.slice(end, end + 6));
  yield { text: before + behind, at: before.length, across };
  if (MAY_BE_ESCAPED.test(behind.slice(end, end + NEAR))) yield { ...joined(plain(before), plain(behind)), across };
}

function joined(before: string, behind: string): Reading {
  return { text: before + behind, at: before.length, across: false };
}

/** Behind the quote that opens the string of JSON; 0 when none is in sight. */
function afterQuote(text: string): number {
  for (let at = text.lastIndexOf('"'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('"', at - 1)) {
    if (!isEscaped(text, at)) return at + 1;
  }
  return 0;
}

function quoteIn(text: string): number {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) if (!isEscaped(text, at)) return at;
  return -1;
}

function isEscaped(text: string, at: number): boolean {
  let run = 0;
  while (text.charCodeAt(at - 1 - run) === BACKSLASH) run++;
  return run % 2 === 1;
}

/** One level of JSON taken away, also from a part that begins or ends in the middle of an escape. */
function unescaped(text: string): string {
  let escape = text.indexOf('\\');
  if (escape < 0) return text;
  let out = '';
  let from = 0;
  for (; escape >= 0; escape = text.indexOf('\\', from)) {
    const short = text[escape + 1] ?? '';
    const unit = short === 'u' ? Number.parseInt(text.slice(escape + 2, escape + 6), 16) : Number.NaN;
    out += text.slice(from, escape) + (Number.isNaN(unit) ? (SHORT[short] ?? short) : String.fromCharCode(unit));
    from = escape + (Number.isNaN(unit) ? 2 : 6);
  }
  return out + text.slice(from);
}

function plain(text: string): string {
  return withoutEscapes(text)?.text ?? text;
}
