// After the child's end: what it still wrote goes to the client, without waiting for ever on a pipe that somebody else
// holds open, or on a client that no longer reads.

/** Milliseconds without a byte from the server after which nothing more is expected. */
const QUIET = 250;
/** Milliseconds that a child of the child can keep us by talking. */
const TALK = 1000;
const STEP = 25;

export interface DrainInput {
  /** Settles when both outputs of the child have ended and the client has taken them. */
  readonly ended: Promise<unknown>;
  /** Grows with every chunk that is read. */
  readonly chunks: () => number;
  /** Bytes that the client has not taken yet. */
  readonly waiting: () => number;
  /** Milliseconds without progress that the client has to take what waits. */
  readonly patience: () => number;
}

/** Resolves when everything was taken, when the outputs have fallen quiet, or when nobody takes what waits. */
export async function drain({ ended, chunks, waiting, patience }: DrainInput): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  let last = { chunks: chunks(), waiting: waiting() };
  for (let quiet = 0, talk = 0, stuck = 0; quiet < QUIET && talk < TALK && stuck < patience();) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
    await Promise.race([ended, pause(STEP)]);
    if (hasEnded) return;
    const now = { chunks: chunks(), waiting: waiting() };
    const isBlocked = now.waiting > 0;
    stuck = isBlocked && now.waiting === last.waiting ? stuck + STEP : 0;
    quiet = isBlocked || now.chunks !== last.chunks ? 0 : quiet + STEP;
    talk = isBlocked ? 0 : talk + STEP;
    last = now;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
