// What a session remembers between its messages: masks that the client will send back.

import type { ScrubbedMessage, Scrubber } from './core.js';
import { createEchoMap } from './echo.js';
import type { FromClient } from './from-client.js';
import { fromClient } from './from-client.js';

export interface ScrubSession {
  /** A line of the server; as that of a Scrubber. */
  message(line: Buffer): ScrubbedMessage;
  /** The client has been given something that it may send back: its lines must be looked at. */
  readonly isWatching: boolean;
  /** A line of the client without its newline. */
  fromClient(line: Buffer): FromClient;
}

const WORDS = [Buffer.from('REDACTED'), Buffer.from('[MASKED]')];

export function createSession(scrubber: Pick<Scrubber, 'message'>): ScrubSession {
  const echoes = createEchoMap();
  let isWatching = false;
  return {
    message(line) {
      const scrubbed = scrubber.message(line, echoes);
      if (scrubbed.kind === 'json' && scrubbed.findings.length > 0) isWatching = true;
      return scrubbed;
    },
    get isWatching() {
      return isWatching;
    },
    fromClient: (line) =>
      echoes.mayHold(line) || WORDS.some((word) => line.includes(word)) ? fromClient(line, echoes) : { forward: line },
  };
}
