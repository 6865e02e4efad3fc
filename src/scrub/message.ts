// One line of the server: a JSON message or text. A line without a finding stays the very same Buffer; otherwise only the
// found spans inside string tokens change, and what has changed is searched again: that is the output check.

import { SecretctlError } from '../errors.js';
import type { Cleaned, Seen } from './cleaning.js';
import { clean, cleanText } from './cleaning.js';
import { isCredentialName } from './context.js';
import type { FastEncoding } from './decode.js';
import { decodeJsonString, encodingOf } from './decode.js';
import type { EchoKind, EchoMap } from './echo.js';
import type { Engine } from './engine.js';
import type { Positions } from './envelope.js';
import { trackPositions } from './envelope.js';
import { JsonScanner } from './json-strings.js';
import type { Part } from './matcher.js';
import { createNumberLists } from './number-lists.js';
import type { Traces } from './prefilter.js';
import { neighboursOf } from './neighbours.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';

export type { Engine } from './engine.js';

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

export function scrubText(line: Buffer, engine: Engine): Cleaned {
  return cleanText(line, engine) ?? { bytes: line, found: [] };
}

/**
 * `traces` is what the prefilter has seen in the line. Undefined when it is no message. Throws `scrub-failed` when a
 * credential stands where nothing may change, or when masking does not come to an end.
 */
export function scrubMessage(line: Buffer, traces: Traces, engine: Engine, echoes?: EchoMap): Cleaned | undefined {
  const first = maskedStrings(line, hotTokens(traces), withNeighbours(line, traces, engine), engine, echoes);
  if (first === undefined) return undefined;
  let cleaned = first;
  for (let round = 0; cleaned.bytes !== line && round < ROUNDS; round++) {
    // A mask at the end of one string may begin what the next one ends.
    const { bytes, found } = cleaned;
    const again = engine.splits.any ? engine.prefilter.look(bytes) : undefined;
    const parts = again === undefined ? NO_PARTS : partsIn(bytes, again, engine);
    if (parts.size === 0) return cleaned;
    const more = maskedStrings(bytes, () => 'nothing', parts, engine, echoes);
    if (more === undefined) break;
    cleaned = { bytes: more.bytes, found: [...found, ...more.found] };
  }
  if (cleaned.bytes === line) return cleaned;
  throw new SecretctlError('scrub-failed', 'masking a line brings out other known values');
}
const ROUNDS = 4;

/** Each string by itself, but for the parts of values that go on in other strings. Undefined when it is no message. */
function maskedStrings(
  bytes: Buffer,
  seenIn: SeenIn,
  parts: Line['parts'],
  engine: Engine,
  echoes: EchoMap | undefined,
): Cleaned | undefined {
  const line: Line = { bytes, echoes, encoding: encodingOf(bytes), parts };
  const edits: Omit<ByteEdit, 'name'>[] = [];
  const found: string[] = [];
  const failures: Error[] = [];
  const isWhole = eachToken(bytes, line.encoding, (token) => {
    const seen = seenIn(token);
    if (seen === 'nothing' && !parts.has(token.place)) return;
    const inToken = seen === 'all' ? undefined : seen === 'nothing' ? NOTHING : seen;
    try {
      const cleaned =
        token.kind === 'number' ? numberCleaned(line, token, engine) : stringCleaned(line, token, inToken, engine);
      if (cleaned === undefined) return;
      const { start, end } = token.scanner;
      edits.push({ start, end, mask: cleaned.bytes.toString('latin1') });
      for (const name of cleaned.found) found.push(name);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error('a string could not be scrubbed'));
    }
  });
  if (!isWhole) return undefined;
  // Of what looked like a message, and is text, every part may be masked.
  if (failures[0] !== undefined) throw failures[0];
  return { bytes: edits.length === 0 ? bytes : splice(bytes, edits), found };
}

/** What was seen in a token, or for shapes in the name that stands before it. Asked once for each, in order. */
function hotTokens({ known, shapes, anywhere }: Traces): SeenIn {
  const [knownIn, shapesIn] = [within(known), within(shapes)];
  let isNamed = false;
  return ({ kind, scanner: { start, end } }) => {
    if (anywhere) return 'all';
    const own = knownIn(start, end);
    const isHere = shapesIn(start, end).length > 0;
    const hasShapes = isHere || isNamed;
    isNamed = kind === 'key' && isHere;
    return own.length > 0 || hasShapes ? { known: own, shapes: hasShapes } : 'nothing';
  };
}
type SeenIn = (token: Token) => Seen | 'all' | 'nothing';

/** Those of the places that lie in a token or at its quote; the tokens ascend. */
function within(places: readonly number[]): (start: number, end: number) => readonly number[] {
  let next = 0;
  return (start, end) => {
    while ((places[next] ?? Infinity) < start - 1) next++;
    const from = next;
    while ((places[next] ?? Infinity) <= end) next++;
    return from === next ? NO_PLACES : places.slice(from, next);
  };
}
const NO_PLACES: readonly number[] = [];

interface Line {
  readonly bytes: Buffer;
  readonly encoding: FastEncoding;
  /** Where masks are kept that the client must send back. */
  readonly echoes: EchoMap | undefined;
  /** Parts of values that are split over strings, by the number of the token. */
  readonly parts: ReadonlyMap<number, readonly Part[]>;
}
const NO_PARTS: Line['parts'] = new Map();

/** The token at which the scanner stands. */
interface Token {
  readonly kind: 'key' | 'string' | 'number';
  readonly scanner: JsonScanner;
  readonly positions: Positions;
  /** How many tokens stand before it. */
  readonly place: number;
}

