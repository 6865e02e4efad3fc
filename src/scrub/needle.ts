// One known value, sought in every spelling: as characters, inside base64, as hexadecimal digits, as decimal bytes.

import { base64Finder, coresOf, SHORTEST_CORE } from './base64.js';
import { isInContext } from './context.js';
import { atBoundary, withinEscapes } from './edges.js';
import { hexFinder } from './hex.js';
import { decimalFinder, SHORTEST_LIST } from './decimal.js';
import type { KnownValue } from './known.js';
import { once } from './once.js';
import type { Range } from './sequence.js';
import { FRAGMENT, sequenceFinder } from './sequence.js';
import { elementCount, elementsOf, gapEnd } from './spellings.js';
import type { Strength } from './strength.js';
import { strengthOf } from './strength.js';

export type Form = 'characters' | 'base64' | 'hex' | 'decimal';

export interface Span extends Range {
  readonly needle: Needle;
  readonly form: Form;
}

export interface Needle {
  readonly name: string;
  readonly strength: Strength;
  /** UTF-16 units of the shortest text that can hold the value. */
  readonly shortest: number;
  /** UTF-16 units of the value. */
  readonly size: number;
  /** What of the value the search begins with: the prefilter takes its literals from here. */
  readonly heads: readonly Heads[];
  /** What is sought in pieces, too: the value as it is, in its Unicode forms. None when it could stand there by chance. */
  readonly exact: readonly string[];
  /** A weak value is found in a credential's context only, or, to judge a mask by, `anywhere`. */
  find(text: string, context?: Context): readonly Span[];
}

/** `member` is the name whose value the text is. */
export type Context = 'anywhere' | { readonly member: string | undefined };

/** One Unicode form of a value: the texts, base64 cores and bytes of which one must occur for a match to be there. */
export interface Heads {
  readonly texts: readonly string[];
  readonly cores: readonly string[];
  readonly bytes: readonly Buffer[];
  /** Ends of bytes that suffice alone, and the value in UTF-16: with nothing between the digits. */
  readonly tails: readonly Buffer[];
  /** Those of the bytes and tails that are sought as lists of decimal numbers, too. */
  readonly lists: readonly Buffer[];
}

/** A container longer than this is found inside base64 and hexadecimal by its parts, which are values of their own. */
const LONGEST_WHOLE = 256;

/**
 * A strong value counts everywhere, and so does any beginning or end of it from 12 characters on; a medium or weak one only
 * where no longer word surrounds it, also in what is base64 or hexadecimal; and a weak one only where it is a credential.
 */
export function createNeedle({ name, value, whole, weak }: KnownValue): Needle {
  const strength = weak === true ? 'weak' : strengthOf(value);
  const fragments = strength === 'strong' && whole !== true;
  const variants = [...new Set([value, value.normalize('NFC'), value.normalize('NFD')])];
  const heads = variants.map((variant) => headsOf(variant, strength, fragments));
  const finders = once(() =>
    variants.map((variant, index) => finderOf(variant, strength, fragments, heads[index]?.cores ?? [])),
  );
  const needle: Needle = {
    name,
    strength,
    shortest: Math.min(SHORTEST_CORE, ...variants.map((variant) => elementCount(variant))),
    size: Math.max(...variants.map((variant) => variant.length)),
    heads,
    exact: whole !== true && (strength === 'strong' || isLongEnough(value, strength)) ? variants : [],
    find: (text, context = 'anywhere') =>
      finders()
        .flatMap((find) => find(text, context))
        .map((found) => ({ ...found, needle })),
  };
  return needle;
}

/** A row of a dozen digits is not strong, but its pieces do not meet by chance either. */
function isLongEnough(value: string, strength: Strength): boolean {
  return strength === 'medium' && value.length >= FRAGMENT;
}

interface Found extends Range {
  readonly form: Form;
}

type Find = (text: string, context: Context) => readonly Found[];

function finderOf(value: string, strength: Strength, fragments: boolean, cores: readonly string[]): Find {
  const bytes = Buffer.from(value);
  const characters = sequenceFinder({ elements: elementsOf(value), gapEnd, fragments });
  // The whole first: over lines that are shorter than usual, its ends alone would leave the middle.
  const base64 = base64Finder([...(bytes.length > LONGEST_WHOLE ? [] : coresOfText(value)), ...cores]);
  const documents = isLongContainer(bytes, fragments) ? [] : documentsOf(value);
  const hex = [
    ...documents.map((one) => hexFinder(one, fragments)),
    ...(documents.length === 0 ? [] : [hexFinder(wide(value), false)]),
  ];
  const decimal = documents.filter((one) => isList(one, strength)).map((one) => decimalFinder(one, fragments));
  const all: Find = (text) => [
    ...characters(text).map((range) => formed(range, 'characters')),
    ...base64(text).map((range) => formed(range, 'base64')),
    ...hex.flatMap((find) => find(text)).map((range) => formed(range, 'hex')),
    ...decimal.flatMap((find) => find(text)).map((range) => formed(range, 'decimal')),
  ];
  const within = (text: string, found: Found): Found =>
    found.form === 'characters' ? formed(withinEscapes(text, found, value), 'characters') : found;
  if (strength === 'strong') return (text, context) => all(text, context).map((found) => within(text, found));
  const isAlone = (content: string): boolean => characters(content).some((range) => atBoundary(content, range, value));
  const isApart = (text: string, found: Found): boolean => {
    if (found.form === 'characters') return atBoundary(text, found, value);
    if (found.form === 'decimal') return decimalBoundary(text, found, value);
    return found.form === 'base64' ? decodedRuns(text, found).some(isAlone) : hexBoundary(text, found, value);
  };
  const isMeant = (text: string, found: Found, context: Context): boolean =>
    strength === 'medium' || context === 'anywhere' || isCredential(text, found, context.member, value);
  return (text, context) =>
    all(text, context)
      .filter((found) => isApart(text, found) && isMeant(text, found, context))
      .map((found) => within(text, found));
}

