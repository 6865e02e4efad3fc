// One line of the server: a JSON message or text. A line without a finding stays the very same Buffer; otherwise only the
// found spans inside string tokens change. The result is searched again until nothing is found: that is the output check.

import { SecretctlError } from '../errors.js';
import type { FastEncoding } from './decode.js';
import { decodeJsonString, decodeText, encodingOf, trace } from './decode.js';
import type { Position } from './envelope.js';
import { trackPositions } from './envelope.js';
import { JsonScanner } from './json-strings.js';
import type { Matcher, MatchOptions } from './matcher.js';
import type { KnownNumbers } from './numbers.js';
import type { Prefilter } from './prefilter.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';

export interface Engine {
  readonly prefilter: Prefilter;
  readonly matcher: Matcher;
  readonly numbers: KnownNumbers;
}

export interface Scrubbed {
  readonly bytes: Buffer;
  readonly edits: readonly ByteEdit[];
}

/** A mask can bare the edge of a weaker value beside it, which the next round masks; more rounds than this never converge. */
const ROUNDS = 4;

/** JSON-RPC has objects and, as batches, arrays: a bare string or number on a line is text. */
export function isMessage(line: Buffer): boolean {
  const scanner = new JsonScanner(line);
  let token = scanner.next();
  while (token !== 'end' && token !== 'error') token = scanner.next();
  return token === 'end' && scanner.root !== undefined;
}

/** A longer line without a credential is a message when it begins and ends like one: reading it all would only cost time. */
const LONGEST_READ = 1024;

/** What a line is in which the prefilter has seen nothing. */
export function looksLikeMessage(line: Buffer): boolean {
  if (line.length <= LONGEST_READ) return isMessage(line);
  const ends =
    line.toString('latin1', 0, 64).trimStart().slice(0, 1) +
    line
      .toString('latin1', line.length - 64)
      .trimEnd()
      .slice(-1);
  return ends === '{}' || ends === '[]';
}

/** Throws `scrub-failed` when a credential stands where nothing may change, or when masking does not come to an end. */
export function scrubMessage(line: Buffer, engine: Engine): Scrubbed {
  return untilClean(line, (bytes) => messageEdits(bytes, engine));
}

export function scrubText(line: Buffer, engine: Engine): Scrubbed {
  return untilClean(line, (bytes) => textEdits(bytes, engine));
}

function untilClean(line: Buffer, editsOf: (bytes: Buffer) => readonly ByteEdit[]): Scrubbed {
  const all: ByteEdit[] = [];
  let bytes = line;
  for (let round = 0; round < ROUNDS; round++) {
    const edits = editsOf(bytes);
    if (edits.length === 0) return { bytes, edits: all };
    all.push(...edits);
    bytes = splice(bytes, edits);
  }
  throw new SecretctlError('scrub-failed', 'masking a line brings out other known values');
}

/** Edits of a line of text, on the level of its bytes. */
export function textEdits(bytes: Buffer, { prefilter, matcher }: Engine): readonly ByteEdit[] {
  if (!prefilter.line(bytes)) return [];
  const text = decodeText(bytes, 0, bytes.length, encodingOf(bytes));
  const options = { weak: true, known: prefilter.text(text), shapes: true };
  if (matcher.replacements(text, options).length === 0) return [];
  return tracedEdits(bytes, { start: 0, end: bytes.length, json: false }, matcher, options);
}

function messageEdits(bytes: Buffer, engine: Engine): readonly ByteEdit[] {
  if (!engine.prefilter.line(bytes)) return [];
  const line: Line = { bytes, encoding: encodingOf(bytes), scanner: new JsonScanner(bytes) };
  const positions = trackPositions(line.scanner);
  const edits: ByteEdit[] = [];
  for (let token = line.scanner.next(); token !== 'end'; token = line.scanner.next()) {
    if (token === 'error') throw new SecretctlError('scrub-failed', 'a scrubbed line is no longer valid JSON');
    const position = positions.of(token, () => decodeJsonString(bytes, line.scanner, line.encoding));
    if (position === 'fixed') continue;
    const member = token === 'string' ? positions.member : undefined;
    edits.push(
      ...(token === 'number' ? numberEdits(line, position, engine) : stringEdits(line, position, member, engine)),
    );
  }
  return edits;
}

interface Line {
  readonly bytes: Buffer;
  readonly encoding: FastEncoding;
  readonly scanner: JsonScanner;
}

/** A number stays a number. */
function numberEdits({ bytes, scanner }: Line, position: Position, { numbers }: Engine): readonly ByteEdit[] {
  const { start, end } = scanner;
  const name = position === 'exact' ? undefined : numbers.nameOf(bytes.toString('latin1', start, end));
  return name === undefined ? [] : [{ name, start, end, mask: '0' }];
}

function stringEdits(
  { bytes, scanner, encoding }: Line,
  position: Position,
  member: string | undefined,
  engine: Engine,
): readonly ByteEdit[] {
  const { prefilter, matcher } = engine;
  const { start, end } = scanner;
  if (end - start < matcher.shortest) return [];
  const text = decodeJsonString(bytes, scanner, encoding);
  // A shape alone is no reason to change what the client must send back as it is, and none to stop the line.
  const shapes = position !== 'exact' && position !== 'echo';
  const options = { weak: position === 'free' || position === 'echo', known: prefilter.text(text), shapes, member };
  if (matcher.replacements(text, options).length === 0) return [];
  if (position === 'exact') {
    throw new SecretctlError('scrub-failed', 'a credential stands in the id or the method of a message');
  }
  return tracedEdits(bytes, { start, end, json: true }, matcher, options);
}

/** The same replacements once more, on text of which each character knows its bytes. */
function tracedEdits(
  bytes: Buffer,
  { start, end, json }: { readonly start: number; readonly end: number; readonly json: boolean },
  matcher: Matcher,
  options: MatchOptions,
): readonly ByteEdit[] {
  const { text, offsets } = trace(bytes, start, end, json);
  return matcher.replacements(text, options).map((edit) => ({
    name: edit.name,
    mask: edit.mask,
    start: offsets[edit.start] ?? start,
    end: offsets[edit.end] ?? end,
  }));
}
