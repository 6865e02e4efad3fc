// Moves one stream into another, chunk by chunk, at the pace of the slower end.

import type { Readable, Writable } from 'node:stream';

/** What goes on for a chunk: the bytes to write, in order; an empty list writes nothing. */
export type Transform = (chunk: Buffer) => readonly Buffer[];

export interface PumpOptions {
  readonly transform: Transform;
  /** What is still to be written when the source has ended. */
  readonly flush?: () => readonly Buffer[];
  /** Stops reading; what was read is written. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves `ended` when the source has ended (or the signal fired) and everything was handed to the sink, or `closed`
 * when the sink can take no more. Never rejects for a broken pipe; rejects with whatever `transform` throws.
 */
export function pump(source: Readable, sink: Writable, options: PumpOptions): Promise<'ended' | 'closed'> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      source.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
      sink.off('drain', onDrain).off('error', onClosed).off('close', onClosed);
      options.signal?.removeEventListener('abort', onEnd);
      settle();
    };
    const write = (parts: readonly Buffer[]): boolean => {
      let room = true;
      if (parts.length > 1) sink.cork();
      for (const part of parts) room = sink.write(part);
      if (parts.length > 1) sink.uncork();
      return room;
    };
    const onData = (chunk: Buffer): void => {
      try {
        if (!write(options.transform(chunk))) source.pause();
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const onDrain = (): void => {
      source.resume();
    };
    const onEnd = (): void => {
      try {
        write(options.flush?.() ?? []);
        finish(() => resolve('ended'));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const onClosed = (): void => finish(() => resolve('closed'));

    // A sink that fails after we have let go of it must not end the process with an unhandled error.
    sink.on('error', ignore);
    source.on('error', ignore);
    sink.on('drain', onDrain).on('error', onClosed).on('close', onClosed);
    source.on('end', onEnd).on('error', onEnd).on('close', onEnd);
    options.signal?.addEventListener('abort', onEnd);
    if (source.readableEnded || source.destroyed) onEnd();
    else source.on('data', onData);
  });
}

function ignore(): void {
  // The listeners above have said what happens.
}
