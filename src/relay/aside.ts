// stderr of the launcher, where the server's own stderr and its noise go. Whoever started us may not read it: then the
// server is held up for a moment, but never for ever, and memory stays bounded.

import type { Readable, Writable } from 'node:stream';

/** Bytes that wait for a reader; more is dropped, and said. */
const LIMIT = 1024 * 1024;
/** Milliseconds that a reader has to take something, before the server goes on without it. */
const PATIENCE = 1000;

export interface Aside {
  readonly write: (bytes: Buffer) => void;
  /** Lets everything of `source` through `scrub`; resolves when it has ended. Never stops reading. */
  readonly drain: (source: Readable, scrub: (chunk: Buffer) => Buffer, rest: () => Buffer) => Promise<void>;
}

export function createAside(sink: Writable): Aside {
  let dropped = 0;
  let isClosed = sink.destroyed;
  sink.on('error', () => (isClosed = true)).on('close', () => (isClosed = true));

  const write = (bytes: Buffer): void => {
    if (isClosed || bytes.length === 0) return;
    if (sink.writableLength > LIMIT) {
      dropped += bytes.length;
      return;
    }
    if (dropped > 0) sink.write(`secretctl: ${dropped} bytes were left out here, because nobody read them\n`);
    dropped = 0;
    sink.write(bytes);
  };
  const room = async (): Promise<void> => {
    if (isClosed || !sink.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sink.off('drain', done).off('close', done).off('error', done);
        resolve();
      };
      const timer = setTimeout(done, PATIENCE);
      sink.on('drain', done).on('close', done).on('error', done);
    });
  };
  return {
    write,
    async drain(source, scrub, rest) {
      try {
        for await (const chunk of source as AsyncIterable<Buffer>) {
          write(scrub(chunk));
          await room();
        }
      } catch {
        // The pipe broke, or was given up: what came before is written.
      }
      write(rest());
    },
  };
}
