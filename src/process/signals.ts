// The signals that ask us to end, and nothing else.

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

type Handler = (name: NodeJS.Signals) => void;

/**
 * Listens from now on. The returned function hands over: what came before it is delivered at once, so that a signal in the
 * moment of the start neither kills us without the child nor is lost. Its result ends the listening.
 */
export function watchSignals(): (handler: Handler) => () => void {
  const early: NodeJS.Signals[] = [];
  let handle: Handler = (name) => early.push(name);
  const listeners = ENDING.map((name) => {
    const listener = (): void => handle(name);
    process.on(name, listener);
    return { name, listener };
  });
  return (handler) => {
    handle = handler;
    for (const name of early) handler(name);
    return () => {
      for (const { name, listener } of listeners) process.off(name, listener);
    };
  };
}
