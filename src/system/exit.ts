// Ends the process once everything that was written has left: process.exit alone cuts off what a pipe has not taken yet.
// A reader that went away is no failure of ours; a disk that is full is.

import { systemCode } from '../errors.js';

const IO_FAILED = 74;
/** Milliseconds for stderr: whoever started us may never read it. Data on stdout has all the time it needs. */
const STDERR_PATIENCE = 200;

/** Listens from now on, because a failed write must not end the process by itself. The result ends it, with `status` or 74. */
export function watchOutputs(): (status: number) => void {
  let failure: string | undefined;
  const onError = (error: unknown): void => {
    const code = systemCode(error);
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_DESTROYED') failure ??= code ?? 'unknown error';
  };
  process.stdout.on('error', onError);
  process.stderr.on('error', onError);
  return (status) => {
    afterWrites(process.stdout, () => {
      if (failure !== undefined) process.stderr.write(`secretctl: stdout cannot be written (${failure})\n`);
      const exit = (): never => process.exit(failure === undefined || status !== 0 ? status : IO_FAILED);
      setTimeout(exit, STDERR_PATIENCE).unref();
      afterWrites(process.stderr, exit);
    });
  };
}

/** The callback of an empty write comes after everything before it, and with an error when the reader is gone. */
function afterWrites(output: NodeJS.WriteStream, then: () => void): void {
  output.write('', () => setImmediate(then));
}
