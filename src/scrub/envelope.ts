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
const ECHOED: Readonly<Record<string, EchoKind>> = {
  uri: 'uri',
  uriTemplate: 'template',
  cursor: 'cursor',
  nextCursor: 'cursor',
  requestState: 'state',
  taskId: 'task',
};
const NAMED: Readonly<Record<string, EchoKind>> = { tools: 'tool', prompts: 'prompt' };
/** Below these, names are those of the server's own data. */
const CONTENT = new Set(['structuredContent', 'data', 'arguments', '_meta']);
/** Members whose strings come from a closed list of the protocol (`"type": "text"`). */
const KEYWORD_MEMBERS = new Set(['type', 'role', 'mimeType', 'resultType', 'protocolVersion', 'level']);

export interface Positions {
  /** Call once per token, in order; `text` is asked for only where the position depends on it. */
  of(token: JsonToken, text: () => string): Position;
  /** The name of the member whose value the last token was; undefined inside an array, and for very long names. */
  readonly member: string | undefined;
  /** By which field the last token returns; undefined unless its position is `echo`. */
  readonly echo: EchoKind | undefined;
}

export function trackPositions(scanner: JsonScanner): Positions {
  let member = '';
  let inner = '';
  let key = '';
  let echo: EchoKind | undefined;
  const positionOf = (token: JsonToken, text: () => string): Position => {
    echo = undefined;
    const depth = scanner.depth - (scanner.root === 'array' ? 1 : 0);
    if (token === 'key') {
      key = scanner.end - scanner.start > LONGEST_NAME ? '' : text();
      if (depth === 1) member = key;
      if (depth === 2) inner = key;
      const names = depth === 1 ? MEMBERS : depth === 2 && member === 'error' ? ERROR_MEMBERS : undefined;
      return names?.has(key) === true ? 'fixed' : 'keyword';
    }
    if (!scanner.inObject) return 'free';
    if (depth === 1 && EXACT.has(key)) return 'exact';
    if (member === 'params' && TOKENS.has(key) && (depth === 2 || (depth === 3 && inner === '_meta'))) return 'exact';
    if (token === 'string') echo = echoOf(depth);
    if (echo !== undefined) return 'echo';
    return KEYWORD_MEMBERS.has(key) ? 'keyword' : 'free';
  };
  const echoOf = (depth: number): EchoKind | undefined => {
    if (depth < 2 || (member !== 'result' && member !== 'params') || CONTENT.has(inner)) return undefined;
    if (key === 'name') return depth === 4 && Object.hasOwn(NAMED, inner) ? NAMED[inner] : undefined;
    return Object.hasOwn(ECHOED, key) ? ECHOED[key] : undefined;
  };
  return {
    of: positionOf,
    get echo() {
      return echo;
    },
    get member() {
      return scanner.inObject && key !== '' ? key : undefined;
    },
  };
}
/** In bytes: `protocolVersion` with every character escaped. */
const LONGEST_NAME = 90;
