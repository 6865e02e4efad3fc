// Ends the child and everything that it started. Two ladders, both inside what clients grant before they kill us.

import type { Child } from './spawn.js';
import { signalTree } from './tree.js';

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

/** `grace`: milliseconds that a server has at least to end by itself, when the profile grants it more. */
export function createShutdown(child: Child, platform: NodeJS.Platform, grace = 0): Shutdown {
  const timers: NodeJS.Timeout[] = [];
  let weEndedIt = false;
  let forwarded = false;
  const send = (name: NodeJS.Signals): void => {
    weEndedIt = true;
    signalTree(child, name, platform);
  };
  const after = (milliseconds: number, name: NodeJS.Signals): void => {
    timers.push(setTimeout(() => send(name), milliseconds));
  };
  return {
    endOfInput() {
      if (weEndedIt || timers.length > 0) return;
      child.stdin.end();
      const terminate = Math.max(AFTER_END.terminate, grace);
      after(terminate, 'SIGTERM');
      after(terminate + AFTER_END.kill - AFTER_END.terminate, 'SIGKILL');
    },
    signal(name) {
      if (forwarded) return;
      forwarded = true;
      send(name);
      after(Math.max(AFTER_SIGNAL.kill, grace), 'SIGKILL');
    },
    childEnded() {
      for (const timer of timers) clearTimeout(timer);
      // Without groups nobody knows the children of a process that is gone, and its number may be another's.
      if (platform !== 'win32') signalTree(child, 'SIGKILL', platform);
    },
    get weEndedIt() {
      return weEndedIt;
    },
  };
}

/** Ends a child whose launch failed half-way: nothing half-starts. */
export function endNow(child: Child, platform: NodeJS.Platform): void {
  signalTree(child, 'SIGKILL', platform);
}
