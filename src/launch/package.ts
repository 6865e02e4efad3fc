// The package of a profile on its way to the start: installed once, then only looked at.

import type { PackageSource } from '../packages/install.js';
import { findInstalled, type Start } from '../packages/installed.js';
import { raiseAgain, watchSignals } from '../process/signals.js';
import type { LaunchPlan, PinnedPackage } from '../profile/types.js';
import type { Host } from '../system/host.js';
import { safe } from '../system/safe-text.js';

export interface PackageRequest {
  readonly source: PackageSource;
  /** Typed by a person, or started by a client. */
  readonly byPerson: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What is started for a package, and what for a command. No secret exists yet. */
export async function requirePackage(
  host: Host,
  { command, package: pinned }: Pick<LaunchPlan, 'command' | 'package'>,
  source: PackageRequest['source'],
): Promise<Pick<Start, 'command'> & { readonly args: readonly string[] }> {
  if (pinned === undefined) return { command: command.path, args: [] };
  const found = findInstalled(host, pinned);
  if (found !== undefined) return found;
  host.stderr.write(`secretctl: installing ${safe(pinned.spec)}, this once ("secretctl prefetch" does it ahead)\n`);
  return install(host, pinned, { source, byPerson: false });
}

export async function install(host: Host, pinned: PinnedPackage, request: PackageRequest): Promise<Start> {
  const { installPackage } = await import('../packages/install.js');
  return interruptible((signal) => installPackage(host, pinned, { ...request, signal }));
}

/** A signal ends the work with all that it started, and then does what it does without us. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const signals = watchSignals();
  signals.deliver((name) => interrupted.abort(name));
  try {
    return await work(interrupted.signal);
  } finally {
    signals.stop();
    if (interrupted.signal.aborted) raiseAgain(interrupted.signal.reason);
  }
}
