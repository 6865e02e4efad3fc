// Profile and machine together: everything that decides what a launch does. No secret is in it.

import { fingerprint, pin, type PlanBody } from './fingerprint.js';
import { maskPlan } from './mask.js';
import { formatTemplate } from './template.js';
import type {
  LaunchPlan,
  PinnedPackage,
  PlannedSecret,
  Profile,
  ProfileSource,
  ResolvedFacts,
  SecretSource,
} from './types.js';
import { unpinnedRunner } from './unpinned.js';

/** Pure. The digests cover the plan as returned. */
export function buildPlan(profile: Profile, source: ProfileSource, resolved: ResolvedFacts): LaunchPlan {
  const body: PlanBody = {
    profile: profile.name,
    source: { path: source.path, origin: source.origin, workTree: source.workTree },
    command: resolved.command,
    package: profile.server.package,
    args: profile.server.args.map(formatTemplate),
    extraArgs: resolved.extraArgs,
    cwd: { mode: profile.server.cwd, path: resolved.cwdPath },
    env: new Map([...profile.env].map(([name, template]) => [name, formatTemplate(template)])),
    secrets: new Map([...profile.secrets].map(([name, secret]) => [name, planned(secret)])),
    startupTimeoutMs: profile.server.startupTimeoutMs,
    maxLineBytes: profile.server.maxLineBytes,
    shutdownGraceMs: profile.shutdownGraceMs,
    tools: profile.tools,
    audit: profile.audit,
    redactAllow: profile.redactAllow,
    sealedFor: profile.seal?.section.recipients.map(({ name, spki }) => `${name} (${spki})`),
  };
  return { ...body, fingerprint: fingerprint(body), pin: pin(body) };
}

function planned(source: SecretSource): PlannedSecret {
  if (source.kind === 'reference') return source.reference.text;
  return new Map(
    [...source.fields].map(([name, field]) => [
      name,
      { kind: field.kind, text: field.kind === 'plain' ? field.text : field.reference.text },
    ]),
  );
}

export interface PlanDescription {
  readonly profile: string;
  readonly source: { readonly path: string; readonly origin: string; readonly workTree: string | null };
  readonly command: {
    readonly written: string;
    readonly path: string;
    readonly realPath: string;
    readonly sha256: string | null;
    readonly insideWorkTree: boolean;
    readonly fromSystem: boolean;
  };
  readonly package: Readonly<Record<string, string>> | null;
  /** What fetches the server anew at every start (`npx`), so that nobody knows what runs; null where nothing does. */
  readonly unpinned: string | null;
  readonly args: readonly string[];
  readonly extraArgs: readonly string[];
  readonly cwd: { readonly mode: string; readonly path: string };
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly startupTimeoutMs: number;
  readonly maxLineBytes: number;
  readonly shutdownGraceMs: number | null;
  readonly tools: Readonly<Record<'allow' | 'deny' | 'denyArguments', readonly string[] | null>> & {
    readonly readOnly: boolean;
  };
  readonly audit: string;
  readonly redactAllow: readonly string[];
  readonly sealedFor: readonly string[] | null;
}

/** For `profile check --json`: as JSON, with templates and references as written, and plain-text credentials masked. */
export function describePlan(whole: LaunchPlan): PlanDescription {
  const plan = maskPlan(whole);
  const { written, path, realPath, sha256, insideWorkTree, fromSystem } = plan.command;
  return {
    profile: plan.profile,
    source: { path: plan.source.path, origin: plan.source.origin, workTree: plan.source.workTree ?? null },
    command: { written, path, realPath, sha256: sha256 ?? null, insideWorkTree, fromSystem },
    package: describePackage(plan.package),
    unpinned: unpinnedRunner(whole)?.runner ?? null,
    args: plan.args,
    extraArgs: plan.extraArgs,
    cwd: plan.cwd,
    env: Object.fromEntries(plan.env),
    secrets: Object.fromEntries([...plan.secrets].map(([name, secret]) => [name, describeSecret(secret)])),
    startupTimeoutMs: plan.startupTimeoutMs,
    maxLineBytes: plan.maxLineBytes,
    shutdownGraceMs: plan.shutdownGraceMs ?? null,
    tools: { ...plan.tools, allow: plan.tools.allow ?? null },
    audit: plan.audit,
    redactAllow: plan.redactAllow,
    sealedFor: plan.sealedFor ?? null,
  };
}

function describePackage(pinned: PinnedPackage | undefined) {
  if (pinned === undefined) return null;
  const { spec, integrity, tree, bin } = pinned;
  return { spec, ...(integrity !== undefined && { integrity }), tree, ...(bin !== undefined && { bin }) };
}

function describeSecret(secret: PlannedSecret): string | Record<string, string> {
  if (typeof secret === 'string') return secret;
  return Object.fromEntries([...secret].map(([name, { text }]) => [name, text]));
}
