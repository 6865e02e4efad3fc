// Every way one character of a value can be written. A value is a row of characters, each in any spelling, so that mixed
// spellings are found too, which no list of encoded variants could do. Every repetition is bounded.

import type { Element } from './sequence.js';

/** One level or several of escaping: 1, 3, 7, 15, 31 backslashes. */
const DEEPEST_RUN = 31;
/** `%2525…`, `&amp;amp;…` */
const DEEPEST_REPEAT = 6;

/** `\u` per UTF-16 unit (RFC 8259 §7), `\u{…}` and `\U` per code point, `\x` and octal per byte, short and plain escapes. */
const ESCAPE =
  /\\{1,31}(?:u([0-9a-fA-F]{4})|u\{0{0,4}([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|([nrtbf])|([ -/:-@[-`{-~]))/y;
const PERCENT = /%(?:25){0,5}([0-9a-fA-F]{2})/y;
const ENTITY = /&(?:amp;){0,5}(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,8})|(lt|gt|quot|apos));/y;
/** A line end may have gained or lost its carriage return. */
const LINE_END =
  /(?:\\{1,31}r|\r|%(?:25){0,5}0[dD]|\\{1,31}u000[dD]|&#(?:13|[xX]0?[dD]);)?(?:\\{1,31}n|\n|%(?:25){0,5}0[aA]|\\{1,31}u000[aA]|&#(?:10|[xX]0?[aA]);)/y;
/**
 * What may stand between two characters without a reader seeing it: a line break, real or escaped, and characters of no
 * width (NUL, soft hyphen, zero-width spaces and joiners, byte order mark), real or escaped.
 */
const GAP =
  /(?:\\{0,31}[\r\n]|\\{1,31}(?:[rn]|u(?:0000|00[aA][dD]|200[b-fB-F]|2060|[fF][eE][fF][fF]))|[\0\u00ad\u200b-\u200f\u2060\ufeff]){1,3}/y;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'" };
/** sh `'\''` and `'"'"'`, SQL `''` and `""`, make `$$`: each also where JSON has escaped its marks once more. */
const DOUBLED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:\\{1,31}''|(\\{0,31})"'\1"'|')/y,
  '"': /(\\{0,31})"\1"/y,
  $: /\$\$/y,
};

function partsOf(value: string): readonly string[] {
  return value.match(/\\+|\r\n|[^]/gu) ?? [];
}

/** How many elements a value has. */
export function elementCount(value: string): number {
  return partsOf(value).length;
}

/** The characters of a value. A run of backslashes is one element: each of its spellings is a longer run. */
export function elementsOf(value: string): readonly Element[] {
  return partsOf(value).map((part) => {
    if (part === '\r\n' || part === '\n') return lineEnd;
    return part.startsWith('\\') ? backslashes(part.length) : character(part);
  });
}

/** Where the invisible part ends that begins at `at`; `at` itself when there is none. */
export function gapEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code > 0x20 && code < 0x7f && code !== 0x5c) return at;
  return endOf(GAP, text, at) ?? at;
}

const lineEnd: Element = {
  starts: '[\r\n%&]|(?<!\\\\)\\\\',
  ends: (text, at) => {
    const end = endOf(LINE_END, text, at);
    return end === undefined ? [] : [end];
  },
};

function character(own: string): Element {
  const bytes = [...Buffer.from(own)];
  const units = own.split('').map((unit) => unit.charCodeAt(0));
  const point = own.codePointAt(0) ?? 0;
  const wanted: Wanted = { own, bytes, units, point };
  return {
    starts: startsOf(wanted),
    code: /^[A-Za-z0-9]$/.test(own) ? point : undefined,
    ends: (text, at) => {
      const first = text.charCodeAt(at);
      const literal = text.startsWith(own, at) ? [at + own.length] : [];
      const doubled = DOUBLED[own];
      const twice = doubled === undefined ? [] : [endOf(doubled, text, at) ?? []].flat();
      if (first === 0x5c) return [...literal, ...twice, ...escapedEnds(text, at, wanted)];
      if (first === 0x25) return [...literal, ...percentEnds(text, at, wanted)];
      if (first === 0x26) return [...literal, ...entityEnds(text, at, wanted)];
      if (first === 0x2b && own === ' ') return [at + 1];
      return twice.length === 0 ? literal : [...literal, ...twice];
    },
  };
}

/**
 * The first encoded part of a character. A run of backslashes is entered at its beginning only: entering it at each one
 * would make long runs quadratic.
 */
function startsOf({ own, bytes, units, point }: Wanted): string {
  const [byte = 0, unit = 0] = [bytes[0], units[0]];
  const literal = escapeSource(own === ' ' ? '[ +]' : own, own === ' ');
  const plain = /^[ -/:-@[-`{-~]$|[\n\r\t\b\f]/.test(own) ? '|[^A-Zac-eg-mo-qsv-z0-9]' : '';
  const escape = `u(?:${hexSource(unit, 4)}|\\{)|U|x(?:${hexSource(byte, 2)}|${hexSource(point, 2)})|[0-3]${plain}`;
  return `${literal}|%(?:25){0,5}${hexSource(byte, 2)}|&(?:amp;){0,5}[#lgqa]|${own === '&' ? '&|' : ''}(?<!\\\\)\\\\{1,31}(?:${escape})`;
}

/** A number as hexadecimal digits of either case, in the source of a regular expression. */
export function hexSource(number: number, width: number): string {
  const digits = number.toString(16).padStart(width, '0');
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escapeSource(text: string, isSource: boolean): string {
  return isSource ? text : text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

interface Wanted {
  readonly own: string;
  readonly bytes: readonly number[];
  readonly units: readonly number[];
  readonly point: number;
}

/** A run stands for itself, and escaped for runs up to 31 times as long; each backslash may also be encoded. */
function backslashes(count: number): Element {
  const wanted: Wanted = { own: '\\', bytes: [0x5c], units: [0x5c], point: 0x5c };
  return {
    starts: '[%&]|(?<!\\\\)\\\\',
    ends: (text, at) => {
      const run = runLength(text, at, count * DEEPEST_RUN);
      const ends = Array.from({ length: Math.max(0, run - count + 1) }, (_, more) => at + count + more);
      const encoded = (from: number): readonly number[] =>
        [...escapedEnds(text, from, wanted), ...percentEnds(text, from, wanted), ...entityEnds(text, from, wanted)]; // prettier-ignore
      let positions: readonly number[] = [at];
      for (let step = 0; step < count && positions.length > 0; step++) {
        positions = positions.flatMap((from) => {
          const next = step === 0 ? from : gapEnd(text, from);
          const single = runLength(text, next, DEEPEST_RUN);
          return [...encoded(next), ...(single > 0 && count > 1 ? [next + single] : [])];
        });
      }
      return [...ends, ...positions];
    },
  };
}

function runLength(text: string, at: number, limit: number): number {
  let length = 0;
  while (length < limit && text.charCodeAt(at + length) === 0x5c) length++;
  return length;
}

function escapedEnds(text: string, at: number, { own, bytes, units, point }: Wanted): readonly number[] {
  const match = matchAt(ESCAPE, text, at);
  if (match === undefined) return [];
  const [, unit, braced, long, byte, octal, short, plain] = match;
  const end = at + match[0].length;
  if (plain !== undefined) return plain === own ? [end] : [];
  if (short !== undefined) return SHORT_ESCAPES[short] === own ? [end] : [];
  if (braced !== undefined || long !== undefined)
    return Number.parseInt(braced ?? long ?? '', 16) === point ? [end] : [];
  if (unit !== undefined) return rowEnd(at, units, (from) => numberAt(text, from, 1, 16));
  const found = [
    ...(byte !== undefined && Number.parseInt(byte, 16) === point ? [end] : []),
    ...rowEnd(at, bytes, (from) => (octal === undefined ? numberAt(text, from, 4, 16) : numberAt(text, from, 5, 8))),
  ];
  return [...new Set(found)];
}

/** RFC 3986 §2.1, repeated encoding included. A `%` of the value is itself what gets repeated. */
function percentEnds(text: string, at: number, { own, bytes }: Wanted): readonly number[] {
  if (own === '%') return repeats(text, at, '%', '25');
  return rowEnd(at, bytes, (from) => {
    const match = matchAt(PERCENT, text, from);
    return match === undefined
      ? undefined
      : { number: Number.parseInt(match[1] ?? '', 16), end: from + match[0].length };
  });
}

function entityEnds(text: string, at: number, { own, point }: Wanted): readonly number[] {
  const match = matchAt(ENTITY, text, at);
  const repeated = own === '&' ? repeats(text, at, '&', 'amp;') : [];
  if (match === undefined) return repeated;
  const [whole, decimal, hexadecimal, name] = match;
  const isOwn =
    name === undefined
      ? Number.parseInt(decimal ?? hexadecimal ?? '', decimal === undefined ? 16 : 10) === point
      : ENTITIES[name] === own;
  return isOwn ? [...repeated, at + whole.length] : repeated;
}

/** `%25`, `%2525`, … */
function repeats(text: string, at: number, first: string, more: string): readonly number[] {
  const ends: number[] = [];
  let end = at + first.length;
  while (ends.length < DEEPEST_REPEAT && text.startsWith(first, at) && text.startsWith(more, end)) {
    end += more.length;
    ends.push(end);
  }
  return ends;
}

interface Decoded {
  readonly number: number;
  readonly end: number;
}

/** The end of a row of encoded numbers, when they are the wanted ones. */
function rowEnd(
  at: number,
  numbers: readonly number[],
  decode: (at: number) => Decoded | undefined,
): readonly number[] {
  let end = at;
  for (const number of numbers) {
    const decoded = decode(end);
    if (decoded === undefined || decoded.number !== number) return [];
    ({ end } = decoded);
  }
  return [end];
}

function numberAt(text: string, at: number, group: number, base: number): Decoded | undefined {
  const match = matchAt(ESCAPE, text, at);
  const digits = match?.[group];
  return match === undefined || digits === undefined
    ? undefined
    : { number: Number.parseInt(digits, base), end: at + match[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
