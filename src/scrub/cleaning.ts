// One string, or one line of text: masked, searched again, and masked again until nothing is found. Base64 is opened first,
// for a value may be encoded once more in there.

import { SecretctlError } from '../errors.js';
import type { FastEncoding } from './decode.js';
import { decodeJsonString, decodeText, encodingOf, placesOf, unitsBefore } from './decode.js';
import type { Engine } from './engine.js';
import type { Field } from './field.js';
import { isField, openField } from './field.js';
import type { MatchOptions, Replacement } from './matcher.js';
import { regionsAround, regionsOf } from './regions.js';
import type { Range } from './sequence.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';

/** A range of bytes that reads as one text: the inside of a JSON string as the scanner has found it, or a line. */
export interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly encoding: FastEncoding;
  /** The escapes of JSON are decoded. */
  readonly json: boolean;
  /** The JSON string holds a backslash. */
  readonly escaped: boolean;
}

export interface Cleaned {
  /** In place of the bytes of the piece. */
  readonly bytes: Buffer;
  /** The names of what was masked, one for each finding. */
  readonly found: readonly string[];
}

export interface CleanOptions extends Omit<MatchOptions, 'known' | 'where'> {
  /** What the prefilter has seen in the piece; when it was not asked, everything is searched. */
  readonly seen?: Seen | undefined;
}

export interface Seen {
  /** Where traces of known values stand in the bytes, in ascending order. */
  readonly known: readonly number[];
  readonly shapes: boolean;
}

/** A mask can bare the edge of a weaker value beside it, which the next round masks; more rounds than this never converge. */
const ROUNDS = 6;
/** Base64 in base64 is opened as often. */
const DEEPEST = 3;

/** Undefined when nothing is found. Throws `scrub-failed` when masking does not come to an end. */
export function clean(first: Piece, options: CleanOptions, engine: Engine, depth = 0): Cleaned | undefined {
  const found: string[] = [];
  let piece = first;
  let wanted: Wanted = options;
  for (let round = 0; round < ROUNDS; round++) {
    const change = changeOf(piece, wanted, engine, depth);
    if (change === undefined)
      return round === 0 ? undefined : { bytes: piece.bytes.subarray(piece.start, piece.end), found };
    for (const name of change.found) found.push(name);
    piece = pieceOf(change.bytes, first.json);
    wanted = { ...options, parts: undefined, seen: undefined, masks: change.masks };
    if (change.isKnown === true && piece.end - piece.start > LONG) wanted = { ...wanted, shapes: false };
  }
  throw new SecretctlError('scrub-failed', 'masking a line brings out other known values');
}

interface Wanted extends CleanOptions {
  /** The masks of the last round: whatever else of known values there was, it has found. */
  readonly masks?: readonly Range[] | undefined;
}

interface Change extends Cleaned {
  readonly masks?: readonly Range[];
  /** Nothing but known values was found. */
  readonly isKnown?: boolean;
}
/** In a longer text the masks of known values are no reason to look for shapes once more. */
const LONG = 8_192;

/** A line of text. */
export function cleanText(line: Buffer, engine: Engine): Cleaned | undefined {
  if (!engine.prefilter.line(line)) return undefined;
  return clean(pieceOf(line, false), { weak: true, shapes: true }, engine);
}

/** What is to be masked in a part of a longer text, on the level of its bytes; searched once. */
export function textEdits(bytes: Buffer, { prefilter, matcher }: Engine): readonly ByteEdit[] {
  if (!prefilter.line(bytes)) return [];
  const piece = pieceOf(bytes, false);
  const text = textOf(piece);
  return edits(piece, matcher.replacements(text, { weak: true, known: prefilter.text(text), shapes: true }));
}

function pieceOf(content: Buffer, json: boolean): Piece {
  // The decoder of JSON strings reads the quotes around them, too.
  const bytes = json ? Buffer.concat([QUOTE, content, QUOTE]) : content;
  const [start, end] = json ? [1, bytes.length - 1] : [0, bytes.length];
  return { bytes, start, end, encoding: encodingOf(bytes), json, escaped: json && content.includes(BACKSLASH) };
}
const QUOTE = Buffer.from('"');
const BACKSLASH = 0x5c;

