// Table entries of tokens: a prefix and a body of known alphabet. A token ends where its own alphabet ends and never at a
// list of allowed terminators; it begins where none of its alphabet stands before it.

import { once } from '../once.js';
import type { Detector } from './detector.js';
import { sample } from './sample.js';
import { isSample, looksRandom } from './randomness.js';
import { LONG_RUN } from '../scan/layout.js';

// Alphabets, as the insides of character classes.
export const B62 = 'A-Za-z0-9';
export const WORD = 'A-Za-z0-9_\\-';
export const HEX = '0-9a-f';
export const BASE64 = 'A-Za-z0-9+/';
export const DIGITS = '0-9';
export const UPPER = 'A-Z0-9';
export const LOWER = 'a-z0-9';
/** One by one: an anchor of two characters is too short, one for each third character is not. */
export const WORD_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** A stretch of one alphabet. */
export interface Run {
  readonly alphabet: string;
  readonly least: number;
  readonly most: number;
}

/** A literal or a stretch. */
export type Part = string | Run;

/** `most` is by default somewhat more than `least`: vendors lengthen their tokens. */
export function run(alphabet: string, least: number, most = least): Run {
  return { alphabet, least, most };
}

/** The digits of RFC 9562 in either case. */
export const UUID: readonly Part[] = [8, 4, 4, 4, 12].flatMap((size, index) =>
  index === 0 ? [run('0-9a-fA-F', size)] : ['-', run('0-9a-fA-F', size)],
);

export interface TokenShape {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly body: readonly Part[];
  readonly source: string;
  /** What may not stand before it, besides letters and digits: by default `_` and `-` where the body holds them. */
  readonly left?: string;
  /** A last look at all that was found. */
  readonly accept?: (token: string) => boolean;
  /** Whether a body is real for certain, however much it looks like an example: a checksum says so. */
  readonly certain?: (body: string) => boolean;
  /** Bodies of examples, where a random one would not do. */
  readonly bodies?: () => readonly string[];
}

/** A token that begins with one of a few prefixes. */
export function token(shape: TokenShape): Detector {
  const { name, prefixes, body, source } = shape;
  const accept = shape.accept ?? (() => true);
  const patternOf = once(
    () => new RegExp(`(?:${prefixes.map(escaped).join('|')})(${sourceOf(body)})(?!${edgeOf(body)})`, 'y'),
  );
  const isInside = insideOf(() => shape.left ?? leftOf(body));
  const bodies = shape.bodies ?? (() => [sampleOf(body)]);
  return {
    name,
    anchors: prefixes,
    follows: runBehind(body),
    signs: signsIn(body),
    ...firstAlphabet(body),
    source,
    find: (text, at) => {
      if (isInside(text, at)) return undefined;
      const pattern = patternOf();
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      const found = match?.[1] ?? '';
      if (match === null || (isSample(found) && shape.certain?.(found) !== true) || !accept(match[0])) return undefined;
      return { start: at, end: at + match[0].length };
    },
    examples: () => ({
      match: prefixes.flatMap((prefix) => bodies().map((one) => whole(prefix + one))),
      clean: prefixes.flatMap((prefix) => [
        prefix,
        prefix + shortOf(body),
        prefix + body.map((part) => (typeof part === 'string' ? part : 'x'.repeat(part.least))).join(''),
        `${sample(B62, 5)}${prefix}${bodies()[0] ?? ''}`,
      ]),
    }),
  };
}

export interface InfixShape {
  readonly name: string;
  /** Parts before and behind a literal that stands inside the token. */
  readonly before: readonly Part[];
  readonly infixes: readonly string[];
  readonly after: readonly Part[];
  readonly source: string;
  readonly left?: string;
  readonly accept?: (token: string) => boolean;
}

/** A token whose only literal stands inside it: looked for there, and then back as far as `before` may reach. */
export function infixed(shape: InfixShape): Detector {
  const { name, before, infixes, after, source } = shape;
  const frontOf = once(() => {
    const left = shape.left ?? leftOf([...before, ...after]);
    return new RegExp(`(?<![${B62}${left}])${sourceOf(before)}$`);
  });
  const backOf = once(() => new RegExp(`${sourceOf(after)}(?!${edgeOf(after)})`, 'y'));
  const reach = before.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.most), 0);
  const accept = shape.accept ?? (() => true);
  return {
    name,
    anchors: infixes,
    follows: leadingRun(after),
    signs: signsIn(after),
    within: runAround(before, after),
    source,
    find: (text, at, anchor) => {
      const back = backOf();
      back.lastIndex = at + anchor.length;
      if (!back.test(text)) return undefined;
      const from = Math.max(0, at - reach - 8);
      const head = frontOf().exec(text.slice(from, at).replace(ESCAPES_BEFORE, blanks));
      const found = head === null ? '' : text.slice(from + head.index, back.lastIndex);
      if (head === null || isSample(found) || !accept(found)) return undefined;
      return { start: from + head.index, end: back.lastIndex };
    },
    examples: () => ({
      match: infixes.map((infix) => whole(sampleOf(before) + infix + sampleOf(after))),
      clean: infixes.flatMap((infix) => [infix, infix + sampleOf(after)]),
    }),
  };
}

