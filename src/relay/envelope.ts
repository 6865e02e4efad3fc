// Who a message is for: its method and its id (JSON-RPC 2.0 §4 and §5), read from the ends of the line. Results are long, and
// their id stands before them or behind them (the TypeScript SDK writes it last): what lies between need not be read.

import { afterSpace, itemsAt, membersAt, stringAt, stringEnd, valueEnd, type Member } from '../scrub/json-values.js';
import { isMessage } from '../scrub/message.js';
import { isWhole, type Line } from './frames.js';

export interface Envelope {
  readonly kind: 'request' | 'notification' | 'response';
  readonly method?: string;
  /** Raw JSON. */
  readonly id?: string;
  /** Of `notifications/cancelled`: the id of what is cancelled, raw JSON. */
  readonly cancels?: string;
}

/** One for each message of a batch; none for what is no message. */
export function envelopesOf(line: Line): readonly Envelope[] {
  const [head, tail] = isWhole(line) ? [line, line] : [line.head, line.tail];
  const start = afterMark(head);
  if (head[start] === OPEN_ARRAY) return isWhole(line) ? batch(line, start) : [];
  if (head[start] !== OPEN_OBJECT) return [];
  const quick = fromEnds(head, start, tail);
  if (!isWhole(line)) return quick === undefined ? [] : [quick];
  if (quick?.id !== undefined) return [quick];
  return isMessage(line.subarray(start)) ? [complete(line, start)] : [];
}

/** An array of messages (protocol revision 2025-03-26). */
export function isBatch(line: Line): boolean {
  const bytes = isWhole(line) ? line : line.head;
  return bytes[afterMark(bytes)] === OPEN_ARRAY;
}

const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

function afterMark(bytes: Buffer): number {
  return afterSpace(bytes, bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0);
}

function batch(line: Buffer, start: number): readonly Envelope[] {
  return isMessage(line) ? itemsAt(line, start).map((item) => complete(line, item.start)) : [];
}

function complete(line: Buffer, start: number): Envelope {
  const members = membersAt(line, start);
  const last = (key: string): Member | undefined => members.findLast((member) => member.key === key);
  const [method, id, params] = [last('method'), last('id'), last('params')];
  if (method === undefined) return envelope(undefined, idAt(line, id));
  const name = stringAt(line, method);
  if (name !== CANCELLED || params === undefined) return envelope(name, idAt(line, id));
  const cancels = idAt(
    line,
    membersAt(line, params.start).findLast(({ key }) => key === 'requestId'),
  );
  return { ...envelope(name, idAt(line, id)), ...(cancels !== undefined && { cancels }) };
}
const CANCELLED = 'notifications/cancelled';

function envelope(method: string | undefined, id: string | undefined): Envelope {
  if (method === undefined) return { kind: 'response', ...(id !== undefined && { id }) };
  return id === undefined ? { kind: 'notification', method } : { kind: 'request', method, id };
}

/** The raw id at this range; undefined when it is neither a string nor a number. */
export function idAt(
  line: Buffer,
  member: { readonly start: number; readonly end: number } | undefined,
): string | undefined {
  return member && usable(line.toString('utf8', member.start, member.end));
}

/** Strings and numbers; what is no JSON could not be sent back. */
function usable(id: string | undefined): string | undefined {
  if (id === undefined || !/^["\d-]/.test(id)) return undefined;
  try {
    JSON.parse(id);
    return id;
  } catch {
    return undefined;
  }
}

/** Undefined where the ends do not say it. */
function fromEnds(head: Buffer, start: number, tail: Buffer): Envelope | undefined {
  let method: string | undefined;
  let id: string | undefined;
  for (let at = afterSpace(head, start + 1); head[at] === QUOTE;) {
    const keyEnd = stringEnd(head, at);
    const value = afterSpace(head, afterSpace(head, keyEnd) + 1);
    if (keyEnd >= head.length || value >= head.length) return undefined;
    const key = plainText(head, at, keyEnd);
    const first = head[value] ?? 0;
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      const isResponse = key === 'result' || key === 'error';
      return isResponse || method !== undefined ? envelope(method, id ?? idAtEnd(tail)) : undefined;
    }
    const end = valueEnd(head, value);
    if (key === 'method') method = plainText(head, value, end);
    // What is spelled in another way is left to whoever reads everything.
    if (key === undefined || (key === 'method' && method === undefined)) return undefined;
    if (key === 'id') id = idAt(head, { start: value, end });
    const next = afterSpace(head, end);
    if (head[next] !== COMMA) return undefined;
    at = afterSpace(head, next + 1);
  }
  return undefined;
}

/** The text of a string without escapes, quotes included in the range. */
function plainText(bytes: Buffer, start: number, end: number): string | undefined {
  if (bytes[start] !== QUOTE || end - start > LONGEST) return undefined;
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? undefined : text;
}
const LONGEST = 512;

/**
 * The id as the last member. In valid JSON `,"` stands in no string, so the key begins there, and the bracket behind the value is
 * the one that closes the message.
 */
function idAtEnd(tail: Buffer): string | undefined {
  const text = tail.toString('utf8', Math.max(0, tail.length - LONGEST));
  return usable(LAST_ID.exec(text)?.[1]);
}
const LAST_ID =
  /,[ \t]*"id"[ \t]*:[ \t]*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{0,400})(?:,[ \t]*"jsonrpc"[ \t]*:[ \t]*"2\.0")?[ \t]*\}[ \t\r\n]*$/;
