// Our parent is the client. When it is killed, its ends of our pipes may live on in another process, or may not be read:
// that the parent changed is then the only sign.

const EVERY = 500;

/** Calls `onGone` once, within half a second. The result ends the watch. */
export function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, EVERY);
  timer.unref();
  return () => clearInterval(timer);
}
