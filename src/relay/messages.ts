// What the server wrote, line by line: JSON goes to the client, scrubbed; everything else goes to stderr, scrubbed.

import { ERROR_CODES, SecretctlError } from '../errors.js';
import { answerLine, errorAnswer } from '../scrub/answers.js';
import type { Finding, Scrubber } from '../scrub/scrubber.js';
import type { Findings } from './findings.js';
import type { ToolGate } from './policy.js';
import { envelopesOf, isBatch } from './envelope.js';
import { createFramer, isWhole, NEWLINE, type Line, type LongLine } from './frames.js';

const NEWLINE_BYTES = Buffer.from('\n');

export interface ServerLines {
  readonly transform: (chunk: Buffer) => readonly Buffer[];
  readonly flush: () => readonly Buffer[];
}

export interface ServerLinesOptions {
  /** Longest line in bytes that is relayed. */
  readonly maxLineBytes: number;
  readonly scrubber: Pick<Scrubber, 'message' | 'areClean'>;
  /** What the profile forbids; undefined when that is nothing. */
  readonly tools: ToolGate | undefined;
  readonly findings: Findings;
  /** Takes a scrubbed line, with its newline, that is no message. */
  readonly onNoise: (line: Buffer) => void;
  /** Called for each line that could not be relayed; the text holds nothing of it. */
  readonly onDropped: (why: string) => void;
  /** Called once, at the server's first line. */
  readonly onFirstLine: () => void;
  /** Called for each line that the client gets an answer with: as it came, or what is left of it. What it throws withholds the line. */
  readonly onAnswered: (line: Line, withheld?: boolean) => void;
  /** Called before, for a line in which something was found: as it came, and as it leaves. */
  readonly onFound?:
    | ((before: Buffer, after: Buffer, findings: readonly Finding[], kind: 'json' | 'text') => void)
    | undefined;
  /** The same for several lines that leave together: where each has its newline. */
  readonly onAllAnswered: (lines: Buffer, ends: readonly number[]) => void;
}

export function serverLines(options: ServerLinesOptions): ServerLines {
  const framer = createFramer(options.maxLineBytes, true);
  let first = true;
  const met = (): void => {
    if (first) options.onFirstLine();
    first = false;
  };
  const relay = (lines: readonly Line[]): readonly Buffer[] => {
    if (lines.length > 0) met();
    return lines.flatMap((line) => {
      if (!isWhole(line)) return tooLong(line, options);
      const out = scrubLine(line, options);
      return out[0] === line ? framer.piecesOf(line) : out;
    });
  };
  return {
    transform(chunk) {
      if (!framer.isOpen && chunk.length <= options.maxLineBytes && chunk.indexOf(NEWLINE) === chunk.length - 1) {
        met();
        return scrubLine(chunk, options);
      }
      const start = framer.isOpen ? chunk.indexOf(NEWLINE) + 1 : 0;
      const end = chunk.lastIndexOf(NEWLINE) + 1;
      const between = chunk.subarray(start, end);
      if (end <= start || !passTogether(between, options)) return relay(framer.push(chunk));
      const before = relay(framer.push(chunk.subarray(0, start)));
      met();
      framer.push(chunk.subarray(end));
      return [...before, between];
    },
    flush: () => relay(framer.end()),
  };
}

/**
 * Several short lines in which nothing can be found leave as the chunk that they came in. Each must look like a message: what
 * only might be one is looked at by itself.
 */
function passTogether(lines: Buffer, { scrubber, tools, maxLineBytes, onAllAnswered }: ServerLinesOptions): boolean {
  if (tools !== undefined || lines.length > maxLineBytes) return false;
  const ends = endsOf(lines);
  if (ends === undefined || ends.length < 2 || !isClean(lines, scrubber)) return false;
  return isAllowed(() => onAllAnswered(lines, ends));
}

function isAllowed(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function isClean(lines: Buffer, scrubber: ServerLinesOptions['scrubber']): boolean {
  try {
    return scrubber.areClean(lines);
  } catch {
    return false;
  }
}

/** Where the newlines stand; undefined when a line does not begin and end as an object with members does. */
function endsOf(lines: Buffer): readonly number[] | undefined {
  const ends: number[] = [];
  for (let start = 0; start < lines.length;) {
    const end = lines.indexOf(NEWLINE, start);
    if (lines[start] !== OPEN || lines[start + 1] !== QUOTE || lines[end - 1] !== CLOSE) return undefined;
    ends.push(end);
    start = end + 1;
  }
  return ends;
}
const OPEN = 0x7b;
const QUOTE = 0x22;
const CLOSE = 0x7d;

/** A line that cannot be scrubbed is dropped, never passed on as it came. A blank line is no noise: it passes. */
function scrubLine(line: Buffer, options: ServerLinesOptions): readonly Buffer[] {
  const body = line.at(-1) === NEWLINE ? line.subarray(0, -1) : line;
  if (isBlank(body)) return [line];
  try {
    const { kind, bytes: scrubbed, findings } = options.scrubber.message(body);
    options.findings.add(findings);
    if (findings.length > 0) options.onFound?.(body, scrubbed, findings, kind);
    const bytes = kind === 'json' ? (options.tools?.fromServer(scrubbed) ?? scrubbed) : scrubbed;
    const out = bytes === body ? [line] : body === line ? [bytes] : [bytes, NEWLINE_BYTES];
    if (kind === 'json') {
      options.onAnswered(body);
      return out;
    }
    options.onNoise(Buffer.concat(out));
  } catch (error) {
    const reason = error instanceof SecretctlError ? error.message : 'the scrubber failed';
    options.onDropped(`a line of the server was dropped: ${reason}`);
    return answerInstead(body, reason, options);
  }
  return [];
}

function tooLong(line: LongLine, options: ServerLinesOptions): readonly Buffer[] {
  const reason = `it is longer than ${options.maxLineBytes} bytes (server.maxLine)`;
  options.onDropped(`a line of the server was dropped: ${reason}`);
  return answerInstead(line, reason, options);
}

/** Whoever waits for a response that was dropped is told; but not when its id is the credential. */
function answerInstead(line: Line, reason: string, { scrubber, onAnswered }: ServerLinesOptions): readonly Buffer[] {
  try {
    const { status } = ERROR_CODES['scrub-failed'];
    const errors = envelopesOf(line).flatMap(({ kind, id }) =>
      kind === 'response' && id !== undefined ? [errorAnswer(id, status, `a result was withheld: ${reason}`)] : [],
    );
    const answer = answerLine(errors, isBatch(line));
    if (answer === undefined || scrubber.message(answer).findings.length > 0) return [];
    onAnswered(line, true);
    return [answer, NEWLINE_BYTES];
  } catch {
    return [];
  }
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
