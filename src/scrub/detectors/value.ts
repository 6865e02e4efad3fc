// Reads the value behind a key: in quotes of any nesting, in braces, or bare; and judges whether it can be a credential.

import type { Range } from '../sequence.js';
import { looksDrawn } from './randomness.js';
import { isPlaceholder } from './value-placeholder.js';

/** No value that a key names is looked at further than this. */
const LONGEST = 512;
const LONGEST_BARE = 256;
const OPEN = /(?:[NEbrBRuU]&?|@)?(\\{0,31})(["'`])(?:\1\2\1\2(?!\1\2))?/y;
/** What may follow the quote that closes a value; anything else and a backslash before it make it a part of the value. */
const DELIMITER = /[\s;,)\]}&|>:]/;

/** The inside of the quotes that open at `at`, whose quotes may be escaped; cut off at the end of the line or of the text. */
export function quotedAt(text: string, at: number): Range | undefined {
  OPEN.lastIndex = at;
  const open = OPEN.exec(text);
  if (open === null) return undefined;
  const depth = open[1]?.length ?? 0;
  const start = OPEN.lastIndex;
  const end = closing(text, start, open[2] ?? '"', depth);
  return end === start ? undefined : { start, end };
}

/** Where the value ends; the backslashes that belong to the closing quote are no part of it. */
function closing(text: string, start: number, quote: string, depth: number): number {
  const limit = Math.min(text.length, start + LONGEST);
  let run = 0;
  for (let at = start; at < limit; at++) {
    const character = text[at];
    if (character === '\n' || character === '\r') return at;
    if (character === quote) {
      if (quote === "'" && text[at + 1] === "'" && run === 0 && doublesOn(text, at, start)) at++;
      else if (closes(text, at, quote, run, depth)) return Math.max(start, at - Math.min(run, depth));
    }
    run = character === '\\' ? run + 1 : 0;
  }
  return limit;
}

/** `''` inside a value is a quote; at its beginning it is an empty value. */
function doublesOn(text: string, at: number, start: number): boolean {
  return at > start || !(text[at + 2] === undefined || DELIMITER.test(text[at + 2] ?? ''));
}

/** A quote that opened with 2^d - 1 backslashes closes behind as many; each level doubles the backslashes of the value. */
function closes(text: string, at: number, quote: string, run: number, depth: number): boolean {
  if (run === depth) return true;
  if (run < depth) return true;
  if (quote === "'" && depth === 0) return text[at + 1] === undefined || DELIMITER.test(text[at + 1] ?? '');
  const level = depth + 1;
  const own = (run - depth) / level;
  return Number.isInteger(own) && own % 2 === 0;
}