/** Whether it is a message to its end; up to where it is none the tokens are visited anyway. */
function eachToken(bytes: Buffer, encoding: FastEncoding, visit: (token: Token) => void): boolean {
  const scanner = new JsonScanner(bytes);
  const positions = trackPositions(scanner, (string) => decodeJsonString(bytes, string, encoding));
  const token = { kind: 'string' as Token['kind'], scanner, positions, place: 0 };
  for (let kind = scanner.next(); kind !== 'end'; kind = scanner.next()) {
    if (kind === 'error') return false;
    positions.next(kind);
    token.kind = kind;
    visit(token);
    token.place++;
  }
  return scanner.root !== undefined;
}

/** Parts of values, and strings that are credentials as a whole because of what stands in another one. */
function withNeighbours(bytes: Buffer, traces: Traces, engine: Engine): Line['parts'] {
  const parts = partsIn(bytes, traces, engine);
  const lists = listsIn(bytes, traces, engine);
  const neighbours = neighboursOf(bytes, traces.across, engine.finder);
  if (neighbours.length + lists.size === 0) return parts;
  const all = new Map([...parts, ...lists]);
  let next = 0;
  const encoding = encodingOf(bytes);
  eachToken(bytes, encoding, ({ kind, scanner, positions, place }) => {
    const { start, end } = scanner;
    while ((neighbours[next]?.start ?? Infinity) < start) next++;
    const one = neighbours[next];
    // All of a string, for a part of it is found where it stands.
    if (one?.start !== start || one.end !== end || kind !== 'string') return;
    if (positions.position !== 'free' || all.has(place)) return;
    all.set(place, [{ name: one.name, start: 0, end: decodeJsonString(bytes, scanner, encoding).length }]);
  });
  return all;
}

/** What the strings of a message hold together. */
function partsIn(bytes: Buffer, { isCut }: Traces, { splits }: Engine): Line['parts'] {
  if (!splits.any || !isCut) return NO_PARTS;
  const collector = splits.collect();
  const encoding = encodingOf(bytes);
  eachToken(bytes, encoding, ({ kind, scanner, positions, place }) => {
    if (kind === 'string' && positions.position === 'free')
      collector.add(place, decodeJsonString(bytes, scanner, encoding), positions.member ?? '');
  });
  return collector.parts();
}

/** Bytes of values that are the numbers of an array, or the members of a Uint8Array. */
function listsIn(bytes: Buffer, { isList }: Traces, { matcher }: Engine): Line['parts'] {
  if (!isList) return NO_PARTS;
  const lists = createNumberLists(matcher);
  eachToken(bytes, encodingOf(bytes), ({ kind, scanner, positions, place }) => {
    if (kind === 'number' && positions.position === 'free')
      lists.add(place, bytes.toString('latin1', scanner.start, scanner.end));
    else if (kind === 'string') lists.end();
  });
  lists.end();
  return lists.parts;
}

/** A number stays a number. */
function numberCleaned(
  { bytes, parts }: Line,
  { scanner, positions, place }: Token,
  { numbers }: Engine,
): Cleaned | undefined {
  const [part] = parts.get(place) ?? [];
  if (part !== undefined) return { bytes: ZERO, found: part.start === 0 ? [part.name] : [] };
  const isCredential = (): boolean => isCredentialName(positions.member ?? '');
  const number = bytes.toString('latin1', scanner.start, scanner.end);
  const { position } = positions;
  const name = position === 'fixed' || position === 'exact' ? undefined : numbers.nameOf(number, isCredential);
  return name === undefined ? undefined : { bytes: ZERO, found: [name] };
}
const ZERO = Buffer.from('0');

const NOTHING: Seen = { known: [], shapes: false };

function stringCleaned(line: Line, token: Token, seen: Seen | undefined, engine: Engine): Cleaned | undefined {
  const { scanner, positions, place, kind } = token;
  const parts = line.parts.get(place);
  if (scanner.end - scanner.start < engine.matcher.shortest && parts === undefined) return undefined;
  const { position } = positions;
  if (position === 'fixed') return undefined;
  const { start, end, escaped } = scanner;
  const piece = { bytes: line.bytes, encoding: line.encoding, json: true, start, end, escaped };
  // A shape alone is no reason to change what the client must send back as it is, and none to stop the line.
  const shapes = position !== 'exact' && position !== 'echo';
  const member = kind === 'string' ? positions.member : undefined;
  const plain = position === 'echo';
  const cleaned = clean(piece, { weak: position === 'free' || plain, shapes, member, parts, plain, seen }, engine);
  if (cleaned !== undefined && position === 'exact')
    throw new SecretctlError('scrub-failed', 'a credential stands in the id, the method or a token of a message');
  return cleaned === undefined || positions.echo === undefined
    ? cleaned
    : remembered(cleaned, positions.echo, line, token, engine);
}

/** Each original has a mask of its own, so that it can be told which one the client means. */
function remembered(
  { bytes, found }: Cleaned,
  kind: EchoKind,
  { bytes: line, echoes }: Line,
  { scanner }: Token,
  { matcher }: Engine,
): Cleaned {
  const masked = String(JSON.parse(`"${bytes.toString()}"`));
  const isFree = (text: string): boolean =>
    matcher.replacements(text, { weak: true, known: true, shapes: false }).length === 0;
  const text = echoes?.mask(kind, line.subarray(scanner.start, scanner.end), masked, isFree) ?? masked;
  return text === masked ? { bytes, found } : { bytes: Buffer.from(JSON.stringify(text).slice(1, -1)), found };
}
