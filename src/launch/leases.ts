// Credentials that live as long as a launch: renewed while the child runs, given back at its end.

import type { Release } from '../secrets/provider.js';

export interface Leases {
  /** Stops renewing and gives everything back; never fails, and takes 3 s at most. */
  end(): Promise<void>;
}

const END_MS = 3000;
const RENEW_MS = 10_000;
/** After a renewal that failed. */
const RETRY_MS = 5000;

/** A renewal that fails is tried again, and told once: the lease may last until the child ends. */
export function startLeases(releases: readonly Release[], warn: (message: string) => void): Leases {
  const stopped = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let isTold = false;

  const renewLater = (afterMs: number, run: (signal: AbortSignal) => Promise<number | undefined>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void renew(run);
    }, afterMs);
    timer.unref();
    timers.add(timer);
  };
  const renew = async (run: (signal: AbortSignal) => Promise<number | undefined>): Promise<void> => {
    let next: number | undefined = RETRY_MS;
    try {
      next = await run(AbortSignal.any([stopped.signal, AbortSignal.timeout(RENEW_MS)]));
    } catch {
      if (!isTold && !stopped.signal.aborted) warn('a lease of a secret could not be renewed; it is tried again');
      isTold = true;
    }
    if (next !== undefined && !stopped.signal.aborted) renewLater(next, run);
  };

  for (const { renew: renewal } of releases) if (renewal !== undefined) renewLater(renewal.afterMs, renewal.run);
  return {
    async end() {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      const limit = AbortSignal.timeout(END_MS);
      const [others, last] = [false, true].map((isLast) => releases.filter((each) => (each.last === true) === isLast));
      const ended = await Promise.allSettled((others ?? []).map(({ run }) => run(limit)));
      ended.push(...(await Promise.allSettled((last ?? []).map(({ run }) => run(limit)))));
      if (ended.some(({ status }) => status === 'rejected'))
        warn('a lease of a secret could not be revoked; it ends by itself');
    },
  };
}
