// What no literal shows in the bytes of a line: text inside base64, which may hold anything in any encoding, and a value that
// the ends of strings cut in two.

import { openField } from './field.js';
import type { Needle } from './needle.js';
import type { Literal } from './scan/scan.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_D = 0x64;

/** Where base64 stands by the protocol (`blob`, `data`) or by the form of a URI; text that does not begin in ASCII too. */
export const FIELDS: readonly Literal[] = ['"blob"', '"data"', ';base64,'].map((text) => ({ text }));

/** The beginning or the end of a value, where a string may end or begin in the middle of it. */
export interface Edge extends Literal {
  readonly whole: Buffer;
  readonly isEnd: boolean;
}

const EDGE = 4;

export function edgesOf(needles: readonly Needle[]): readonly Edge[] {
  return needles.flatMap(({ exact }) => exact.flatMap(edgesOfValue));
}

/** A value as JSON writes it, with and without characters beyond ASCII. */
function edgesOfValue(value: string): readonly Edge[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const ascii = escaped.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [...new Set([escaped, ascii])].flatMap((text) => {
    const whole = Buffer.from(text);
    return [
      { text: whole.toString('latin1', 0, EDGE), whole, isEnd: false },
      { text: whole.toString('latin1', Math.max(0, whole.length - EDGE)), whole, isEnd: true },
    ];
  });
}

/** Whether a string ends behind the beginning of a value, or begins before the end of one. */
export function isCut(bytes: Buffer, at: number, { whole, isEnd }: Edge): boolean {
  for (let length = EDGE; length < whole.length; length++) {
    const code = bytes[isEnd ? at + EDGE - length - 1 : at + length];
    if (code === QUOTE) return true;
    if (code !== whole[isEnd ? whole.length - length - 1 : length]) return !isEnd && code === BACKSLASH;
  }
  return false;
}

/** The inside of the string that is the value of the member at `at`, or that holds the data URI there; -1 when it is none. */
export function fieldAt(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return bytes.lastIndexOf(QUOTE, at) + 1 || -1;
  let from = at + 6;
  while (bytes[from] === 0x20 || bytes[from] === 0x3a) from++;
  return bytes[from] === QUOTE ? from + 1 : -1;
}

/** The first bytes tell what most base64 is: a picture. */
const HEAD = 64;

/** The text in the base64 that a string holds from `from` on; undefined when it is something else. */
export function textInField(bytes: Buffer, from: number): Buffer | undefined {
  if (from < 0) return undefined;
  const body = bytes[from] === LETTER_D ? bodyOf(bytes, from) : from;
  const near = bytes.subarray(from, body + HEAD).indexOf(QUOTE);
  if (near < 0) {
    const head = bytes.toString('latin1', body, body + HEAD).replace(/\\[rn]?/g, '');
    if (openField(head.slice(0, head.length & ~3))?.isText !== true) return undefined;
  }
  const quote = near < 0 ? bytes.indexOf(QUOTE, from) : from + near;
  const end = quote < 0 ? bytes.length : quote;
  if (end - body < 8) return undefined;
  const field = openField(bytes.toString('latin1', from, end).replace(/\\[rn]?/g, unescaped));
  return field?.isText === true ? field.bytes : undefined;
}

/** Behind the beginning of a data URI, or the same place when there is none. */
function bodyOf(bytes: Buffer, from: number): number {
  const comma = bytes.subarray(from, from + LONGEST_HEAD).indexOf(0x2c);
  return comma < 0 ? from : from + comma + 1;
}
const LONGEST_HEAD = 220;

function unescaped(escape: string): string {
  return escape.endsWith('n') ? '\n' : escape.endsWith('r') ? '\r' : '';
}