function formed({ start, end }: Range, form: Form): Found {
  return { start, end, form };
}

/** A pair of Basic authentication (RFC 7617 §2) is its own context. */
function isCredential(text: string, found: Found, member: string | undefined, value: string): boolean {
  if (found.form === 'base64') {
    const contents = decodedRuns(text, found);
    if (contents.some((content) => content.endsWith(`:${value}`) && !/[\s]/.test(content))) return true;
    if (!contents.includes(value)) return false;
  }
  const prefix =
    found.form === 'hex'
      ? (/(?:\\+x|0x)$/.exec(text.slice(Math.max(0, found.start - 33), found.start))?.[0].length ?? 0)
      : 0;
  return isInContext(text, { start: found.start - prefix, end: found.end }, member);
}

function headsOf(value: string, strength: Strength, fragments: boolean): Heads {
  const ends = endsOf(value, fragments);
  const bytes = Buffer.from(value);
  const isLong = isLongContainer(bytes, fragments);
  const encodable = isLong ? [] : ends;
  const documents = isLong ? [] : documentsOf(value);
  const tails = fragments ? documents.map((one) => one.subarray(-FRAGMENT)) : [];
  return {
    texts: ends,
    cores: encodable.flatMap(coresOfText),
    bytes: documents,
    tails: isLong ? tails : [...tails, wide(value)],
    lists: [...documents, ...tails].filter((one) => isList(one, strength)),
  };
}

/** The beginning and the end that suffice where fragments count; else the whole. */
function endsOf(value: string, fragments: boolean): readonly string[] {
  const characters = Array.from(value);
  if (!fragments || characters.length <= FRAGMENT) return [value];
  return [characters.slice(0, FRAGMENT).join(''), characters.slice(-FRAGMENT).join('')];
}

function coresOfText(text: string): readonly string[] {
  return [...documentsOf(text), wide(text)].flatMap(coresOf);
}

/** As SQL Server and PowerShell give the bytes of a text. */
function wide(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** A server may encode a whole document, in which the value is escaped already. */
function documentsOf(text: string): readonly Buffer[] {
  const encodings = new Set([text, JSON.stringify(text).slice(1, -1), percentEncoded(text)]);
  return [...encodings].map((encoded) => Buffer.from(encoded));
}

function isLongContainer(bytes: Buffer, fragments: boolean): boolean {
  return !fragments && bytes.length > LONGEST_WHOLE;
}

/** A weak value would have to be told by what stands around the list. */
function isList(bytes: Buffer, strength: Strength): boolean {
  return strength !== 'weak' && bytes.length >= SHORTEST_LIST;
}

/** `encodeURIComponent` throws on a lone surrogate, which no UTF-8 text can hold anyway. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
}
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What a run of base64 holds, read from each of the four places in a group: its first letters may belong to a word. */
function decodedRuns(text: string, { start, end }: Range): readonly string[] {
  const run = text.slice(start, end).replace(/%2b/gi, '+').replace(/%2f/gi, '/').replace(/%3d/gi, '=');
  const plain = run.replace(/\\+[rn]|[\\\r\n]/g, '');
  return [0, 1, 2, 3].map((skip) => Buffer.from(plain.slice(skip), 'base64').toString());
}

/** The bytes beside it, when they are written as hexadecimal too, are no letters of a longer word. */
function hexBoundary(text: string, { start, end }: Range, value: string): boolean {
  const before = /([0-9a-fA-F]{2})[ :,-]?$/.exec(text.slice(Math.max(0, start - 3), start))?.[1] ?? '';
  const behind = /^[ :,-]?([0-9a-fA-F]{2})/.exec(text.slice(end, end + 3))?.[1] ?? '';
  const around = Buffer.from(before, 'hex').toString('latin1') + value + Buffer.from(behind, 'hex').toString('latin1');
  const from = before === '' ? 0 : 1;
  return atBoundary(around, { start: from, end: from + value.length }, value);
}

/** The same of the numbers in a list; those before it may be an escape, as `%20` is. */
function decimalBoundary(text: string, { start, end }: Range, value: string): boolean {
  const before = LIST_BEFORE.exec(text.slice(Math.max(0, start - BESIDE), start))?.[0] ?? '';
  const behind = LIST_BEHIND.exec(text.slice(end, end + BESIDE))?.[0] ?? '';
  const [left, right] = [before, behind].map((list) => {
    const numbers = list.replaceAll(LIST_INDEX, '').match(/\d+/g) ?? [];
    return String.fromCharCode(...numbers.map(Number));
  });
  const from = left?.length ?? 0;
  return atBoundary(`${left}${value}${right}`, { start: from, end: from + value.length }, value);
}
const BESIDE = 200;
const LIST_INDEX = /\\{0,31}"\d{1,6}\\{0,31}"\s{0,2}:/g;
const LIST_GAP = String.raw`(?:[\s,]|\\{1,31}[nrt]|${LIST_INDEX.source}){1,60}`;
const LIST_BEFORE = new RegExp(String.raw`(?:(?<!\d)\d{1,3}${LIST_GAP}){1,6}$`);
const LIST_BEHIND = new RegExp(String.raw`^${LIST_GAP}\d{1,3}`);
