// One known value, sought in every spelling: as characters, inside base64, as hexadecimal digits.

import { base64Finder, coresOf, SHORTEST_CORE } from './base64.js';
import { atBoundary, withinEscapes } from './edges.js';
import { hexFinder } from './hex.js';
import type { KnownValue } from './known.js';
import type { Range } from './sequence.js';
import { FRAGMENT, sequenceFinder } from './sequence.js';
import { elementsOf, gapEnd } from './spellings.js';
import type { Strength } from './strength.js';
import { strengthOf } from './strength.js';

export type Form = 'characters' | 'base64' | 'hex';

export interface Span extends Range {
  readonly needle: Needle;
  readonly form: Form;
}

export interface Needle {
  readonly name: string;
  readonly strength: Strength;
  /** UTF-16 units of the shortest text that can hold the value. */
  readonly shortest: number;
  /** What of the value the search begins with: the prefilter takes its literals from here. */
  readonly heads: readonly Heads[];
  /** What is sought in pieces, too: the value as it is, in its Unicode forms. None when it could stand there by chance. */
  readonly exact: readonly string[];
  find(text: string): readonly Span[];
}

/** One Unicode form of a value: the texts, base64 cores and bytes of which one must occur for a match to be there. */
export interface Heads {
  readonly texts: readonly string[];
  readonly cores: readonly string[];
  readonly bytes: readonly Buffer[];
}

/** A container longer than this is found inside base64 and hexadecimal by its parts, which are values of their own. */
const LONGEST_WHOLE = 256;

/**
 * A strong value counts everywhere, and so does any beginning or end of it from 12 characters on; a medium or weak one only
 * where no longer word surrounds it, and a weak one in base64 or hexadecimal only when it is all that is encoded there.
 */
export function createNeedle({ name, value, whole }: KnownValue): Needle {
  const strength = strengthOf(value);
  const fragments = strength === 'strong' && whole !== true;
  const variants = [...new Set([value, value.normalize('NFC'), value.normalize('NFD')])];
  const heads = variants.map((variant) => headsOf(variant, fragments));
  const finders = variants.map((variant, index) => finderOf(variant, strength, fragments, heads[index]?.cores ?? []));
  const needle: Needle = {
    name,
    strength,
    shortest: Math.min(SHORTEST_CORE, ...variants.map((variant) => elementsOf(variant).length)),
    heads,
    exact: whole !== true && (strength === 'strong' || isLongEnough(value, strength)) ? variants : [],
    find: (text) => finders.flatMap((find) => find(text)).map((found) => ({ ...found, needle })),
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

function finderOf(
  value: string,
  strength: Strength,
  fragments: boolean,
  cores: readonly string[],
): (text: string) => readonly Found[] {
  const bytes = Buffer.from(value);
  const characters = sequenceFinder({ elements: elementsOf(value), gapEnd, fragments });
  // The whole first: over lines that are shorter than usual, its ends alone would leave the middle.
  const base64 = base64Finder([...(bytes.length > LONGEST_WHOLE ? [] : coresOfText(value)), ...cores]);
  const hex = isLongContainer(bytes, fragments) ? undefined : hexFinder(bytes, fragments);
  const counts = strength === 'strong' ? () => true : (text: string, range: Range) => atBoundary(text, range, value);
  return (text) => [
    ...characters(text)
      .filter((range) => counts(text, range))
      .map((range) => formed(withinEscapes(text, range, value), 'characters')),
    ...base64(text)
      .filter((range) => strength !== 'weak' || isAlone(decodedRun(text, range), value))
      .map((range) => formed(range, 'base64')),
    ...(hex?.(text) ?? [])
      .filter((range) => strength !== 'weak' || !touchesHex(text, range))
      .map((range) => formed(range, 'hex')),
  ];
}

function formed({ start, end }: Range, form: Form): Found {
  return { start, end, form };
}

function headsOf(value: string, fragments: boolean): Heads {
  const ends = endsOf(value, fragments);
  const bytes = Buffer.from(value);
  const isLong = isLongContainer(bytes, fragments);
  const encodable = isLong ? [] : ends;
  return {
    texts: ends,
    cores: encodable.flatMap(coresOfText),
    bytes: isLong ? [] : [bytes, ...(fragments ? [bytes.subarray(-FRAGMENT)] : [])],
  };
}

/** The beginning and the end that suffice where fragments count; else the whole. */
function endsOf(value: string, fragments: boolean): readonly string[] {
  const characters = Array.from(value);
  if (!fragments || characters.length <= FRAGMENT) return [value];
  return [characters.slice(0, FRAGMENT).join(''), characters.slice(-FRAGMENT).join('')];
}

/** A server may encode a whole document, in which the value is escaped already. */
function coresOfText(text: string): readonly string[] {
  const encodings = new Set([text, JSON.stringify(text).slice(1, -1), percentEncoded(text)]);
  return [...encodings].flatMap((encoded) => coresOf(Buffer.from(encoded)));
}

function isLongContainer(bytes: Buffer, fragments: boolean): boolean {
  return !fragments && bytes.length > LONGEST_WHOLE;
}

/** `encodeURIComponent` throws on a lone surrogate, which no UTF-8 text can hold anyway. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
}
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function decodedRun(text: string, { start, end }: Range): string {
  const run = text.slice(start, end).replace(/%2b/gi, '+').replace(/%2f/gi, '/').replace(/%3d/gi, '=');
  return Buffer.from(run.replace(/\\+[rn]|[\\\r\n]/g, ''), 'base64').toString();
}

/** All that a run holds, or the password of a Basic header (RFC 7617 §2). */
function isAlone(content: string, value: string): boolean {
  return content === value || content.endsWith(`:${value}`);
}

function touchesHex(text: string, { start, end }: Range): boolean {
  return /[0-9a-fA-F]/.test((text[start - 1] ?? '') + (text[end] ?? ''));
}
