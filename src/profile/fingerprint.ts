// The two digests of a launch plan. Neither looks at the YAML: comments, the order of keys and quotes do not matter, and
// everything that decides what a launch does is listed here, once each.

import { relative, sep } from 'node:path';
import { fingerprintOf, type Canonical } from '../canonical.js';
import { DEFAULT_MAX_LINE } from './quantity.js';
import type { LaunchPlan, PinnedPackage, PlannedSecret } from './types.js';

export type PlanBody = Omit<LaunchPlan, 'fingerprint' | 'pin'>;

/** Raised when the meaning of the lists below changes: all plans are then asked for again. */
const VERSION = 1;

/**
 * For this machine: what a person approves. Left out: how the file was found, since its path is here; the path of the
 * neutral folder, which is the same to every server; the child's PATH, since what it finds is here as the absolute command.
 */
export function fingerprint(plan: PlanBody): string {
  return fingerprintOf({
    digest: 'fingerprint',
    version: VERSION,
    profile: plan.profile,
    source: { path: plan.source.path, workTree: plan.source.workTree ?? null },
    ...(plan.package === undefined ? { command: commandOf(plan) } : { package: packageOf(plan.package) }),
    cwd: { mode: plan.cwd.mode, path: plan.cwd.mode === 'neutral' ? null : plan.cwd.path },
    ...shared(plan),
  });
}

/**
 * For every machine, for CI: paths relative to the work tree, the command as written. A command that the profile brings
 * along stays bound by its content.
 */
export function pin(plan: PlanBody): string {
  return fingerprintOf({
    digest: 'pin',
    version: VERSION,
    profile: plan.profile,
    source: portablePlace(plan),
    ...(plan.package === undefined
      ? { command: { written: plan.command.written, sha256: plan.command.sha256 ?? null } }
      : { package: packageOf(plan.package) }),
    cwd: { mode: plan.cwd.mode },
    ...shared(plan),
  });
}

function commandOf({ command }: PlanBody): Canonical {
  const { written, path, realPath, insideWorkTree, fromSystem } = command;
  return { written, path, realPath, sha256: command.sha256 ?? null, insideWorkTree, fromSystem };
}

/**
 * A package is known by what it is, down to the last dependency, and not by where it is installed: neither another cache
 * nor another version of the Node that runs us changes what was approved. That Node can read all that the server gets.
 */
function packageOf({ spec, integrity, tree, bin }: PinnedPackage): Canonical {
  return { spec, integrity: integrity ?? null, tree, bin: bin ?? null };
}

/** What means the same everywhere. */
function shared(plan: PlanBody): { readonly [key: string]: Canonical } {
  return {
    args: plan.args,
    extraArgs: plan.extraArgs,
    env: Object.fromEntries(plan.env),
    secrets: Object.fromEntries([...plan.secrets].map(([name, secret]) => [name, secretOf(secret)])),
    startupTimeoutMs: plan.startupTimeoutMs,
    redactAllow: plan.redactAllow.toSorted(),
    ...later(plan),
  };
}

/** What came later stands here only where it says something: so older approvals and pins hold. */
function later({ maxLineBytes, shutdownGraceMs, tools, audit, sealedFor }: PlanBody): {
  readonly [key: string]: Canonical;
} {
  return {
    ...(maxLineBytes !== DEFAULT_MAX_LINE && { maxLineBytes }),
    ...(shutdownGraceMs !== undefined && { shutdownGraceMs }),
    ...(tools.allow !== undefined && { toolsAllow: tools.allow.toSorted() }),
    ...(tools.deny.length > 0 && { toolsDeny: tools.deny.toSorted() }),
    ...(tools.denyArguments.length > 0 && { toolsDenyArguments: tools.denyArguments.toSorted() }),
    ...(tools.readOnly && { toolsReadOnly: true }),
    ...(audit !== 'best-effort' && { audit }),
    ...(sealedFor !== undefined && { sealedFor: sealedFor.toSorted() }),
  };
}

/** A reference is a string, fields are a map: the canonical form tells them apart. */
function secretOf(secret: PlannedSecret): Canonical {
  if (typeof secret === 'string') return secret;
  return Object.fromEntries([...secret].map(([field, { kind, text }]) => [field, { kind, text }]));
}

/**
 * Where the file stands in its repository; a profile outside of any is known by its name alone. How it was found does not
 * matter: a pin that was taken by path holds for a launch by name.
 */
function portablePlace({ source, profile }: PlanBody): Canonical {
  if (source.origin === 'builtin') return { place: 'builtin', path: `${profile}.yaml` };
  if (source.workTree === undefined) return { place: 'file', path: `${profile}.yaml` };
  return { place: 'repository', path: relative(source.workTree, source.path).split(sep).join('/') };
}
