// The start-up deadline: a server that was asked something and does not write a line in time is ended. Long before, whoever
// reads stderr is told what is waited for.

export interface StartupDeadline {
  /** The client has asked; the time counts from its first question, because a server may wait for one. */
  readonly asked: () => void;
  /** The server has written its first line, or has ended. */
  readonly met: () => void;
}

export interface StartupOptions {
  readonly milliseconds: number;
  /** Called at most once, when the server is slow but not yet late. */
  readonly onSlow: (waited: number) => void;
  /** Called at most once, `milliseconds` after the first question. */
  readonly onMissed: () => void;
}

/** A server of npm answers in under a second when it is there; one that must be fetched takes longer than this. */
const SLOW = 5_000;

export function startupDeadline({ milliseconds, onSlow, onMissed }: StartupOptions): StartupDeadline {
  const timers: NodeJS.Timeout[] = [];
  let isOver = false;
  const met = (): void => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
  };
  const miss = (): void => {
    met();
    onMissed();
  };
  return {
    met,
    asked() {
      if (isOver || timers.length > 0) return;
      timers.push(setTimeout(miss, milliseconds));
      if (SLOW < milliseconds) timers.push(setTimeout(onSlow, SLOW, SLOW));
    },
  };
}
