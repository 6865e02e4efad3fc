// One string, or one line of text: masked, searched again, and masked again until nothing is found. Base64 is opened first,
// for a value may be encoded once more in there.

import { SecretctlError } from '../errors.js';
import type { FastEncoding } from './decode.js';
import { decodeJsonString, decodeText, encodingOf, trace } from './decode.js';
import type { Engine } from './engine.js';
import type { Field } from './field.js';
import { openField } from './field.js';
import type { MatchOptions, Replacement } from './matcher.js';
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

export type CleanOptions = Omit<MatchOptions, 'known'>;

/** A mask can bare the edge of a weaker value beside it, which the next round masks; more rounds than this never converge. */
const ROUNDS = 6;
/** Base64 in base64 is opened as often. */
const DEEPEST = 3;

/** Undefined when nothing is found. Throws `scrub-failed` when masking does not come to an end. */
export function clean(first: Piece, options: CleanOptions, engine: Engine, depth = 0): Cleaned | undefined {
  const found: string[] = [];
  let piece = first;
  for (let round = 0; round < ROUNDS; round++) {
    const change = changeOf(piece, round === 0 ? options : { ...options, parts: undefined }, engine, depth);
    if (change === undefined)
      return round === 0 ? undefined : { bytes: piece.bytes.subarray(piece.start, piece.end), found };
    found.push(...change.found);
    piece = pieceOf(change.bytes, first.json);
  }
  throw new SecretctlError('scrub-failed', 'masking a line brings out other known values');
}

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

function changeOf(piece: Piece, options: CleanOptions, engine: Engine, depth: number): Cleaned | undefined {
  const text = textOf(piece);
  const { matcher, prefilter } = engine;
  if (text.length < matcher.shortest && options.parts === undefined) return undefined;
  const field = depth < DEEPEST ? openField(text) : undefined;
  const opened = field?.isText === true ? insideText(field, options, engine, depth) : undefined;
  if (opened !== undefined) return written(piece, opened);
  const found = matcher.replacements(text, { ...options, known: prefilter.text(text) });
  if (found.length === 0) return undefined;
  const inBinary = field === undefined || field.isText ? undefined : insideBinary(field, found, engine);
  if (inBinary !== undefined) return written(piece, inBinary);
  const { bytes, start, end } = piece;
  const changed = edits({ ...piece, bytes: bytes.subarray(start, end), start: 0, end: end - start }, found);
  return { bytes: splice(bytes.subarray(start, end), changed), found: found.map(({ name }) => name) };
}

/** The same replacements in the bytes, of which each character of the text knows its own. */
function edits({ bytes, start, end, json }: Piece, found: readonly Replacement[]): readonly ByteEdit[] {
  if (found.length === 0) return [];
  const { offsets } = trace(bytes, start, end, json);
  return found.map((edit) => ({
    name: edit.name,
    mask: edit.mask,
    start: offsets[edit.start] ?? start,
    end: offsets[edit.end] ?? end,
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
  if (!engine.prefilter.line(bytes) && !engine.blindSpots.isEncoded(bytes)) return undefined;
  const inner = clean(pieceOf(bytes, false), { ...options, parts: undefined }, engine, depth + 1);
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
