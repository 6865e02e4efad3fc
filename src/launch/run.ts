// `run`: any command with secrets in its environment, its output scrubbed as it comes.

import { constants } from 'node:os';
import { join } from 'node:path';
import { bestEffort, openAuditLog } from '../audit/log.js';
import type { SecretSource } from '../profile/types.js';
import { childEnvironment } from '../process/environment.js';
import { isLauncherCredential } from '../process/launcher-credentials.js';
import { startCommand } from '../process/run-command.js';
import { type SignalWatch, watchSignals } from '../process/signals.js';
import type { KnownValue } from '../scrub/scrubber.js';
import type { Host } from '../system/host.js';
import { findWorkTree } from '../system/work-tree.js';
import type { Vault } from '../vault/store.js';
import { auditInput, auditReferences } from './audit.js';
import { relayCommand } from './run-output.js';
import {
  chosenEntries,
  fromEntries,
  fromReferences,
  type Injected,
  knownIn,
  sourcesOf,
  type Variables,
} from './run-variables.js';
import { obtainSecrets } from './secrets.js';
import { unlockVault } from './unlock.js';
import { warnOfWeak, weakIn } from './weak.js';

export interface RunRequest {
  /** Names of secrets in the vault, as globs. */
  readonly patterns: readonly string[];
  /** Variable → reference; undefined: the one secret that the patterns name. */
  readonly variables: Variables;
  readonly pristine: boolean;
  /** `--key-fd N`. */
  readonly keyFd: number | undefined;
  readonly command: readonly string[];
}

/** Resolves with the exit status. Throws what stopped it before anything was started. */
export async function runWithSecrets(host: Host, request: RunRequest, prompt: string | undefined): Promise<number> {
  const vault = await vaultFor(host, request, prompt);
  try {
    const chosen = chosenEntries(vault, request.patterns);
    const sources = sourcesOf(request.variables);
    const place = { path: join(host.cwd, 'run'), workTree: findWorkTree(host.cwd) };
    const warn = (message: string): void => void host.stderr.write(`secretctl: warning: ${message}\n`);
    const signals = watchSignals();
    const options = { vault, asker: undefined, unseal: undefined, warn, source: place, pinned: false, signals };
    const { secrets, leases } = await obtainSecrets(host, sources, options);
    auditRun(host, vault, { secrets: chosen.map(({ name }) => name), sources }, warn);
    vault?.close();
    try {
      const injected = new Map([...fromEntries(chosen, request.variables), ...fromReferences(secrets.values())]);
      const known = knownIn(chosen, secrets.values(), injected);
      warnOfWeak(weakIn(known), warn);
      return await runCommand(host, request, { injected, known, signals });
    } finally {
      signals.stop();
      await leases.end();
    }
  } finally {
    vault?.close();
  }
}

/** An audit that fails is said once, and stops nothing. Without a vault there is no key for one. */
function auditRun(
  host: Host,
  vault: Vault | undefined,
  { secrets, sources }: { readonly secrets: readonly string[]; readonly sources: ReadonlyMap<string, SecretSource> },
  warn: (message: string) => void,
): void {
  if (vault === undefined) return;
  const open = () => openAuditLog(auditInput(host, vault));
  const audit = bestEffort(open, (why) => warn(`this run is not audited: ${why}`));
  for (const secret of secrets) audit.append('read', { secrets: [secret], to: 'command' });
  auditReferences(audit, sources);
  audit.close();
}

/** A command with references to other stores alone needs no vault of ours. */
async function vaultFor(host: Host, request: RunRequest, prompt: string | undefined): Promise<Vault | undefined> {
  const references = [...request.variables.values()];
  const needsVault = request.patterns.length > 0 || references.some((each) => each?.scheme === 'secret');
  return needsVault ? unlockVault(host, prompt, request.keyFd) : undefined;
}

interface Ready {
  readonly injected: ReadonlyMap<string, Injected>;
  readonly known: readonly KnownValue[];
  readonly signals: SignalWatch;
}

async function runCommand(
  host: Host,
  { command, pristine }: RunRequest,
  { injected, known, signals }: Ready,
): Promise<number> {
  const [program = '', ...args] = command;
  const entries = new Map([...injected].map(([name, { value }]) => [name, value]));
  const env = pristine ? pristineEnvironment(host, entries) : inheritedEnvironment(host, entries);
  const { createScrubber } = await import('../scrub/scrubber.js');
  // Where no secret went in, nothing is looked for, and a terminal stays one.
  const piped = known.length > 0;
  const child = await startCommand({ command: program, args, cwd: host.cwd, env, piped });
  const isOurs = host.stdin.isTTY === true;
  let received: NodeJS.Signals | undefined;
  signals.deliver((name) => {
    // The keys of a terminal reach the child by themselves, and it may well go on.
    if (isOurs && (name === 'SIGINT' || name === 'SIGQUIT')) return;
    received ??= name;
    child.kill(name);
  });
  const status = await relayCommand(host, child, createScrubber(known));
  return received === undefined ? status : 128 + constants.signals[received];
}

function pristineEnvironment(host: Host, entries: ReadonlyMap<string, string>): Record<string, string> {
  const { env, platform, accountHome } = host;
  return childEnvironment({ env, platform, accountHome, path: env['PATH'] ?? '', entries });
}

function inheritedEnvironment({ env }: Host, entries: ReadonlyMap<string, string>): Record<string, string> {
  const inherited = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || isLauncherCredential(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries([...inherited, ...entries]);
}