export interface NamedShape {
  readonly name: string;
  /** Lower-case parts of the names under which it is kept (`twilio`, `aws_secret`). */
  readonly words: readonly string[];
  readonly body: readonly Part[];
  readonly source: string;
  /** By default what looks random. */
  readonly accept?: (token: string) => boolean;
}

/**
 * A token without a mark of its own: it counts where a name of its vendor is given a value. `DD_API_KEY=…`, `"key": "…"`,
 * `key => '…'`, also in JSON inside strings.
 */
export function named({ name, words, body, source, accept = looksRandom }: NamedShape): Detector {
  const patternOf = once(
    () => new RegExp(`(${NAME_BEHIND})${LINK}(${sourceOf(body)})(?!${edgeOf(body)}|[\\w-])`, 'yd'),
  );
  const isShort = body.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.least), 0) < 24;
  return {
    name,
    anchors: words,
    anyCase: true,
    ...(leadingRun(body) >= LONG_RUN ? { named: true as const } : {}),
    source,
    find: (text, at, anchor) => {
      const pattern = patternOf();
      pattern.lastIndex = at + anchor.length;
      const match = pattern.exec(text);
      const called = text.slice(Math.max(0, at - 20), at + anchor.length) + (match?.[1] ?? '');
      if (match === null || NO_SECRET.test(called) || (isShort && !SECRET.test(called))) return undefined;
      const [start = 0, end = 0] = match.indices?.[2] ?? [];
      const found = text.slice(start, end);
      return isSample(found) || !accept(found) ? undefined : { start, end };
    },
    examples: () => {
      const one = sampleOf(body);
      const [word = ''] = words;
      return {
        match: [
          ...words.map((each) => ({ text: `${each.toUpperCase()}_KEY=${one}`, mask: one })),
          { text: `{"${word}_token": "${one}"}`, mask: one },
          { text: `my_${word}_app_secret := "${one}"`, mask: one },
          { text: `${word}Token = '${one}';`, mask: one },
          { text: `<${word}-key>${one}</${word}-key>`, mask: one },
          { text: `<add key="${word}.secret" value="${one}"/>`, mask: one },
          { text: `[{"name":"${word}_AUTH","value":"${one}"}]`, mask: one },
        ],
        clean: [one, `${word}_commit: ${one}`, ...words.map((each) => `${each} is not ${one}`)],
      };
    },
  };
}

/** The rest of the name, of several words even. */
const NAME_BEHIND = '(?:[\\w.-]|[ \\t](?=[\\w.-])){0,30}';
/** Quotes, brackets, blanks and line breaks, escaped or not. */
const BETWEEN = '(?:\\\\[nrt]|[\\\\"\'`[\\]\\s]){0,12}';
/** From the name to its value: whatever assigns in some language, the end of an element, or the second half of a pair. */
const LINK = `${BETWEEN}(?:(?:string|String|str)\\s)?(?:=>|:{1,3}=?|[?+.]?={1,3}|\\|\\|=?|[>,(]|(?:[,<;/]|name>|key>|\\s){0,8}(?:\\\\{0,7}["'])?[vV]alue(?:\\\\{0,7}["'])?\\s{0,4}[:=>]{1,2})${BETWEEN}(?:[@bfruN](?=["'\`]))?["'\`]{0,3}`;
/** What a name must say of a value too short to be told from other identifiers. */
const SECRET = /secret|token|key|pass|pwd|auth|api|cred|access|bearer/i;
/** Names of what is looked up with, or compared. */
const NO_SECRET =
  /(?:commit|sha\d{0,3}|hash|digest|checksum|etag|revision|integrity|version|md5|[_ .-](?:id|ID|ref)|Id)\s?$/;

function whole(text: string): { readonly text: string; readonly mask: string } {
  return { text, mask: text };
}

// Patterns

function sourceOf(parts: readonly Part[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? escaped(part) : `[${part.alphabet}]{${part.least},${part.most}}`))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** What may not follow: the alphabet of the last stretch. A dot ends a sentence when nothing of the alphabet is behind it. */
function edgeOf(parts: readonly Part[]): string {
  const alphabet = alphabetsOf(parts).at(-1) ?? B62;
  if (alphabetOf(alphabet)[0x2e] !== 1) return `[${alphabet}]`;
  return `(?:(?!\\.)[${alphabet}]|\\.(?!\\.)[${alphabet}])`;
}

function alphabetsOf(parts: readonly Part[]): readonly string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.alphabet]));
}