/** A bare value: to the next space or quote, and not beyond a separator with the next key behind it. */
const BARE = /[^\s"'`<>\\]{0,256}(?:(?:\\+(?![\\"'`nrt])|\\+["'](?=[A-Za-z0-9]))[^\s"'`<>\\]{0,256}){0,32}/y;
const NEXT_KEY = /[,;&|]\s?(?:[A-Za-z_][\w.-]{0,30}[=:]|-{1,2}[a-z])/;
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export function bareAt(text: string, at: number): Range | undefined {
  BARE.lastIndex = 0;
  const part = BARE.exec(text.slice(at, at + LONGEST_BARE))?.[0] ?? '';
  const cut = part.search(NEXT_KEY);
  const value = withoutTail(cut < 0 ? part : part.slice(0, cut));
  return value === '' ? undefined : { start: at, end: at + value.length };
}

/** Without the punctuation that goes on with the text, and without brackets that were opened before the value. */
function withoutTail(value: string): string {
  let end = value.length;
  for (; end > 0; end--) {
    const last = value[end - 1] ?? '';
    const opener = CLOSERS[last];
    if (opener === undefined ? !/[,;]/.test(last) : value.slice(0, end).includes(opener)) break;
  }
  return value.slice(0, end);
}

/** ODBC and ADO.NET quote with braces; a closing brace in the value is doubled. */
const BRACED = /\{((?:[^{}\r\n"]|\}\}|\{(?!\{)){1,256})\}(?=[;"'\s\\]|$)/y;

export function bracedAt(text: string, at: number): Range | undefined {
  BRACED.lastIndex = 0;
  const inner = BRACED.exec(text.slice(at, at + LONGEST))?.[1];
  return inner === undefined ? undefined : { start: at + 1, end: at + 1 + inner.length };
}

/** `config.password`, `read(file)`, `rows[0]`, `a + b`: an expression and no literal. */
const EXPRESSION =
  /^(?:\[\]|[&*!([]){0,3}[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)*(?:[([{})].*|;(?:const|let|var|break|return|if|else|[\w$]+[.(]).*|-?)[):;,]{0,3}$/;
const HARMLESS = new RegExp(
  [
    String.raw`^(?:/|\./|\.\./|~/|[A-Za-z]:\\)|^[a-z][a-z0-9+.-]*://|^\d{4}-\d\d-\d\d|^v?\d+(?:\.\d+)+$|^v?\d+\.\d+\.\d+|^0x[0-9a-f]{1,8}$|^:[a-z]+:`,
    String.raw`^&#|^--[a-z]|&(?:[lr]dquo|amp|quot|lt|gt|nbsp|#\d+|#x[\da-f]+);?$`,
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^sha(?:1|256|384|512)[-:]',
  ].join('|'),
  'i',
);
const TYPE =
  /^(?:(?:Uint|Int|Float|BigInt|BigUint)\d{1,2}(?:Clamped)?Array|u?int\d{1,2}(?:_t)?|[iuf]\d{1,3}|Base64\w*|\w*String\d?)[;,]?$/i;
const STOP =
  /pass|pwd|secret|token|key|cred|user|config|env|args|option|value|field|hash|auth|param|input|request|valid|requir/i;

/** `my-secret-name-2`, `projects/1/secrets/x`, `required|min:8`. */
const NAME = /^[a-z]+(?:[-_/.:|][a-z]*\d{0,3})+$/i;

/** Whether a bare value reads as an expression of a program. Digits are no reason against it when it is a call or a member. */
export function isExpression(value: string): boolean {
  if (!EXPRESSION.test(value)) return false;
  return /[.([{]|->|::/.test(value)
    ? !/^[\w$]+\.[\w$]*\d[\w$]*$/.test(value) || /[([{]/.test(value) || STOP.test(value)
    : !/\d/.test(value) || STOP.test(value);
}

/**
 * Whether a value behind a strong key is a credential. In quotes words of eight letters count, bare ones do not: they
 * are names of variables.
 */
export function isCredential(value: string, quoted: boolean): boolean {
  if (value.length < 6 || isPlaceholder(value) || HARMLESS.test(value)) return false;
  if (/\s/.test(value)) return quoted && value.split(/\s+/).some(isMixed) && !/[.:]\s/.test(value);
  if (/^\d+$/.test(value)) return true;
  if (!quoted && (isExpression(value) || TYPE.test(value))) return false;
  if (/^[\p{L}_\- .]+$/u.test(value)) return quoted && isUnknownWord(value);
  if (STOP.test(value) && NAME.test(value)) return false;
  return variety(value) >= 2.2;
}

/**
 * Whether a value behind a weak key is a credential: drawn at random, of an alphabet of tokens, and neither an identifier
 * nor a path.
 */
export function isRandomCredential(value: string): boolean {
  if (value.length < 16 || isPlaceholder(value) || HARMLESS.test(value)) return false;
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(value)) return value.length >= 32 && variety(value) >= 3 && /[a-fA-F]/.test(value);
  if (/^[A-Za-z0-9+/]{16,}={0,2}$/.test(value) && value.includes('/')) return variety(value) >= 4 && looksDrawn(value);
  return /^[\w.~+=:|%-]+$/.test(value) && variety(value) >= 3.5 && looksDrawn(value);
}

/** Letters only: eight and more of one case or of real mixture, that no program or manual uses as a name. */
function isUnknownWord(value: string): boolean {
  if (/[_\- .]/.test(value)) return false;
  if (/^\p{Lu}?\p{Ll}+$|^\p{Lu}+$/u.test(value))
    return value.length >= 8 && /^[a-z]+$/.test(value) && !STOP.test(value);
  return value.length >= 8 && !STOP.test(value) && /[a-z][A-Z].*[a-z][A-Z]|[A-Z]{2}[a-z].*[A-Z]/.test(value);
}

function isMixed(word: string): boolean {
  return /[A-Za-z]/.test(word) && /[0-9@#$%^&*=+~]/.test(word) && word.length >= 4 && !/^\d+[a-z]{1,3}$/.test(word);
}

/** Shannon entropy of a character, in bits. The beginning of a long value tells enough. */
export function variety(long: string): number {
  const value = long.slice(0, 64);
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
