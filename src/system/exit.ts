// Ends the process once everything that was written has left: process.exit alone cuts off what a pipe has not taken yet.

/** Milliseconds that a reader who has stopped reading gets. */
const PATIENCE = 2000;

export function exitWhenWritten(status: number): void {
  const exit = (): never => process.exit(status);
  setTimeout(exit, PATIENCE).unref();
  const outputs = [process.stdout, process.stderr];
  let open = outputs.length;
  const written = (): void => {
    if (--open === 0) exit();
  };
  for (const output of outputs) {
    output.on('error', () => undefined);
    // The callback of an empty write comes after everything before it, and with an error when the reader is gone.
    output.write('', written);
  }
}
