// Folders and processes of a test or the demo go away with it, also when a signal or an exception ends it.

import { rmSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `cleanUp`, which cannot wait, when the process exits before the returned function was called; an ending signal is
 * no exit, see `exitOnSignals`. Jest's sandbox has a `process` of its own without this event: there, clean up in `afterAll`.
 */
export function onAbruptEnd(cleanUp: () => void): () => void {
  process.on('exit', cleanUp);
  return () => void process.off('exit', cleanUp);
}

/** Turns ending signals into exits with the shell's status for them. */
export function exitOnSignals(): void {
  for (const signal of ENDING_SIGNALS) process.once(signal, () => process.exit(statusOf(signal)));
}

export function statusOf(signal: (typeof ENDING_SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A private folder under the system's temporary one; its real path, since profiles are known by theirs. */
export async function temporaryFolder(prefix = 'secretctl-test-', mode = 0o700): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), prefix)));
  // A process that still writes for a moment makes the first attempt fail.
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
  const forget = onAbruptEnd(() => rmSync(path, options));
  await chmod(path, mode);
  return {
    path,
    async remove() {
      await rm(path, options);
      forget();
    },
  };
}
