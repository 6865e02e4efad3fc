import { basename, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import { planLaunch, profilePlaces } from '../launch/plan.js';
import { findInstalled } from '../packages/installed.js';
import { asArgument } from '../profile/as-argument.js';
import { findProfile, isPath, listProfiles } from '../profile/find.js';
import { maskPlan } from '../profile/mask.js';
import { checkProfile, commandPlace } from '../profile/parse.js';
import { describePlan } from '../profile/plan.js';
import { renderProblems } from '../profile/problems.js';
import type { LaunchPlan, Problem, Profile, ProfileSource } from '../profile/types.js';
import type { Host } from '../system/host.js';
import type { Command } from './command.js';
import { dim, printJson, printTable, safeLines, say } from './output.js';
import { planRows, showRows } from './plan-text.js';

const JSON_FLAG = { json: { type: 'boolean', help: 'print JSON' } } as const;

export const profileList: Command = {
  name: 'profile list',
  summary: 'list the profiles that can be launched from here',
  usage: '[--json]',
  examples: ['secretctl profile list'],
  flags: JSON_FLAG,
  arguments: [0, 0],
  run(host, args) {
    const found = listProfiles(profilePlaces(host));
    if (args.has('json')) printJson(host, found);
    else {
      const rows = found.map(({ name, origin, path }) => [name, origin, path]);
      printTable(host, rows);
      for (const { name, shadowed } of found)
        for (const other of shadowed) say(host, `"${name}" is also in ${other}, which is not used`);
    }
    return 0;
  },
};

export const profileShow: Command = {
  name: 'profile show',
  summary: 'print a profile as it was found, and where',
  usage: 'NAME|PATH',
  examples: ['secretctl profile show postgres'],
  arguments: [1, 1],
  run(host, args) {
    const source = sourceOf(host, args.positionals[0] ?? '');
    say(host, `${source.path} (${source.origin})`);
    sayShadowed(host, source);
    // To a file, byte for byte; a terminal would obey what stands in it.
    const isSeen = host.stdout.isTTY === true;
    host.stdout.write(isSeen ? safeLines(source.bytes.toString().replaceAll('\r\n', '\n')) : source.bytes);
    return 0;
  },
};

export const profileCheck: Command = {
  name: 'profile check',
  summary: 'check a profile, and print its launch plan with fingerprint and pin',
  usage: 'NAME|PATH [--json]',
  details: 'Nothing is started and nothing is unlocked. The pin is what SECRETCTL_TRUST takes in CI.',
  examples: ['secretctl profile check postgres', 'secretctl profile check ./profiles/shop.yaml --json'],
  flags: JSON_FLAG,
  arguments: [1, 1],
  run(host, args) {
    const source = sourceOf(host, args.positionals[0] ?? '');
    const { problems, notes, profile } = checkProfile(source.bytes, source.name);
    const json = args.has('json');
    if (profile !== undefined) return reportPlan(host, json, source, { profile, notes });
    reportProblems(host, json, source, problems);
    return 65;
  },
};

/** By name, or by path. */
export function sourceOf(host: Host, nameOrPath: string): ProfileSource {
  if (!isPath(nameOrPath)) return findProfile(nameOrPath, profilePlaces(host));
  const path = resolve(host.cwd, nameOrPath);
  const name = basename(path).replace(/\.ya?ml$/, '');
  return findProfile(name, profilePlaces(host, path));
}

function sayShadowed(host: Host, { shadowed }: ProfileSource): void {
  for (const other of shadowed) say(host, `also in ${other}, which is not used`);
}

function reportProblems(host: Host, json: boolean, source: ProfileSource, problems: readonly Problem[]): void {
  if (json) return printJson(host, { ok: false, problems, fingerprint: null, pin: null, plan: null });
  sayShadowed(host, source);
  host.stderr.write(`${renderProblems(source.path, source.bytes, problems)}\n`);
}

/** The profile is fine; whether this machine has its command shows only now. */
function reportPlan(
  host: Host,
  json: boolean,
  source: ProfileSource,
  { profile, notes }: { profile: Profile; notes: readonly Problem[] },
): number {
  try {
    const { plan } = planLaunch(host, source, profile, []);
    if (json) printJson(host, { ok: true, problems: [], notes, ...digestsOf(plan), plan: describePlan(plan) });
    else printPlan(host, source, plan, notes);
    return 0;
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    reportProblems(host, json, source, [{ ...commandPlace(source.bytes), message: error.message }]);
    if (!json && error.hint !== undefined) host.stderr.write(`${dim(host, 'hint:')} ${safeLines(error.hint)}\n`);
    return error.exitStatus;
  }
}

/** Of a package: no part of the plan, but what a person wants to know of it. */
function installedRows(host: Host, plan: LaunchPlan, source: ProfileSource): (readonly [string, string])[] {
  if (plan.package === undefined) return [];
  const file = findInstalled(host, plan.package)?.args.at(-1);
  return [['installed', file ?? `not yet: secretctl prefetch ${asArgument(source, plan.profile)}`]];
}

function digestsOf({ fingerprint, pin }: LaunchPlan) {
  return { fingerprint, pin };
}

function printPlan(host: Host, source: ProfileSource, plan: LaunchPlan, notes: readonly Problem[]): void {
  const warnings = notes.map((note) => ({ ...note, message: `warning: ${note.message}` }));
  if (warnings.length > 0) host.stderr.write(`${renderProblems(source.path, source.bytes, warnings)}\n`);
  const count = warnings.length === 0 ? '' : `, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}`;
  say(host, `${source.path} is fine${count}`);
  const rows = [...planRows(maskPlan(plan), source), ...installedRows(host, plan, source)];
  host.stdout.write(showRows(rows, host.stdout.isTTY === true ? 80 : Infinity));
  // Not wrapped: a pin is copied.
  for (const [label, digest] of Object.entries(digestsOf(plan)))
    host.stdout.write(`  ${label.padEnd(11)}  ${digest}\n`);
}