function leftOf(parts: readonly Part[]): string {
  return ['_', '-'].filter((one) => holds(parts, one)).join('');
}

function signsIn(parts: readonly Part[]): string {
  return ['.', ':', '!', '|'].filter((sign) => holds(parts, sign)).join('');
}

/**
 * How many characters of base64 a match of these parts begins with at least. Dots and `=` stand at the end of a token, or far
 * from one another.
 */
function leadingRun(parts: readonly Part[]): number {
  let length = 0;
  for (const part of parts) {
    if (typeof part === 'string') {
      const own = /^[\w+/-]*/.exec(part)?.[0].length ?? 0;
      length += own;
      if (own < part.length) break;
    } else {
      if (!knownAlphabet(part.alphabet).isInRun) break;
      length += part.least;
    }
  }
  return length;
}

/** The same; a short part before a dot or another such sign may stand before the run that tells. */
function runBehind(parts: readonly Part[]): number {
  const length = leadingRun(parts);
  const sign = parts.findIndex((part) => typeof part === 'string' && /^[.:!|]/.test(part));
  const behind = parts
    .slice(sign)
    .map((part, index) => (index === 0 && typeof part === 'string' ? part.slice(1) : part));
  const before = parts
    .slice(0, sign)
    .reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part.most), 0);
  if (length >= LONG_RUN || sign < 0 || before > LONGEST_BEFORE_SIGN) return length;
  return leadingRun(behind) >= LONG_RUN ? LONG_RUN : length;
}
const LONGEST_BEFORE_SIGN = 25;

/** The alphabet of the first stretch, when it is all that is sure to follow. */
function firstAlphabet(parts: readonly Part[]): { alphabet?: Uint8Array } {
  const [first] = parts;
  if (first === undefined || typeof first === 'string' || first.least < runBehind(parts)) return {};
  return { alphabet: alphabetOf(first.alphabet) };
}

interface Alphabet {
  readonly bytes: Uint8Array;
  /** All of it belongs to runs, also with dots and `=`. */
  readonly isInRun: boolean;
}

const alphabets = new Map<string, Alphabet>();

/** By byte, 1 for those of the inside of a character class. Made once for each. */
export function alphabetOf(inside: string): Uint8Array {
  return knownAlphabet(inside).bytes;
}

function knownAlphabet(inside: string): Alphabet {
  const known = alphabets.get(inside);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(256);
  const characters = EVERY_BYTE.match(new RegExp(`[${inside}]`, 'g')) ?? [];
  for (const character of characters) bytes[character.charCodeAt(0)] = 1;
  const made = { bytes, isInRun: /^[A-Za-z0-9_+/=.-]*$/.test(characters.join('')) };
  alphabets.set(inside, made);
  return made;
}
const EVERY_BYTE = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)).toString('latin1');

/** The run around an infix: what stands before it, turned round, and what follows. */
function runAround(before: readonly Part[], after: readonly Part[]): number {
  const turned = before
    .map((part) => (typeof part === 'string' ? part.split('').toReversed().join('') : part))
    .toReversed();
  return leadingRun(turned) + leadingRun(after);
}

function holds(parts: readonly Part[], one: string): boolean {
  return parts.some((part) =>
    typeof part === 'string' ? part.includes(one) : alphabetOf(part.alphabet)[one.charCodeAt(0)] === 1,
  );
}

// Edges

/** Letters and digits that belong to an escape are no beginning of a word: `\ntoken`, `%3Dtoken`. */
const ESCAPE_BEFORE = /(?:\\[nrtbfv]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2})$/;
const ESCAPES_BEFORE = /\\(?:[nrtbfv]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})|%[0-9a-fA-F]{2}/g;

function insideOf(left: () => string): (text: string, at: number) => boolean {
  const inside = once(() => new RegExp(`[${B62}${left()}]`));
  return (text, at) =>
    at > 0 && inside().test(text.charAt(at - 1)) && !ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 6), at));
}

function blanks(escape: string): string {
  return ' '.repeat(escape.length);
}

// Examples

function sampleOf(parts: readonly Part[]): string {
  return parts
    .map((part, index) => (typeof part === 'string' ? part : sample(tellingOf(part.alphabet), part.least, index + 1)))
    .join('');
}

/** Real tokens have dots and `=` rarely, and the latter at their end. */
function tellingOf(alphabet: string): string {
  return alphabet.replace(/[.=]/g, '');
}

/** One character too few in the first long stretch. */
function shortOf(parts: readonly Part[]): string {
  const long = parts.findIndex((part) => typeof part !== 'string' && part.least > 8);
  const shorter = parts.map((part, index) =>
    index === long && typeof part !== 'string' ? sample(tellingOf(part.alphabet), part.least - 1, 3) : part,
  );
  return sampleOf(shorter.slice(0, long + 1));
}
