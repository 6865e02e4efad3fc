// Ends the child and everything that it started. Two ladders, both inside what clients grant before they kill us.

import type { Child } from './spawn.js';

/** Milliseconds after the client closed our stdin. */
export const AFTER_END = { terminate: 700, kill: 1500 } as const;
/** Milliseconds after a signal reached us and was forwarded. */
export const AFTER_SIGNAL = { kill: 600 } as const;

export interface Shutdown {
  /** The client closed stdin: close the child's at once, then SIGTERM, then SIGKILL. */
  endOfInput(): void;
  /** A signal reached us: pass it on at once, then SIGKILL. Signals are forwarded once. */
  signal(name: NodeJS.Signals): void;
  /** The child is gone: end what is left of its group, and every timer. */
  childEnded(): void;
  /** True when the signal that ended the child came from a ladder. */
  readonly weEndedIt: boolean;
}

export function createShutdown(child: Child, platform: NodeJS.Platform): Shutdown {
  const timers: NodeJS.Timeout[] = [];
  let weEndedIt = false;
  let forwarded = false;
  const send = (name: NodeJS.Signals): void => {
    weEndedIt = true;
    signalGroup(child, name, platform);
  };
  const after = (milliseconds: number, name: NodeJS.Signals): void => {
    timers.push(setTimeout(() => send(name), milliseconds));
  };
  return {
    endOfInput() {
      if (weEndedIt || timers.length > 0) return;
      child.stdin.end();
      after(AFTER_END.terminate, 'SIGTERM');
      after(AFTER_END.kill, 'SIGKILL');
    },
    signal(name) {
      if (forwarded) return;
      forwarded = true;
      send(name);
      after(AFTER_SIGNAL.kill, 'SIGKILL');
    },
    childEnded() {
      for (const timer of timers) clearTimeout(timer);
      signalGroup(child, 'SIGKILL', platform);
    },
    get weEndedIt() {
      return weEndedIt;
    },
  };
}

/** Ends a child whose launch failed half-way: nothing half-starts. */
export function endNow(child: Child, platform: NodeJS.Platform): void {
  signalGroup(child, 'SIGKILL', platform);
}

function signalGroup(child: Child, name: NodeJS.Signals, platform: NodeJS.Platform): void {
  try {
    // A negative number is the process group. Windows has none: there the child alone is ended (docs/platforms.md).
    if (platform === 'win32') child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // Already gone, which is what was wanted.
  }
}
