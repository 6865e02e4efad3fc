// `mcp-launch`: one straight line from a profile's name to the child's exit status. Each step takes what the step before
// returned. Secrets exist only between `resolveSecrets` and the end of `relay`.

import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { ERROR_CODES, SecretctlError } from '../errors.js';
import { requireSameCommand } from '../process/command.js';
import { createShutdown, endNow } from '../process/shutdown.js';
import { watchParent } from '../process/parent.js';
import { watchSignals, type SignalWatch } from '../process/signals.js';
import { startWatchdog, type Watchdog } from '../process/watchdog.js';
import { spawnServer, type Child } from '../process/spawn.js';
import type { LaunchPlan } from '../profile/types.js';
import type { Outcome } from '../relay/relay.js';
import type { KnownValue } from '../scrub/known.js';
import type { ResolvedSecrets } from '../secrets/secret.js';
import type { Host } from '../system/host.js';
import { safe } from '../system/safe-text.js';
import { findGate, verifyGate, type Gate } from '../trust/gate.js';
import { TRUST_KEY } from '../trust/record.js';
import { openTrustStore } from '../trust/store.js';
import { refuseInsideWorkTree } from '../vault/places.js';
import { isPersonal, type Vault } from '../vault/store.js';
import { auditEntry, auditReferences, auditRefusal, startAudit, type LaunchAudit } from './audit.js';
import { openSealOf } from './seal.js';
import { obtainSecrets } from './secrets.js';
import { prepareLaunch, type LaunchRequest, type PreparedLaunch } from './plan.js';
import { requirePackage } from './package.js';
import { render } from './render.js';
import { unlockVault, vaultFacts } from './unlock.js';
import { judgeWeakness } from './weak.js';

/** Resolves with the exit status. Throws what stopped the launch; then nothing was started, or what was started is gone. */
export async function launch(host: Host, request: LaunchRequest): Promise<number> {
  const { source, profile, plan, childPath } = prepareLaunch(host, request);
  const gate = requireTrust(host, plan, source.shadowed);
  const prompt = promptFor(host, plan);
  const vault = needsVault(host, gate) ? await unlockVault(host, prompt, request.keyFd) : undefined;
  const audit = startAudit(host, vault, plan, (message) => warn(host, message));
  try {
    return await launchOpened(vault, { host, request, source, profile, plan, childPath, audit, gate, prompt });
  } catch (error) {
    auditRefusal(audit.log, plan, error);
    throw error;
  }
}

interface Opened extends PreparedLaunch {
  readonly host: Host;
  readonly request: LaunchRequest;
  readonly audit: LaunchAudit;
  readonly gate: Gate;
  readonly prompt: string | undefined;
}

/** From the open vault on, whatever stops the launch is recorded. */
async function launchOpened(vault: Vault | undefined, opened: Opened): Promise<number> {
  const { host, request, source, profile, plan, childPath, audit, gate, prompt } = opened;
  verifyGate(gate, vault && { personal: isPersonal(vault), trustKey: () => vault.deriveKey(TRUST_KEY) }, host.now());
  const program = await requirePackage(host, plan, source);
  const unseal = await openSealOf(host, profile, { vault, prompt });
  audit.log.append('launch', { profile: plan.profile, fp: plan.fingerprint, gate: gate.kind });
  const signals = watchSignals();
  const { secrets, leases } = await obtainSecrets(host, profile.secrets, {
    signals,
    vault,
    asker: { profile: plan.profile, fingerprint: plan.fingerprint },
    source,
    pinned: gate.kind === 'pinned',
    unseal,
    warn: (message) => warn(host, message),
  });
  vault?.close();
  auditReferences(audit.log, profile.secrets);
  try {
    return await launchWith(secrets, { host, request, profile, plan, childPath, program, audit, signals });
  } finally {
    signals.stop();
    await leases.end();
  }
}

