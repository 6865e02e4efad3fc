// What is left to say when the server has ended: every request that it still owed an answer gets an error, and the error holds
// the last lines of its stderr, for a server that dies at once says why only there.

import { ERROR_CODES } from '../errors.js';
import { errorAnswer } from '../scrub/answers.js';
import type { Scrubber } from '../scrub/scrubber.js';

/** Bytes and lines of stderr that an error shows at most. */
const LONGEST = 2048;
const MOST_LINES = 12;

export interface LastWords {
  /** Scrubbed bytes of stderr. */
  heard(bytes: Buffer): void;
  /** The last lines, without what would steer a terminal. */
  text(): string;
}

export function createLastWords(): LastWords {
  let kept = Buffer.alloc(0);
  return {
    heard(bytes) {
      if (bytes.length === 0) return;
      kept = Buffer.from(
        bytes.length >= LONGEST ? bytes.subarray(-LONGEST) : Buffer.concat([kept, bytes]).subarray(-LONGEST),
      );
    },
    text() {
      const isCut = kept.length === LONGEST;
      const lines = readable(kept.toString('utf8'))
        .split('\n')
        .filter((line) => line.trim() !== '');
      return lines
        .slice(isCut && lines.length > 1 ? 1 : 0)
        .slice(-MOST_LINES)
        .join('\n');
    },
  };
}

/** Control sequences of ECMA-48 §5.4, titles (OSC), all other controls but tab and line feed, and invisible characters. */
const STEERING = new RegExp(
  [
    '\\x1b\\[[0-?]*[ -/]*[@-~]',
    '\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)',
    '[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f]',
    '\\p{Cf}',
  ].join('|'),
  'gu',
);

function readable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(STEERING, '');
}

/** One line for each id, raw JSON, each with its newline. `why` goes on after `secretctl: `. */
export function farewells(
  ids: readonly string[],
  why: string,
  words: LastWords,
  scrubber: Pick<Scrubber, 'message'>,
): readonly Buffer[] {
  const last = words.text();
  const whole = last === '' ? `${why}; it wrote nothing to stderr` : `${why}; the end of its stderr:\n${last}`;
  return ids.map((id) => clean(answer(id, whole), scrubber) ?? answer(id, why));
}

function answer(id: string, why: string): Buffer {
  return Buffer.from(`${errorAnswer(id, ERROR_CODES.unavailable.status, why)}\n`);
}

/** Lines that were scrubbed one by one may hold together what none of them held. */
function clean(line: Buffer, scrubber: Pick<Scrubber, 'message'>): Buffer | undefined {
  try {
    return scrubber.message(line.subarray(0, -1)).findings.length === 0 ? line : undefined;
  } catch {
    return undefined;
  }
}
