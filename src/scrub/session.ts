// What a session remembers between its messages: masks that the client will send back, and schemas that results must fit.

import type { ScrubbedMessage, Scrubber } from './core.js';
import { createEchoMap } from './echo.js';
import type { FromClient } from './from-client.js';
import { fromClient } from './from-client.js';
import { createOutputSchemas } from './output-schema.js';

export interface ScrubSession {
  /** A line of the server; as that of a Scrubber. */
  message(line: Buffer): ScrubbedMessage;
  /** Of several lines of the server, each with its newline: whether none of them would change, or has to be remembered. */
  areClean(lines: Buffer): boolean;
  /** The client has been given something that it may send back: its lines must be looked at. */
  readonly isWatching: boolean;
  /** A line of the client without its newline. */
  fromClient(line: Buffer): FromClient;
}

const WORDS = [Buffer.from('REDACTED'), Buffer.from('[MASKED]')];

export function createSession(scrubber: Pick<Scrubber, 'message' | 'areClean'>): ScrubSession {
  const echoes = createEchoMap();
  const schemas = createOutputSchemas();
  let hasMasks = false;
  const isFree = (line: Buffer): boolean => scrubber.message(line, echoes).findings.length === 0;
  return {
    message(line) {
      const scrubbed = scrubber.message(line, echoes);
      if (scrubbed.kind !== 'json') return scrubbed;
      schemas.learn(scrubbed.bytes);
      if (scrubbed.findings.length === 0) return scrubbed;
      hasMasks = true;
      return { ...scrubbed, bytes: schemas.fit(line, scrubbed.bytes, isFree) };
    },
    areClean: (lines) => !schemas.mayHold(lines) && scrubber.areClean(lines),
    get isWatching() {
      return hasMasks || schemas.any;
    },
    fromClient(line) {
      schemas.asked(line);
      const mayHold = echoes.mayHold(line) || (hasMasks && WORDS.some((word) => line.includes(word)));
      return mayHold ? fromClient(line, echoes) : { forward: line };
    },
  };
}
