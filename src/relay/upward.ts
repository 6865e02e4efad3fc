// What the client writes goes to the server as it comes, until it has been given a mask: from then on line by line.

import { ERROR_CODES } from '../errors.js';
import { errorAnswer } from '../scrub/answers.js';
import type { FromClient } from '../scrub/from-client.js';
import type { ScrubSession } from '../scrub/session.js';
import { envelopesOf } from './envelope.js';
import { createFramer, isWhole, NEWLINE, type Line, type LongLine } from './frames.js';
import type { ToolGate } from './policy.js';
import type { PumpOptions } from './pump.js';
import type { Refused } from './tool-calls.js';

const NEWLINE_BYTES = Buffer.from('\n');

export interface ClientLinesOptions {
  /** Longest line in bytes that is relayed once lines are looked at. */
  readonly maxLineBytes: number;
  readonly session: Pick<ScrubSession, 'isWatching' | 'fromClient'>;
  /** What the profile forbids; undefined when that is nothing. */
  readonly tools: ToolGate | undefined;
  /** Takes what the client is told instead of a refused line, with its newline. */
  readonly onAnswer: (line: Buffer) => void;
  /** Called for each line that was not passed on; the text may name the tool that was called. */
  readonly onDropped: (why: string) => void;
  /** The same for the audit, with the line. */
  readonly onRefused?: ((line: Line) => void) | undefined;
}

export function clientLines(options: ClientLinesOptions): Required<Pick<PumpOptions, 'transform' | 'flush'>> {
  const { session, tools } = options;
  const framer = createFramer(options.maxLineBytes);
  /** The beginning of the line that goes on has left already. */
  let isOpen = false;
  const relay = (lines: readonly Line[]): readonly Buffer[] =>
    lines.flatMap((line) => (isWhole(line) ? relayLine(line, options) : tooLong(line, options)));
  return {
    transform(chunk) {
      if (!session.isWatching && tools === undefined) {
        if (chunk.length > 0) isOpen = chunk.at(-1) !== NEWLINE;
        return [chunk];
      }
      const rest = isOpen ? chunk.indexOf(NEWLINE) + 1 : 0;
      if (isOpen && rest === 0) return [chunk];
      isOpen = false;
      return [...(rest === 0 ? [] : [chunk.subarray(0, rest)]), ...relay(framer.push(chunk.subarray(rest)))];
    },
    flush: () => relay(framer.end()),
  };
}

function relayLine(
  line: Buffer,
  { session, tools, onAnswer, onDropped, onRefused }: ClientLinesOptions,
): readonly Buffer[] {
  const body = line.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
  const refused = refusedBy(tools, body);
  if (refused !== undefined) {
    onDropped(refused.why);
    onRefused?.(body);
    if (refused.answer !== undefined) onAnswer(Buffer.concat([refused.answer, NEWLINE_BYTES]));
    return [];
  }
  const { forward, answer } = inspected(session, body);
  if (forward === body) return [line];
  if (forward !== undefined) return body === line ? [forward] : [forward, NEWLINE_BYTES];
  onDropped('a request was refused: its arguments hold a placeholder of a scrubbed credential');
  onRefused?.(body);
  if (answer !== undefined) onAnswer(Buffer.concat([answer, NEWLINE_BYTES]));
  return [];
}

/** A policy that fails lets nothing pass. */
function refusedBy(tools: ToolGate | undefined, line: Buffer): Refused | undefined {
  try {
    return tools?.fromClient(line);
  } catch {
    return { why: 'a line of the client was dropped: the tool policy failed', answer: undefined };
  }
}

/** The client's own line is no secret: whatever goes wrong, the server gets it as it is. */
function inspected(session: ClientLinesOptions['session'], line: Buffer): FromClient {
  try {
    return session.fromClient(line);
  } catch {
    return { forward: line };
  }
}

function tooLong(
  line: LongLine,
  { maxLineBytes, onAnswer, onDropped, onRefused }: ClientLinesOptions,
): readonly Buffer[] {
  const reason = `it is longer than ${maxLineBytes} bytes (server.maxLine)`;
  onDropped(`a line of the client was dropped: ${reason}`);
  onRefused?.(line);
  const [request] = envelopesOf(line);
  if (request?.kind !== 'request' || request.id === undefined) return [];
  const { status } = ERROR_CODES['bad-data'];
  onAnswer(Buffer.from(`${errorAnswer(request.id, status, `the request was not passed on: ${reason}`)}\n`));
  return [];
}
