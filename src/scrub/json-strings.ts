// The strings and numbers of a JSON text (RFC 8259), with their places in the bytes. Iterative, so that depth costs no
// stack; an error is a state, not a throw. What it accepts, JSON.parse accepts, and the other way round; like there,
// bytes that are not UTF-8 are tolerated inside strings and nowhere else.

export type JsonToken = 'key' | 'string' | 'number' | 'end' | 'error';

const OBJECT = 1;
const ARRAY = 2;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'after' | 'end' | 'error';

/** A class, because its state is read between the calls and one is made for every line. */
export class JsonScanner {
  /** Of the last token: the bytes between the quotes, or those of the number. */
  start = 0;
  end = 0;
  /** The last string holds a backslash. */
  escaped = false;
  /** How many arrays and objects are open around the last token. */
  depth = 0;
  /** What the whole text is; undefined before the first token and for a bare string, number or literal. */
  root: 'object' | 'array' | undefined;
  /** The kinds of the open containers but for the innermost, which is `inside`; 0 outside of all. */
  readonly #outer: number[] = [];
  readonly #bytes: Uint8Array;
  #inside = 0;
  #at = 0;
  #state: State = 'value';

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The innermost container around the last token is an object. */
  get inObject(): boolean {
    return this.#inside === OBJECT;
  }

  /** The next token. After `end` or `error` it says the same again. */
  next(): JsonToken {
    for (;;) {
      this.#at = afterSpace(this.#bytes, this.#at);
      const token = this.#step(this.#bytes[this.#at] ?? 0);
      if (token !== undefined) return token;
    }
  }

  /** One token or one piece of the structure between two of them. */
  #step(code: number): JsonToken | undefined {
    switch (this.#state) {
      case 'after':
        return this.#after(code);
      case 'first-key':
        return code === CLOSE_OBJECT ? this.#close(OBJECT) : this.#key(code);
      case 'key':
        return this.#key(code);
      case 'end':
      case 'error':
        return this.#state;
      case 'value':
      case 'first-item':
        break;
    }
    return this.#value(code);
  }

  #key(code: number): JsonToken {
    if (code !== QUOTE || !this.#string()) return this.#fail();
    this.#at = afterSpace(this.#bytes, this.#at);
    if (this.#bytes[this.#at] !== 0x3a) return this.#fail();
    this.#at++;
    this.#state = 'value';
    return 'key';
  }

  #value(code: number): JsonToken | undefined {
    if (code === QUOTE) {
      this.#state = 'after';
      return this.#string() ? 'string' : this.#fail();
    }
    if (code === 0x7b || code === 0x5b) return this.#open(code === 0x7b ? OBJECT : ARRAY);
    if (code === CLOSE_ARRAY && this.#state === 'first-item') return this.#close(ARRAY);
    this.#state = 'after';
    const literal = literalLength(this.#bytes, this.#at);
    this.#at += literal;
    if (literal > 0) return undefined;
    this.start = this.#at;
    this.end = this.#at = numberEnd(this.#bytes, this.#at);
    return this.end > this.start ? 'number' : this.#fail();
  }

  /** What follows a value: a comma, a closing bracket, or the end. */
  #after(code: number): JsonToken | undefined {
    if (this.#inside === 0) {
      if (this.#at < this.#bytes.length) return this.#fail();
      this.#state = 'end';
      return 'end';
    }
    if (code !== 0x2c) return this.#close(code === CLOSE_OBJECT ? OBJECT : code === CLOSE_ARRAY ? ARRAY : 0);
    this.#at++;
    this.#state = this.#inside === OBJECT ? 'key' : 'value';
    return undefined;
  }

  #open(kind: number): undefined {
    if (this.#inside !== 0) this.#outer.push(this.#inside);
    else this.root = kind === OBJECT ? 'object' : 'array';
    this.#inside = kind;
    this.depth++;
    this.#at++;
    this.#state = kind === OBJECT ? 'first-key' : 'first-item';
    return undefined;
  }

  #close(kind: number): JsonToken | undefined {
    if (this.#inside !== kind) return this.#fail();
    this.#inside = this.#outer.pop() ?? 0;
    this.depth--;
    this.#at++;
    this.#state = 'after';
    return undefined;
  }

  #string(): boolean {
    this.start = this.#at + 1;
    const stop = stringEnd(this.#bytes, this.start);
    this.escaped = stop % 2 === 1;
    this.end = Math.floor(stop / 2);
    this.#at = this.end + 1;
    return stop >= 0;
  }

  #fail(): JsonToken {
    this.#state = 'error';
    return 'error';
  }
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at]; code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d; code = bytes[at]) at++;
  return at;
}

/** Bytes that simply stand in a string: all but the quote, the backslash and control characters. */
const ORDINARY = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x20 && code !== QUOTE && code !== BACKSLASH ? 1 : 0,
);
const SHORT_ESCAPE = Uint8Array.from({ length: 256 }, (_, code) =>
  '"\\/bfnrt'.includes(String.fromCharCode(code)) ? 1 : 0,
);

/** Twice the place of the closing quote, plus 1 when there was an escape; -1 for a string that is not valid. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let escapes = 0;
  let at = from;
  for (;;) {
    while (ORDINARY[bytes[at] ?? 0] === 1) at++;
    if (bytes[at] === QUOTE) return at * 2 + escapes;
    const length = bytes[at] === BACKSLASH ? escapeLength(bytes, at) : 0;
    if (length === 0) return -1;
    escapes = 1;
    at += length;
  }
}

/** The bytes of the escape that begins with the backslash at `at`; 0 when it is none. */
export function escapeLength(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1] ?? 0;
  if (code !== 0x75) return SHORT_ESCAPE[code] === 1 ? 2 : 0;
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit] ?? 0)) return 0;
  return 6;
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
