// The signals that ask us to end, and nothing else.

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGXCPU'] as const;

type Handler = (name: NodeJS.Signals) => void;

export interface SignalWatch {
  /** Keeps signals for the next `deliver`, as at the start. */
  readonly hold: () => void;
  /** Hands over: what came before is delivered at once, so that no signal in the moment of the start is lost. */
  readonly deliver: (handler: Handler) => void;
  /** Signals do again what they did before. */
  readonly stop: () => void;
}

/** Listens from now on: a signal while the child starts must not kill us without it. */
export function watchSignals(): SignalWatch {
  const early: NodeJS.Signals[] = [];
  const keep: Handler = (name) => early.push(name);
  let handle = keep;
  const listeners = ENDING.map((name) => ({ name, listener: (): void => handle(name) }));
  for (const { name, listener } of listeners) process.on(name, listener);
  return {
    hold() {
      handle = keep;
    },
    deliver(handler) {
      handle = handler;
      for (const name of early.splice(0)) handler(name);
    },
    stop() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}

/** Nobody watches any more: what would have happened without us. */
export function raiseAgain(name: unknown): void {
  const signal = ENDING.find((known) => known === name);
  if (signal !== undefined) process.kill(process.pid, signal);
}
