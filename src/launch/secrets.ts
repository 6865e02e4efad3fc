// What a launch lets the providers of secrets know, and what they left to be given back at the end.

import { dirname } from 'node:path';
import { SecretctlError } from '../errors.js';
import { raiseAgain, type SignalWatch } from '../process/signals.js';
import { toolRunner } from '../process/tool.js';
import type { ProfileSource, SecretSource } from '../profile/types.js';
import type { ProviderContext, Release } from '../secrets/provider.js';
import { PROVIDERS } from '../secrets/providers/index.js';
import { resolveSecrets } from '../secrets/resolve.js';
import type { ResolvedSecrets } from '../secrets/secret.js';
import type { Host } from '../system/host.js';
import { findWorkTree } from '../system/work-tree.js';
import { startLeases, type Leases } from './leases.js';

export interface SecretsRequest extends Pick<ProviderContext, 'vault' | 'unseal' | 'warn' | 'asker'> {
  /** Where relative paths of references start, and whose work tree offers no programs. */
  readonly source: Pick<ProfileSource, 'path' | 'workTree'>;
  readonly pinned: boolean;
  /** A signal meanwhile ends it all, as it would without us; what was made is given back first. */
  readonly signals: SignalWatch;
}

export interface Obtained {
  readonly secrets: ResolvedSecrets;
  /** Renewed from now on; the caller ends them. */
  readonly leases: Leases;
}

const LATE_MS = 3000;

/** Throws what `resolveSecrets` throws; then nothing is left to give back. */
export async function obtainSecrets(
  host: Host,
  sources: ReadonlyMap<string, SecretSource>,
  { source, pinned, signals, ...request }: SecretsRequest,
): Promise<Obtained> {
  const { env, platform, uid, node, places } = host;
  const profileFolder = dirname(source.path);
  const distrusted = [findWorkTree(host.cwd), source.workTree].filter((root) => root !== undefined);
  const releases: Release[] = [];
  const leases = (): Leases => startLeases(releases, request.warn);
  const runTool = toolRunner({ env, platform, uid, node, profileFolder, distrusted, packaged: true });
  let isOver = false;
  const onEnd = (release: Release): void => {
    if (!isOver) releases.push(release);
    // Of a provider that answered after the deadline.
    else void release.run(AbortSignal.timeout(LATE_MS)).catch(() => undefined);
  };
  const interrupted = new AbortController();
  signals.deliver((name) => interrupted.abort(name));
  try {
    const ownFiles = [places.vault, places.keyFile, places.identity];
    const context = { ...request, env, platform, uid, profileFolder, ownFiles, runTool, onEnd };
    const options = { ...context, pinned, interrupted: interrupted.signal };
    const secrets = await resolveSecrets(sources, PROVIDERS, options);
    signals.hold();
    interrupted.signal.throwIfAborted();
    return { secrets, leases: leases() };
  } catch (error) {
    isOver = true;
    await leases().end();
    signals.stop();
    if (interrupted.signal.aborted) raiseAgain(interrupted.signal.reason);
    throw error instanceof SecretctlError ? error : new SecretctlError('internal', 'secrets could not be resolved');
  }
}
