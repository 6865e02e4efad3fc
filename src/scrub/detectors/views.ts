// Other readings of a text: without its escapes, and out of base64 and hexadecimal. Each knows where its characters come
// from. They are for detection only; what is found is masked in the text as it is written.

export interface View {
  readonly text: string;
  /** Where the character at `index` of the view begins in the text it was read from; the end for the last one. */
  readonly origin: (index: number) => number;
}

/** Backslash and percent escapes, however often repeated, entities of HTML, and characters that nobody sees. */
const ESCAPED =
  /\\{1,31}(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbf"'/\\]))|%(?:25){0,5}([0-7][0-9a-fA-F])|&(?:amp;){0,5}(?:#(\d{1,5});|#[xX]([0-9a-fA-F]{1,4});|(amp|lt|gt|quot|apos);)|[\0\u00ad\u200b-\u200f\u2060\ufeff]/g;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
};

/** The text without its escapes; undefined when it has none. */
export function withoutEscapes(text: string): View | undefined {
  const parts: string[] = [];
  const jumps: [number, number][] = [[0, 0]];
  let from = 0;
  let length = 0;
  for (const match of text.matchAll(ESCAPED)) {
    const meaning = meaningOf(match);
    const end = match.index + match[0].length;
    parts.push(text.slice(from, match.index), meaning);
    length += match.index - from;
    if (meaning !== '') jumps.push([length, match.index]);
    length += meaning.length;
    jumps.push([length, end]);
    from = end;
  }
  if (from === 0) return undefined;
  parts.push(text.slice(from));
  return { text: parts.join(''), origin: (index) => originOf(jumps, index) };
}

function meaningOf([, unit, byte, short, percent, decimal, hexadecimal, name]: RegExpExecArray): string {
  const letter = name ?? short;
  if (letter !== undefined) return NAMED[letter] ?? letter;
  const number = unit ?? byte ?? percent ?? hexadecimal;
  if (number !== undefined) return String.fromCharCode(Number.parseInt(number, 16));
  return decimal === undefined ? '' : String.fromCharCode(Number(decimal));
}

/** The last jump at or before the index, and as many characters more. */
function originOf(jumps: readonly (readonly [number, number])[], index: number): number {
  let [low, high] = [0, jumps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((jumps[middle]?.[0] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const [at, origin] = jumps[low] ?? [0, 0];
  return origin + index - at;
}

export interface Wrapped extends View {
  /** The whole run of which a part was decoded: begins and ends where its alphabet does. */
  readonly start: number;
  readonly end: number;
  /** Where the decoded part ends in the text. */
  readonly seen: number;
}

/** How much of a run is decoded in one go: a key of 8192 bits fits. */
const BEHIND = 12_288;
const LONGEST_RUN = 65_536;
/** A shorter run cannot hold a credential. */
const SHORTEST_RUN = 16;
/** A full line of wrapped base64 (RFC 2045 §6.8, RFC 7468 §2) goes on in the next one. */
const BASE64_RUN =
  /(?:[A-Za-z0-9+/_-]{60,76}(?:\\{0,3}[\r\n]|\\{1,3}[rn]){1,2}(?=[A-Za-z0-9+/_-]))*[A-Za-z0-9+/_-]*={0,2}/y;
const BREAKS = /\\{0,3}[\r\n]|\\{1,3}[rn]/g;

/** The base64 around `group`, where a group of four begins. Without its line breaks. */
export function base64At(text: string, group: number): Wrapped | undefined {
  if (!isText(text, group)) return undefined;
  let start = group;
  while (start > 0 && group - start < LONGEST_RUN && isBase64(text.charCodeAt(start - 1))) start--;
  const end = endOfRun(text, group);
  if (end - start < SHORTEST_RUN) return undefined;
  const seen = Math.min(end, group + BEHIND);
  const run = text.slice(group, seen);
  const breaks = [...run.matchAll(BREAKS)];
  const jumps: [number, number][] = [[0, 0]];
  let gone = 0;
  for (const { index, 0: gap } of breaks) {
    jumps.push([index - gone, index + gap.length]);
    gone += gap.length;
  }
  const content = Buffer.from(gone === 0 ? run : run.replace(BREAKS, ''), 'base64').toString('latin1');
  const place = (index: number): number => group + originOf(jumps, Math.floor((index * 4) / 3));
  return { text: content, origin: (index) => (index >= content.length ? seen : place(index)), start, end, seen };
}

/** The beginning is printable ASCII; what is not needs no decoding. */
function isText(text: string, group: number): boolean {
  const bytes = Buffer.from(text.slice(group, group + PROBE), 'base64');
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
/** Twelve characters: whoever asks has looked at as many. */
const PROBE = 16;

function endOfRun(text: string, at: number): number {
  BASE64_RUN.lastIndex = at;
  if (text.length - at > LONGEST_RUN && /^[A-Za-z0-9+/_-]*$/.test(text.slice(at, at + LONGEST_RUN)))
    return at + LONGEST_RUN;
  return BASE64_RUN.test(text) ? BASE64_RUN.lastIndex : at;
}

function isBase64(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a;
  if (code >= 0x41) return code <= 0x5a || code === 0x5f;
  return (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x2d;
}

const HEX_RUN = /[0-9a-fA-F]*/y;

/** The hexadecimal digits around those at `at`, where a pair begins. */
export function hexAt(text: string, at: number): Wrapped | undefined {
  let start = at;
  while (start > 0 && at - start < LONGEST_RUN && isHex(text.charCodeAt(start - 1))) start--;
  HEX_RUN.lastIndex = at;
  const end = HEX_RUN.test(text) ? HEX_RUN.lastIndex : at;
  if (end - at < SHORTEST_RUN) return undefined;
  const seen = Math.min(end, at + 2 * BEHIND);
  const content = Buffer.from(text.slice(at, seen - ((seen - at) % 2)), 'hex').toString('latin1');
  return { text: content, origin: (index) => at + index * 2, start, end, seen };
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** Whether the backslashes at a place escape what may belong to a token: no quote, no end of a line. */
export function isCharacterEscaped(bytes: Uint8Array, at: number): boolean {
  let next = at;
  while (bytes[next] === BACKSLASH) next++;
  return !ENDING.includes(bytes[next] ?? 0x22);
}
/** `"`, `'`, and the letters of `\n`, `\r`, `\t`, `\b`, `\f`. */
const ENDING = [0x22, 0x27, 0x6e, 0x72, 0x74, 0x62, 0x66];
const BACKSLASH = 0x5c;
