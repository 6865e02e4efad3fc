// What a known value leaves in the raw bytes of a line, as literals of three bytes and more. Where the value stands in any
// spelling, at least one of them does; often one does where nothing stands, and then somebody looks more closely.

import { hexAnchor } from '../hex.js';
import { once } from '../once.js';
import type { Literal } from './scan.js';

export interface Trigger extends Literal {
  /** A closer look, where the literal alone stands too often. */
  readonly mayBe?: (line: Buffer, at: number) => boolean;
  /** A number in a list of bytes. */
  readonly isList?: boolean;
}

/** A letter or digit behind an encoding, or a character of no width: so it cannot be told what stands there. */
export function encodedLiterals(): readonly Trigger[] {
  const digits = Array.from('0123456789');
  const codes = [...pairs('3', '0123456789'), ...pairs('46', '123456789abcdef'), ...pairs('57', '0123456789a')];
  const texts = [
    '\\u{',
    '\\ufe',
    ...Array.from('234567', (digit) => `\\x${digit}`),
    ...pairs('01', '01234567').map((octal) => `\\${octal}`),
    ...codes.map((code) => `%${code}`),
    ...Array.from('34567', (digit) => `%25${digit}`),
    ...[...digits, 'x'].map((digit) => `&#${digit}`),
    '%2525',
    '&amp;#',
    '&amp;amp;',
  ];
  const invisible = [
    '\xc2\xad',
    ...Array.from('\x8b\x8c\x8d\x8e\x8f', (last) => `\xe2\x80${last}`),
    '\xe2\x81\xa0',
    '\xef\xbb\xbf',
  ];
  return [
    // Servers that escape all that is not ASCII write `\\u00` often, and `\\u003c` those that escape HTML, as Go does.
    ...['\\u200', '\\u206'].map((text) => ({ ...literal(text, true), markAt: 1 })),
    ...UNITS.map(([digit, behind]) => ({ ...literal(`\\u00${digit}`, true), markAt: 1, mayBe: isBefore(behind) })),
    ...texts.map((text) => literal(text, true)),
    ...invisible.map((text) => literal(text, false)),
  ];
}

/**
 * The third digit of `\\u00XX`, and what may stand behind it: letters, digits, `-`, `_`, line ends, what has no width; and `%`,
 * `&` and a backslash before what they encode something with.
 */
const UNITS: readonly (readonly [digit: string, behind: RegExp])[] = [
  ['0', /^[0ad]/i],
  ['2', /^(?:d|5[\da-f\\]|6[#a\\])/i],
  ['3', /^\d/],
  ['4', /^[1-9a-f]/i],
  ['5', /^(?:[\daf]|c[0-7nrux\\])/i],
  ['6', /^[1-9a-f]/i],
  ['7', /^[\da]/i],
  ['a', /^d/i],
];
const UNIT = '\\u000';

function isBefore(behind: RegExp): NonNullable<Trigger['mayBe']> {
  return (line, at) => behind.test(String.fromCharCode(line[at + UNIT.length] ?? 0, line[at + UNIT.length + 1] ?? 0));
}

/** What encodes a sign: around it a text may read differently. */
export function percentLiterals(): readonly Literal[] {
  const codes = [...pairs('2', '0123456789abcdef'), ...pairs('3', 'abcdef'), ...pairs('57', 'bcdef'), '40', '60'];
  return codes.map((code) => literal(`%${code}`, true));
}

function pairs(first: string, second: string): readonly string[] {
  return Array.from(first).flatMap((one) => Array.from(second, (two) => one + two));
}

/** The shortest run of letters and digits for which the others are made. */
export const SHORTEST_ANCHOR = 3;

/**
 * A run of letters and digits, as it is or with escaped line breaks inside: before the first break stand the last three
 * characters or the only two, or behind it the next two. `loneLiterals` has what is left, a character between two breaks.
 */
export function brokenLiterals(run: string): readonly Literal[] {
  const before = Array.from({ length: Math.max(0, run.length - 3) }, (_, index) => `${run.slice(index, index + 3)}\\`);
  const early = [...BREAKS, '\\\\'].map((end) => run.slice(0, 2) + end);
  const behind = BREAKS.map((end) => end + run.slice(1, 3));
  return [run, ...early, ...before, ...behind].map((text) => literal(text, false));
}

/** One letter or digit between two line breaks. */
export function loneLiterals(): readonly Literal[] {
  const characters = Array.from('0123456789abcdefghijklmnopqrstuvwxyz');
  return BREAKS.flatMap((end) => characters.map((character) => literal(`${end}${character}\\`, true)));
}

const BREAKS = ['\\n', '\\r'];

/**
 * The first three bytes of a value as hexadecimal digits; of its beginning also with up to two separators, `0x` or line breaks
 * between them.
 */
export function hexLiterals(bytes: Uint8Array, isBeginning: boolean): readonly Trigger[] {
  const [first = '', second = '', third = ''] = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const gaps = [' ', ':', '-', ',', ', ', ': ', '\\n', '\\r', '\\\\'].map((gap) => first + gap + second.slice(0, 1));
  const marked = [`${first},0x`, `${first} 0x`, `${first}, 0x`, `${first}:0x`, `${first}0x`];
  const texts = isBeginning ? [first + second + third, ...gaps, ...marked] : [first + second + third];
  const start = once(() => new RegExp(`^${hexAnchor(Buffer.from(bytes.subarray(0, HEX_BYTES)))}`));
  const mayBe = (line: Buffer, at: number): boolean => {
    return start().test(line.toString('latin1', at, at + LONGEST_START));
  };
  return texts.map((text) => ({ ...literal(text, true), mayBe }));
}
/** As many bytes suffice, with whatever stands between them. */
const HEX_BYTES = 4;
const LONGEST_START = 640;

/** What stands in text and in no string of JSON: NUL, and line breaks that are not escaped. */
export function hasRarities(bytes: Buffer): boolean {
  return bytes.includes(0x0a) || hasRareControls(bytes);
}

/** The same of several lines, where line ends are none. */
export function hasRareControls(bytes: Buffer): boolean {
  if (bytes.includes(0)) return true;
  for (let at = bytes.indexOf(0x0d); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] !== 0x0a) return true;
  }
  return false;
}

function literal(text: string, anyCase: boolean): Literal {
  return { text, anyCase };
}
