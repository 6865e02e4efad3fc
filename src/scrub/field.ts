// A string that is base64 as a whole: the `blob` of a resource, the `data` of a picture, a data URI. It is opened, so that
// what is encoded once more inside of it can be seen, and closed again in the way it was written.

import { isUtf8 } from 'node:buffer';

export interface Field {
  readonly bytes: Buffer;
  /** The content reads as text. */
  readonly isText: boolean;
  /** The string with another content: the same alphabet, padding, line length and beginning. */
  close(bytes: Buffer): string;
}

/** Fewer characters hold no more than half a dozen bytes. */
const SHORTEST = 8;
const DATA_URI = /^data:[^,]{0,200};base64,/i;
const BEGINNING = /^[A-Za-z0-9+/_-]{4}/;
const WRAPPED = /^([A-Za-z0-9+/_-]{4,1000})(\r?\n)/;

/** Undefined for a string that is no base64 (RFC 4648 §4, §5; lines as in RFC 2045 §6.8), or too short to hold anything. */
export function openField(text: string): Field | undefined {
  const head = text.startsWith('data:') ? DATA_URI.exec(text)?.[0].length : 0;
  if (head === undefined || text.length - head < SHORTEST || !BEGINNING.test(text.slice(head, head + 4)))
    return undefined;
  const [, line, lineEnd = ''] = WRAPPED.exec(text.slice(head, head + 1002)) ?? [];
  const body = lineEnd === '' ? text.slice(head) : text.slice(head).replace(/[\r\n]+/g, '');
  const digits = body.endsWith('=') ? body.length - (body.endsWith('==') ? 2 : 1) : body.length;
  if (digits % 4 === 1 || (digits !== body.length && body.length % 4 !== 0)) return undefined;
  const bytes = Buffer.from(body, 'base64');
  // What the decoder leaves out was no base64.
  if (bytes.length !== Math.floor((digits * 3) / 4)) return undefined;
  const style: Style = {
    head: text.slice(0, head),
    isUrl: /[-_]/.test(body),
    isPadded: digits % 4 === 0 || digits !== body.length,
    width: line?.length ?? 0,
    lineEnd,
    endsLine: text.endsWith('\n'),
  };
  return { bytes, isText: isReadable(bytes), close: (content) => closed(content, style) };
}

interface Style {
  readonly head: string;
  readonly isUrl: boolean;
  readonly isPadded: boolean;
  /** Characters in a line; 0 for one long line. */
  readonly width: number;
  readonly lineEnd: string;
  readonly endsLine: boolean;
}

function closed(content: Buffer, { head, isUrl, isPadded, width, lineEnd, endsLine }: Style): string {
  const padded = content.toString('base64');
  const text = isPadded ? padded : padded.replace(/=+$/, '');
  const body = isUrl ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
  if (width === 0) return head + body;
  const lines = body.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return head + lines.join(lineEnd) + (endsLine ? lineEnd : '');
}

/** As long is a string in which a value could stand in any encoding: shorter ones are opened where their name says so. */
export const LONG = 128;
const NAMES = new Set(['blob', 'data']);

/** Whether a string is to be opened for what it is, and not only because of what is seen in it from outside. */
export function isField(text: string, member: string | undefined): boolean {
  if ((member !== undefined && NAMES.has(member)) || text.startsWith('data:')) return true;
  return text.length >= LONG && startsAsText(text);
}

/** The first four groups decode to ASCII, or to bytes of the upper half that begin and go on as UTF-8 does. */
export function startsAsText(base64: string): boolean {
  let more = 0;
  for (const byte of Buffer.from(base64.slice(0, 16), 'base64')) {
    if (more > 0 ? (byte & 0xc0) !== 0x80 : byte >= 0x80 && (byte < 0xc2 || byte > 0xf4)) return false;
    if (more > 0) more--;
    else if (byte >= 0xc2) more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    else if (byte < 0x09) return false;
  }
  return true;
}

const SAMPLE = 512;

/** UTF-8, or bytes of another encoding of text: few control characters, and not mostly bytes of the upper half. */
function isReadable(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  let [control, high] = [0, 0];
  for (const byte of sample) {
    if (byte >= 0x80) high++;
    else if (byte < 0x20 && byte !== 0 && (byte < 0x09 || byte > 0x0d)) control++;
  }
  if (control * 10 > sample.length) return false;
  return high * 4 <= sample.length || isCutUtf8(bytes);
}

/** The last character may have been cut in two. */
function isCutUtf8(bytes: Buffer): boolean {
  return [0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, bytes.length - cut)));
}
