// Moves one stream into another, chunk by chunk, at the pace of the slower end.

import type { Readable, Writable } from 'node:stream';

/** What goes on for a chunk: the bytes to write, in order; an empty list writes nothing. */
export type Transform = (chunk: Buffer) => readonly Buffer[];

export interface PumpOptions {
  readonly transform: Transform;
  /** What is still to be written when the source has ended. */
  readonly flush?: () => readonly Buffer[];
  /** Stops reading; what was read stays with the sink. */
  readonly signal?: AbortSignal;
  /** `ended` waits until the sink has taken everything. Default: until it has been handed over. */
  readonly untilTaken?: boolean;
  /** Bytes that may wait in the sink before the source is paused. Default: what the sink itself suggests. */
  readonly buffer?: number;
}

/** Larger parts are written in slices, so that a slow reader's progress can be seen. */
const SLICE = 64 * 1024;

/**
 * Resolves `ended` when the source has ended and everything was handed to the sink (or taken by it), `closed` when the sink can take no more,
 * `stopped` when the signal fired. Never rejects for a broken pipe; rejects with whatever `transform` throws.
 */
export function pump(source: Readable, sink: Writable, options: PumpOptions): Promise<'ended' | 'closed' | 'stopped'> {
  const limit = options.buffer ?? sink.writableHighWaterMark;
  return new Promise((resolve, reject) => {
    let hasEnded = false;
    const finish = (settle: () => void): void => {
      source.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
      sink.off('drain', onDrain).off('error', onClosed).off('close', onClosed);
      options.signal?.removeEventListener('abort', onStop);
      settle();
    };
    const write = (parts: readonly Buffer[]): void => {
      for (const part of joined(parts)) {
        for (let at = 0; at < part.length; at += SLICE)
          sink.write(part.length <= SLICE ? part : part.subarray(at, at + SLICE));
      }
    };
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const onData = (chunk: Buffer): void =>
      attempt(() => {
        write(options.transform(chunk));
        if (sink.writableLength >= limit) source.pause();
      });
    const onDrain = (): void => {
      source.resume();
    };
    const onEnd = (): void =>
      attempt(() => {
        if (hasEnded) return;
        hasEnded = true;
        write(options.flush?.() ?? []);
        if (options.untilTaken === true) sink.write('', onTaken);
        else onTaken();
      });
    const onTaken = (): void => finish(() => resolve('ended'));
    const onClosed = (): void => finish(() => resolve('closed'));
    const onStop = (): void => finish(() => resolve('stopped'));

    // A stream that fails after we have let go of it must not end the process with an unhandled error.
    sink.on('error', ignore);
    source.on('error', ignore);
    sink.on('drain', onDrain).on('error', onClosed).on('close', onClosed);
    source.on('end', onEnd).on('error', onEnd).on('close', onEnd);
    options.signal?.addEventListener('abort', onStop);
    if (sink.destroyed) onClosed();
    else if (source.readableEnded || source.destroyed) onEnd();
    else source.on('data', onData);
  });
}

/** Parts that follow one another in the same memory, as the lines of a chunk do, become one: each write is a system call. */
function joined(parts: readonly Buffer[]): readonly Buffer[] {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return parts;
  const runs: Buffer[] = [];
  let [run, length] = [first, first.length];
  const end = (): void => void runs.push(length === run.length ? run : Buffer.from(run.buffer, run.byteOffset, length));
  for (const part of others) {
    if (part.buffer === run.buffer && part.byteOffset === run.byteOffset + length) length += part.length;
    else {
      end();
      [run, length] = [part, part.length];
    }
  }
  end();
  return runs;
}

function ignore(): void {
  // The listeners above have said what happens.
}
