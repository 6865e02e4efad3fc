// What a command writes, scrubbed on its way to our own stdout and stderr, and how it ended.

import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Running } from '../process/run-command.js';
import type { Scrubber } from '../scrub/scrubber.js';
import type { Host } from '../system/host.js';

/** Milliseconds without output after which somebody may be waiting for the rest of a line: a prompt. */
const IDLE_MS = 20;

/** Resolves with the exit status, as a shell has it. */
export async function relayCommand(host: Host, child: Running, scrubber: Scrubber): Promise<number> {
  const outputs = [relayOutput(child.stdout, host.stdout, scrubber), relayOutput(child.stderr, host.stderr, scrubber)];
  const { code, signal } = await child.exited;
  await Promise.all(outputs);
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}

/** A line that has ended leaves at once; of one without an end, what no match can begin in. */
async function relayOutput(from: Readable | undefined, to: Writable, scrubber: Scrubber): Promise<void> {
  if (from === undefined) return;
  const stream = scrubber.textStream();
  const write = async (bytes: Buffer): Promise<void> => {
    if (bytes.length === 0 || to.destroyed || to.write(bytes)) return;
    await once(to, 'drain').catch(() => undefined);
  };
  // A reader that went away is the child's business too: it gets SIGPIPE.
  to.on('error', () => from.destroy());
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      await write(stream.push(chunk));
      timer = setTimeout(() => void to.write(stream.idle()), IDLE_MS);
    }
  } catch {
    // Destroyed because nobody reads what is written.
  }
  clearTimeout(timer);
  await write(stream.end());
}
