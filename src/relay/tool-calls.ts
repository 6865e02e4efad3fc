// Calls of tools that the policy of the profile forbids. The model shall learn why: clients show it a result with `isError`,
// and seldom an error of JSON-RPC (MCP specification, "Tools", error handling).

import { ERROR_CODES } from '../errors.js';
import { answerLine, errorAnswer } from '../scrub/answers.js';
import { membersAt, messagesIn, stringAt, type Member } from '../scrub/json-values.js';
import { isMessage } from '../scrub/message.js';
import { safeShort } from '../system/safe-text.js';
import { idAt } from './envelope.js';
import type { Rules } from './policy.js';

/** A line that is not passed on. */
export interface Refused {
  /** For stderr; names the tool or the argument, and nothing else of the line. */
  readonly why: string;
  /** For the client, without a newline; undefined when nobody waits for an answer. */
  readonly answer: Buffer | undefined;
}

/**
 * A line that speaks of a call and is no valid JSON, or has a carriage return inside, which to some servers ends a line, is
 * refused without an answer: what they would make of it is not known. Of a batch with a forbidden call nothing is passed on.
 */
export function callsIn(line: Buffer, rules: Rules, profile: string): Refused | undefined {
  if (!isMessage(line) || hasInnerReturn(line))
    return { why: 'a line that may be a call of a tool is no plain JSON', answer: undefined };
  const { isBatch, starts } = messagesIn(line);
  const messages = starts.map((start) => messageAt(line, start, rules));
  const first = messages.find(({ why }) => why !== undefined);
  if (first?.why === undefined) return undefined;
  const answers = messages.flatMap((message) => answerTo(message, profile));
  return { why: `a call was not passed on: ${first.why}`, answer: answerLine(answers, isBatch) };
}

function hasInnerReturn(line: Buffer): boolean {
  const at = line.indexOf(0x0d);
  return at >= 0 && at < line.length - 1;
}

interface Message {
  /** Raw JSON. */
  readonly id: string | undefined;
  readonly isRequest: boolean;
  /** Why it is refused. */
  readonly why: string | undefined;
  /** Of the 2026-07-28 era, in which every request says its version. */
  readonly isModern: boolean;
}

function messageAt(line: Buffer, start: number, rules: Rules): Message {
  const members = membersAt(line, start);
  const methods = valuesOf(members, 'method').map((method) => stringAt(line, method));
  const params = valuesOf(members, 'params').flatMap((value) => membersAt(line, value.start));
  const meta = valuesOf(params, '_meta').flatMap((value) => membersAt(line, value.start));
  return {
    id: idAt(line, valuesOf(members, 'id').at(-1)),
    isRequest: methods.length > 0,
    why: methods.includes('tools/call') ? reasonAgainst(line, params, rules) : undefined,
    isModern: valuesOf(meta, 'io.modelcontextprotocol/protocolversion').length > 0,
  };
}

/** Some decoders take a name in any letter case (Go), or up to a NUL (C). */
function valuesOf(members: readonly Member[], wanted: string): readonly Member[] {
  return members.filter(({ key }) => folded(key) === wanted);
}

function folded(name: string): string {
  return (name.split('\0', 1)[0] ?? '').toLowerCase();
}

function reasonAgainst(
  line: Buffer,
  params: readonly Member[],
  { against, isForbiddenArgument }: Rules,
): string | undefined {
  const names = valuesOf(params, 'name').map((name) => stringAt(line, name));
  if (names.length === 0 || names.includes('')) return 'it names no tool';
  const tool = names.find((name) => against(name) !== undefined);
  if (tool !== undefined) return `the tool "${safeShort(tool, 64)}": ${against(tool)}`;
  const forbidden = valuesOf(params, 'arguments')
    .flatMap((value) => membersAt(line, value.start))
    .find(({ key }) => isForbiddenArgument(folded(key)));
  return forbidden && `the argument "${safeShort(forbidden.key, 64)}": tools.denyArguments forbids it`;
}

function answerTo({ id, isRequest, why, isModern }: Message, profile: string): string[] {
  if (id === undefined || !isRequest) return [];
  if (why === undefined)
    return [
      errorAnswer(id, ERROR_CODES['not-permitted'].status, 'not passed on, with a forbidden call in the same batch'),
    ];
  const text = `secretctl: the profile "${profile}" does not let this call pass: ${why}`;
  const result = { content: [{ type: 'text', text }], isError: true, ...(isModern && { resultType: 'complete' }) };
  return [`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`];
}
