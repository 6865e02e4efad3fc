// Where in a message a string stands. The envelope of JSON-RPC 2.0 belongs to the protocol: its member names are never
// rewritten, and a credential in the value of `jsonrpc`, `id` or `method` cannot be masked without breaking the session.

import type { JsonScanner, JsonToken } from './json-strings.js';

export type Position =
  /** Belongs to the protocol: stays as it is, always. */
  | 'fixed'
  /** Must stay as it is, so a credential here stops the whole line. */
  | 'exact'
  /** A member's name, or a keyword of the protocol: weak values do not count. */
  | 'keyword'
  | 'free';

const MEMBERS = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const ERROR_MEMBERS = new Set(['code', 'message', 'data']);
const EXACT = new Set(['jsonrpc', 'id', 'method']);
/** Members whose strings come from a closed list of the protocol (`"type": "text"`). */
const KEYWORD_MEMBERS = new Set(['type', 'role', 'mimeType', 'resultType', 'protocolVersion', 'level']);

/** Call once per token, in order; `text` is asked for only where the position depends on it. */
export function trackPositions(scanner: JsonScanner): (token: JsonToken, text: () => string) => Position {
  let member = '';
  let key = '';
  return (token, text) => {
    const depth = scanner.depth - (scanner.root === 'array' ? 1 : 0);
    if (token === 'key') {
      key = scanner.end - scanner.start > LONGEST_NAME ? '' : text();
      if (depth === 1) member = key;
      const names = depth === 1 ? MEMBERS : depth === 2 && member === 'error' ? ERROR_MEMBERS : undefined;
      return names?.has(key) === true ? 'fixed' : 'keyword';
    }
    if (!scanner.inObject) return 'free';
    if (depth === 1 && EXACT.has(key)) return 'exact';
    return KEYWORD_MEMBERS.has(key) ? 'keyword' : 'free';
  };
}
/** In bytes: `protocolVersion` with every character escaped. */
const LONGEST_NAME = 90;
