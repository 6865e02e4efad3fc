// After the child's end: read what it still wrote, without waiting for ever on a pipe that somebody else holds open.

/** Milliseconds without a byte after which nothing more is expected. */
const QUIET = 250;
/** Milliseconds that a client which has ended the session, or a signal, leaves us. */
const HURRY = 500;
const STEP = 25;

export interface DrainInput {
  /** Settles when both outputs of the child have ended and were written. */
  readonly ended: Promise<unknown>;
  /** Grows with every chunk that is read. */
  readonly chunks: () => number;
  /** The client has not taken yet what it was given: quiet is then no sign of an end. */
  readonly isBlocked: () => boolean;
  /** Somebody wants us gone. */
  readonly isUrgent: () => boolean;
}

/** Resolves when the outputs have ended, have been quiet, or when time is up. */
export async function drain({ ended, chunks, isBlocked, isUrgent }: DrainInput): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  let last = chunks();
  for (let quiet = 0, urgent = 0; quiet < QUIET && urgent < HURRY;) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
    await Promise.race([ended, pause(STEP)]);
    if (hasEnded) return;
    const now = chunks();
    quiet = now !== last || isBlocked() ? 0 : quiet + STEP;
    urgent = isUrgent() ? urgent + STEP : 0;
    last = now;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
