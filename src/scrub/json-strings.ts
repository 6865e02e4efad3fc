// The strings and numbers of a JSON text (RFC 8259), with their places in the bytes. Iterative, so that depth costs no
// stack; an error is a state, not a throw. What it accepts, JSON.parse accepts, and the other way round; like there,
// bytes that are not UTF-8 are tolerated inside strings and nowhere else.

export type JsonToken = 'key' | 'string' | 'number' | 'end' | 'error';

export interface JsonScanner {
  /** The next token. After `end` or `error` it says the same again. */
  next(): JsonToken;
  /** Of the last token: the bytes between the quotes, or those of the number. */
  readonly start: number;
  readonly end: number;
  /** The last string holds a backslash. */
  readonly escaped: boolean;
  /** How many arrays and objects are open around the last token, and whether the innermost is an object. */
  readonly depth: number;
  readonly inObject: boolean;
  /** What the whole text is; undefined before the first token and for a bare string, number or literal. */
  readonly root: 'object' | 'array' | undefined;
}

const OBJECT = 1;
const ARRAY = 2;
const STATE = { value: 0, firstItem: 1, firstKey: 2, key: 3, after: 4, end: 5, error: 6 } as const;
type State = (typeof STATE)[keyof typeof STATE];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function scanJson(bytes: Uint8Array): JsonScanner {
  const open: number[] = [];
  let state: State = STATE.value;
  let at = 0;
  let start = 0;
  let end = 0;
  let escaped = false;
  let root = 0;

  const fail = (): JsonToken => {
    state = STATE.error;
    return 'error';
  };
  const close = (kind: number): boolean => {
    at++;
    if (open.pop() !== kind) return false;
    state = STATE.after;
    return true;
  };
  const push = (kind: number): void => {
    if (open.length === 0) root = kind;
    open.push(kind);
    at++;
    state = kind === OBJECT ? STATE.firstKey : STATE.firstItem;
  };
  const string = (): boolean => {
    start = at + 1;
    const stop = stringEnd(bytes, start);
    if (stop < 0) return false;
    escaped = stop % 2 === 1;
    end = Math.floor(stop / 2);
    at = end + 1;
    return true;
  };
  const number = (): boolean => {
    start = at;
    end = numberEnd(bytes, at);
    at = end;
    return end > start;
  };
  const key = (): JsonToken => {
    if (bytes[at] !== QUOTE || !string()) return fail();
    at = afterSpace(bytes, at);
    if (bytes[at] !== 0x3a) return fail();
    at++;
    state = STATE.value;
    return 'key';
  };
  /** A value, or the structure before the next one: undefined when there is more to read first. */
  const value = (code: number | undefined): JsonToken | undefined => {
    if (code === QUOTE) {
      if (!string()) return fail();
      state = STATE.after;
      return 'string';
    }
    if (code === 0x7b || code === 0x5b) {
      push(code === 0x7b ? OBJECT : ARRAY);
      return undefined;
    }
    if (code === 0x5d && state === STATE.firstItem) return close(ARRAY) ? undefined : fail();
    const literal = literalLength(bytes, at);
    if (literal > 0) {
      at += literal;
      state = STATE.after;
      return undefined;
    }
    if (!number()) return fail();
    state = STATE.after;
    return 'number';
  };
  /** What follows a value: a comma, a closing bracket, or the end. */
  const after = (code: number | undefined): JsonToken | undefined => {
    const inside = open.at(-1);
    if (inside === undefined) {
      if (at < bytes.length) return fail();
      state = STATE.end;
      return 'end';
    }
    if (code === 0x2c) {
      at++;
      state = inside === OBJECT ? STATE.key : STATE.value;
      return undefined;
    }
    return close(code === 0x7d ? OBJECT : code === 0x5d ? ARRAY : 0) ? undefined : fail();
  };

  return {
    next() {
      for (;;) {
        if (state === STATE.end) return 'end';
        if (state === STATE.error) return 'error';
        at = afterSpace(bytes, at);
        const code = bytes[at];
        let token: JsonToken | undefined;
        if (state === STATE.after) token = after(code);
        else if (state === STATE.key) token = key();
        else if (state === STATE.firstKey) token = code === 0x7d ? (close(OBJECT) ? undefined : fail()) : key();
        else token = value(code);
        if (token !== undefined) return token;
      }
    },
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    get escaped() {
      return escaped;
    },
    get depth() {
      return open.length;
    },
    get inObject() {
      return open.at(-1) === OBJECT;
    },
    get root() {
      return root === OBJECT ? 'object' : root === ARRAY ? 'array' : undefined;
    },
  };
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at]; code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d; code = bytes[at]) at++;
  return at;
}

/** Twice the place of the closing quote, plus 1 when there was an escape; -1 for a string that is not valid. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let escapes = 0;
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at] ?? 0;
    if (code === QUOTE) return at * 2 + escapes;
    if (code < 0x20) return -1;
    if (code !== BACKSLASH) continue;
    const length = escapeLength(bytes, at);
    if (length === 0) return -1;
    escapes = 1;
    at += length - 1;
  }
  return -1;
}

/** The bytes of the escape that begins with the backslash at `at`; 0 when it is none. */
export function escapeLength(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1] ?? 0;
  if (code === 0x75) {
    for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit] ?? 0)) return 0;
    return 6;
  }
  return '"\\/bfnrt'.includes(String.fromCharCode(code)) ? 2 : 0;
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** `true`, `false`, `null`: RFC 8259 §3. */
function literalLength(bytes: Uint8Array, at: number): number {
  const word = LITERALS[bytes[at] ?? 0];
  if (word === undefined) return 0;
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return 0;
  return word.length;
}
const LITERALS: Readonly<Record<number, string>> = { 0x74: 'true', 0x66: 'false', 0x6e: 'null' };

/** RFC 8259 §6; the same place when no number begins there. */
function numberEnd(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const whole = bytes[at] === 0x30 ? at + 1 : digitsEnd(bytes, at);
  if (whole === at) return from;
  at = whole;
  if (bytes[at] === 0x2e) {
    const fraction = digitsEnd(bytes, at + 1);
    if (fraction === at + 1) return from;
    at = fraction;
  }
  if (bytes[at] !== 0x65 && bytes[at] !== 0x45) return at;
  const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
  const exponent = digitsEnd(bytes, sign);
  return exponent === sign ? from : exponent;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at] ?? 0; code >= 0x30 && code <= 0x39; code = bytes[at] ?? 0) at++;
  return at;
}
