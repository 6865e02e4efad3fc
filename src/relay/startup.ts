// The start-up deadline: a server that was asked something and has not written a line in time is ended.

export interface StartupDeadline {
  /** The client has asked; before that a silent server is no fault. */
  readonly asked: () => void;
  /** The server has written its first line, or has ended. */
  readonly met: () => void;
}

/** Counts from now; `onMissed` is called at most once. */
export function startupDeadline(milliseconds: number, onMissed: () => void): StartupDeadline {
  let asked = false;
  let over = false;
  let isMet = false;
  const check = (): void => {
    if (!asked || !over || isMet) return;
    isMet = true;
    onMissed();
  };
  const timer = setTimeout(() => {
    over = true;
    check();
  }, milliseconds);
  return {
    asked() {
      if (asked) return;
      asked = true;
      if (!over || isMet) return;
      // The client came late: the server gets the whole time from here.
      over = false;
      setTimeout(() => {
        over = true;
        check();
      }, milliseconds).unref();
    },
    met() {
      isMet = true;
      clearTimeout(timer);
    },
  };
}
