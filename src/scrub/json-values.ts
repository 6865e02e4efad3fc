// Where the members of an object and the items of an array stand in the bytes of a JSON text that the scanner has accepted.

export interface Member {
  readonly key: string;
  /** The quote before the key. */
  readonly keyStart: number;
  /** The value, without white space around it. */
  readonly start: number;
  readonly end: number;
}

export interface Item {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;

/** Where the messages of a line begin: each of a batch (protocol revision 2025-03-26), else the one. */
export function messagesIn(line: Buffer): { readonly isBatch: boolean; readonly starts: readonly number[] } {
  const start = afterSpace(line, 0);
  const isBatch = line[start] === OPEN_ARRAY;
  return { isBatch, starts: isBatch ? itemsAt(line, start).map((item) => item.start) : [start] };
}

/** The members of the object at `at`, duplicates too; none when something else stands there. */
export function membersAt(bytes: Buffer, at: number): readonly Member[] {
  const members: Member[] = [];
  if (bytes[at] !== OPEN_OBJECT) return members;
  for (let next = afterSpace(bytes, at + 1); bytes[next] === QUOTE;) {
    const keyEnd = stringEnd(bytes, next);
    const start = afterSpace(bytes, afterSpace(bytes, keyEnd) + 1);
    const end = valueEnd(bytes, start);
    members.push({ key: stringAt(bytes, { start: next, end: keyEnd }), keyStart: next, start, end });
    next = afterComma(bytes, end);
  }
  return members;
}

/** The items of the array at `at`; none when something else stands there. */
export function itemsAt(bytes: Buffer, at: number): readonly Item[] {
  const items: Item[] = [];
  if (bytes[at] !== OPEN_ARRAY) return items;
  for (let start = afterSpace(bytes, at + 1); start < bytes.length && bytes[start] !== 0x5d;) {
    const end = valueEnd(bytes, start);
    items.push({ start, end });
    start = afterComma(bytes, end);
  }
  return items;
}

/** The text of the string at this range, quotes included; empty when it is none. */
export function stringAt(bytes: Buffer, { start, end }: Item): string {
  return bytes[start] === QUOTE ? String(JSON.parse(bytes.toString('utf8', start, end))) : '';
}

export function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (let code = bytes[at]; code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d; code = bytes[at]) at++;
  return at;
}

function afterComma(bytes: Buffer, end: number): number {
  const at = afterSpace(bytes, end);
  return bytes[at] === 0x2c ? afterSpace(bytes, at + 1) : bytes.length;
}

/** Counts brackets, so that depth costs no stack. */
export function valueEnd(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) at = stringEnd(bytes, at) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    if (depth === 0 && isLast(bytes[at + 1])) return at + 1;
  }
  return bytes.length;
}

/** What may follow a value. */
function isLast(code: number | undefined): boolean {
  return code === undefined || code === 0x2c || code === 0x7d || code === 0x5d || code === 0x3a || code <= 0x20;
}

/** Behind the quote that closes the string at `at`. */
export function stringEnd(bytes: Buffer, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end > 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let run = end;
    while (bytes[run - 1] === BACKSLASH) run--;
    if ((end - run) % 2 === 0) return end + 1;
  }
  return bytes.length;
}
