// Where in a message a string stands. The envelope of JSON-RPC 2.0 belongs to the protocol: its member names are never
// rewritten, and a credential in the value of `jsonrpc`, `id` or `method` cannot be masked without breaking the session.

import type { EchoKind } from './echo.js';
import type { JsonScanner, JsonToken } from './json-strings.js';

export type Position =
  /** Belongs to the protocol: stays as it is, always. */
  | 'fixed'
  /** Must stay as it is, so a credential here stops the whole line. */
  | 'exact'
  /** The client sends it back as it is (a cursor, a URI): only a known value may change it. */
  | 'echo'
  /** A member's name, or a keyword of the protocol: weak values do not count. */
  | 'keyword'
  | 'free';

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const ERROR_MEMBERS = new Set(['code', 'message', 'data']);
const EXACT = new Set(['jsonrpc', 'id', 'method']);
/** The client compares these with what it has sent or shall send: a mask would end what it is about. */
const TOKENS = new Set(['progressToken', 'requestId']);
const ECHOED: ReadonlyMap<string, EchoKind> = new Map([
  ['uri', 'uri'],
  ['uriTemplate', 'template'],
  ['cursor', 'cursor'],
  ['nextCursor', 'cursor'],
  ['requestState', 'state'],
  ['taskId', 'task'],
]);
const NAMED: ReadonlyMap<string, EchoKind> = new Map([
  ['tools', 'tool'],
  ['prompts', 'prompt'],
]);
/** Below these, names are those of the server's own data. */
const CONTENT = new Set(['structuredContent', 'data', 'arguments', '_meta']);
/** Members whose strings come from a closed list of the protocol (`"type": "text"`). */
const KEYWORD_MEMBERS = new Set(['type', 'role', 'mimeType', 'resultType', 'protocolVersion', 'level']);

export interface Positions {
  /** Call once per token, in order: the names of members are noted, and read when something depends on them. */
  next(token: JsonToken): void;
  /** Of the last token. */
  readonly position: Position;
  /** The name of the member whose value the last token was; undefined inside an array, and for very long names. */
  readonly member: string | undefined;
  /** By which field the last token returns; undefined unless its position is `echo`. */
  readonly echo: EchoKind | undefined;
}

/** `read` gives the text of the string between two places of the bytes. */
export function trackPositions(
  scanner: JsonScanner,
  read: (string: { readonly start: number; readonly end: number; readonly escaped: boolean }) => string,
): Positions {
  let member = '';
  let inner = '';
  let token: JsonToken = 'end';
  let depth = 0;
  let [start, end, escaped]: [number, number, boolean] = [0, 0, false];
  /** Of the last key, once it was read. */
  let text: string | undefined = '';
  const key = (): string => (text ??= end - start > LONGEST_NAME ? '' : read({ start, end, escaped }));
  const echoOf = (): EchoKind | undefined => {
    if (token !== 'string' || !scanner.inObject || depth < 2) return undefined;
    if ((member !== 'result' && member !== 'params') || CONTENT.has(inner)) return undefined;
    if (key() === 'name') return depth === 4 ? NAMED.get(inner) : undefined;
    return ECHOED.get(key());
  };
  const positionOf = (): Position => {
    if (token === 'key') {
      const names = depth === 1 ? MEMBERS : depth === 2 && member === 'error' ? ERROR_MEMBERS : undefined;
      return names?.has(key()) === true ? 'fixed' : 'keyword';
    }
    if (!scanner.inObject) return 'free';
    if (depth === 1 && EXACT.has(key())) return 'exact';
    if (member === 'params' && (depth === 2 || (depth === 3 && inner === '_meta')) && TOKENS.has(key())) return 'exact';
    if (echoOf() !== undefined) return 'echo';
    return KEYWORD_MEMBERS.has(key()) ? 'keyword' : 'free';
  };
  return {
    next(kind) {
      token = kind;
      depth = scanner.depth - (scanner.root === 'array' ? 1 : 0);
      if (kind !== 'key') return;
      ({ start, end, escaped } = scanner);
      text = undefined;
      if (depth === 1) member = key();
      if (depth === 2) inner = key();
    },
    get position() {
      return positionOf();
    },
    get echo() {
      return echoOf();
    },
    get member() {
      return token !== 'key' && scanner.inObject && key() !== '' ? key() : undefined;
    },
  };
}
/** In bytes: `protocolVersion` with every character escaped. */
const LONGEST_NAME = 90;
