// The start-up deadline: a server that was asked something and does not write a line in time is ended.

export interface StartupDeadline {
  /** The client has asked; the time counts from its first question, because a server may wait for one. */
  readonly asked: () => void;
  /** The server has written its first line, or has ended. */
  readonly met: () => void;
}

/** `onMissed` is called at most once, `milliseconds` after the first question. */
export function startupDeadline(milliseconds: number, onMissed: () => void): StartupDeadline {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    asked() {
      if (isOver) return;
      timer ??= setTimeout(() => {
        isOver = true;
        onMissed();
      }, milliseconds);
    },
    met() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