function textOf(piece: Piece): string {
  const { bytes, start, end, encoding, json } = piece;
  return json ? decodeJsonString(bytes, piece, encoding) : decodeText(bytes, start, end, encoding);
}

function changeOf(piece: Piece, options: Wanted, engine: Engine, depth: number): Change | undefined {
  const text = textOf(piece);
  const { matcher, prefilter } = engine;
  if (text.length < matcher.shortest && options.parts === undefined) return undefined;
  const { seen } = options;
  const where =
    seen === undefined
      ? regionsOf(text, (part) => prefilter.text(part), matcher.reach, options.masks)
      : regionsAround(text, unitsBefore(piece.bytes, piece, seen.known), matcher.reach);
  // Within a field everything is opened: only the one around it has a name.
  const isOpened = depth < DEEPEST && (depth > 0 || where.length > 0 || isField(text, options.member));
  const field = isOpened ? openField(text) : undefined;
  const opened = field?.isText === true ? insideText(field, options, engine, depth) : undefined;
  if (opened !== undefined) return written(piece, opened);
  const shapes = options.shapes && seen?.shapes !== false;
  const found = matcher.replacements(text, { ...options, shapes, known: where.length > 0, where });
  if (found.length === 0) return undefined;
  const inBinary = field === undefined || field.isText ? undefined : insideBinary(field, found, engine);
  if (inBinary !== undefined) return written(piece, inBinary);
  const bytes = piece.bytes.subarray(piece.start, piece.end);
  const changed = edits({ ...piece, bytes, start: 0, end: bytes.length }, found);
  return {
    bytes: splice(bytes, changed),
    found: found.map(({ name }) => name),
    masks: masksIn(found),
    isKnown: found.every(({ known }) => known),
  };
}

/** Where the masks stand once they are in the text. */
function masksIn(found: readonly Replacement[]): readonly Range[] {
  let shift = 0;
  return found.map(({ start, end, mask }) => {
    const from = start + shift;
    shift += mask.length - (end - start);
    return { start: from, end: from + mask.length };
  });
}

/** The same replacements in the bytes. */
function edits(piece: Piece, found: readonly Replacement[]): readonly ByteEdit[] {
  const places = placesOf(
    piece.bytes,
    piece,
    found.flatMap(({ start, end }) => [start, end]),
  );
  return found.map(({ name, mask }, at) => ({
    name,
    mask,
    start: places[2 * at] ?? piece.start,
    end: places[2 * at + 1] ?? piece.end,
  }));
}

interface Opened {
  readonly text: string;
  readonly found: readonly string[];
}

function written({ json }: Piece, { text, found }: Opened): Cleaned {
  return { bytes: Buffer.from(json ? JSON.stringify(text).slice(1, -1) : text), found };
}

/** Text in base64 is searched like any other. */
function insideText(field: Field, options: CleanOptions, engine: Engine, depth: number): Opened | undefined {
  const { bytes } = field;
  if (!engine.prefilter.line(bytes)) return undefined;
  const inner = clean(pieceOf(bytes, false), { ...options, parts: undefined, seen: undefined }, engine, depth + 1);
  return inner && { text: field.close(inner.bytes), found: inner.found };
}

/** In a picture only what a known value's own bytes are is replaced, where its base64 has been found. */
function insideBinary(field: Field, found: readonly Replacement[], { matcher }: Engine): Opened | undefined {
  if (!found.every(({ form, known }) => form === 'base64' && known)) return undefined;
  const piece = pieceOf(field.bytes, false);
  const inner = matcher.replacements(textOf(piece), { weak: false, known: true, shapes: false });
  if (inner.length === 0) return undefined;
  return { text: field.close(splice(field.bytes, edits(piece, inner))), found: inner.map(({ name }) => name) };
}