interface Prepared extends Omit<PreparedLaunch, 'source'> {
  readonly host: Host;
  readonly request: LaunchRequest;
  /** What is started, and what stands before the arguments of the profile. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  readonly audit: LaunchAudit;
  readonly signals: SignalWatch;
}

/** The part of the line in which secrets exist. */
async function launchWith(secrets: ResolvedSecrets, prepared: Prepared): Promise<number> {
  const { host, request, profile, plan, childPath, program, audit } = prepared;
  const { args, env, known } = render({ host, plan, profile, secrets, childPath });
  const { strict = false } = request;
  judgeWeakness({ known, secrets, plan, strict, warn: (message) => warn(host, message) });
  warnOfAllowed(host, plan);
  if (plan.package === undefined) requireSameCommand(plan.command);
  const { platform } = host;
  const line = { command: program.command, args: [...program.args, ...args] };
  const child = await spawnServer({ ...line, cwd: plan.cwd.path, env, platform });
  const outcome = await relayUntilEnd(child, known, prepared);
  return closeAudit(host, audit, outcome, plan);
}

/** The part of trust that needs no key: an untrusted plan unlocks nothing. */
function requireTrust(host: Host, plan: LaunchPlan, shadowed: readonly string[]): Gate {
  refuseInsideWorkTree(host.places);
  return findGate({
    plan,
    store: openTrustStore(host.places.state, host.uid),
    vault: vaultFacts(host),
    pins: host.env['SECRETCTL_TRUST'],
    identity: (host.env['SECRETCTL_IDENTITY'] ?? '') !== '',
    shadowed,
    warn: (message) => warn(host, message),
  });
}

/** Where a pin is all there is, an identity alone may do: CI without a vault. */
function needsVault(host: Host, gate: Gate): boolean {
  return gate.kind !== 'pinned' || existsSync(host.places.vault);
}

/** A client has our stderr in a pipe; a person who starts us by hand has it on the terminal, and only a person can answer. */
function promptFor(host: Host, plan: LaunchPlan): string | undefined {
  return host.stderr.isTTY === true ? `Passphrase, to launch "${plan.profile}": ` : undefined;
}

/** The same words whatever the entries are: a warning that depended on them would confirm a guess. */
function warnOfAllowed(host: Host, { redactAllow }: LaunchPlan): void {
  if (redactAllow.length === 0) return;
  warn(host, 'redact.allow lets texts that look like credentials pass; a value that this launch knows never does');
}

/** The scrubber and the tables of all detectors are loaded while the server starts: so nobody waits for them. */
async function relayUntilEnd(
  child: Child,
  known: readonly KnownValue[],
  { host, plan, signals, audit: { log, onFailure } }: Prepared,
): Promise<Outcome> {
  let watchdog: Watchdog | undefined;
  try {
    const [{ createScrubber }, { relay }, { createToolGate }] = await Promise.all([
      import('../scrub/scrubber.js'),
      import('../relay/relay.js'),
      import('../relay/policy.js'),
    ]);
    const scrubber = createScrubber(known, { allow: new Set(plan.redactAllow) });
    watchdog = startWatchdog(child.pid, host.platform);
    return await relay({
      client: host,
      child,
      ladder: createShutdown(child, host.platform, plan.shutdownGraceMs),
      scrubber,
      onSignal: signals.deliver,
      onParentGone: watchParent,
      startupTimeoutMs: plan.startupTimeoutMs,
      maxLineBytes: plan.maxLineBytes,
      tools: createToolGate(plan.tools, plan.profile),
      onEntry: (entry) => auditEntry(log, entry),
      onUnaudited: onFailure,
    });
  } catch (error) {
    endNow(child, host.platform);
    throw error;
  } finally {
    watchdog?.release();
  }
}

async function closeAudit(host: Host, { log }: LaunchAudit, outcome: Outcome, plan: LaunchPlan): Promise<number> {
  const status = statusOf(outcome);
  const { cause, findings, dropped } = outcome;
  try {
    log.append('end', { cause, status, scrubbed: findings, dropped });
    await log.retire();
    log.close();
  } catch (error) {
    // Only where it is required. The session is over: there is nobody left to refuse anything to.
    warn(host, error instanceof SecretctlError ? error.message : 'the audit log cannot be written');
    return ERROR_CODES.io.status;
  }
  if (cause === 'startup-timeout') {
    warn(host, `the server wrote nothing within ${plan.startupTimeoutMs} ms (server.startupTimeout)`);
  }
  return status;
}

/** The child's own status; 128+n for a signal that reached us or that we did not send; 0 when the client left. */
export function statusOf({ code, signal, cause, weEndedIt }: Outcome): number {
  if (cause === 'startup-timeout') return 124;
  if (cause === 'unaudited') return ERROR_CODES.io.status;
  if (cause !== 'child' && cause !== 'client') return 128 + constants.signals[cause];
  // Also a server that closed its output and lived on was ended by us.
  if (weEndedIt) return 0;
  if (signal !== null) return 128 + constants.signals[signal];
  return code ?? 0;
}

function warn(host: Host, message: string): void {
  host.stderr.write(`secretctl: warning: ${safe(message)}\n`);
}
