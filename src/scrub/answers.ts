// JSON-RPC errors that the relay gives in place of a line that it does not pass on (JSON-RPC 2.0 §5.1): the id as it came,
// a code outside of what JSON-RPC and MCP reserve, and a text that says who speaks.

import { isMessage } from './message.js';
import { afterSpace, membersAt, stringAt } from './json-values.js';

/** `id` is raw JSON; `why` goes on after `secretctl: `. */
export function errorAnswer(id: string, code: number, why: string): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message: `secretctl: ${why}` })}}`;
}

/** The raw id of a response of the server; undefined for anything else, and for a batch. */
export function responseId(line: Buffer): string | undefined {
  if (!isMessage(line)) return undefined;
  const members = membersAt(line, afterSpace(line, 0));
  const id = members.findLast(({ key }) => key === 'id');
  if (id === undefined || members.some(({ key }) => key === 'method')) return undefined;
  const isUsable = stringAt(line, id) !== '' || /^-?\d/.test(line.toString('latin1', id.start, id.end));
  return isUsable ? line.toString('utf8', id.start, id.end) : undefined;
}
