import { basename, isAbsolute, resolve } from 'node:path';
import { planLaunch, profilePlaces } from '../launch/plan.js';
import { findProfile, listProfiles } from '../profile/find.js';
import { checkProfile } from '../profile/parse.js';
import { describePlan } from '../profile/plan.js';
import { renderProblems } from '../profile/problems.js';
import type { Problem, Profile, ProfileSource } from '../profile/types.js';
import type { Host } from '../system/host.js';
import type { Command } from './command.js';
import { printJson, printTable, say } from './output.js';

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
    else
      printTable(
        host,
        found.map(({ name, origin, path }) => [name, origin, path]),
      );
    return 0;
  },
};

export const profileShow: Command = {
  name: 'profile show',
  summary: 'print a profile as it was found, and where',
  usage: 'NAME',
  examples: ['secretctl profile show postgres'],
  arguments: [1, 1],
  run(host, args) {
    const source = findProfile(args.positionals[0] ?? '', profilePlaces(host));
    say(host, `${source.path} (${source.origin})`);
    for (const other of source.shadowed) say(host, `also in ${other}, which is not used`);
    host.stdout.write(source.bytes);
    return 0;
  },
};

export const profileCheck: Command = {
  name: 'profile check',
  summary: 'check a profile, and print the fingerprint and pin of its launch plan',
  usage: 'NAME|PATH [--json]',
  details: 'Nothing is started and nothing is unlocked. The pin is what SECRETCTL_TRUST takes in CI.',
  examples: ['secretctl profile check postgres', 'secretctl profile check ./profiles/shop.yaml --json'],
  flags: JSON_FLAG,
  arguments: [1, 1],
  run(host, args) {
    const source = sourceOf(host, args.positionals[0] ?? '');
    const { problems, notes, profile } = checkProfile(source.bytes, source.name);
    const json = args.has('json');
    if (profile === undefined) return reportProblems(host, json, source, problems);
    return reportPlan(host, json, source, { profile, notes });
  },
};

/** A name, or a path when it reads like one. */
function sourceOf(host: Host, nameOrPath: string): ProfileSource {
  if (!isAbsolute(nameOrPath) && !/[/\\]|\.ya?ml$/.test(nameOrPath))
    return findProfile(nameOrPath, profilePlaces(host));
  const path = resolve(host.cwd, nameOrPath);
  const name = basename(path).replace(/\.ya?ml$/, '');
  return findProfile(name, profilePlaces(host, path));
}

function reportProblems(host: Host, json: boolean, source: ProfileSource, problems: readonly Problem[]): number {
  if (json) printJson(host, { ok: false, problems, fingerprint: null, pin: null, plan: null });
  else host.stderr.write(`${renderProblems(source.path, source.bytes, problems)}\n`);
  return 65;
}

function reportPlan(
  host: Host,
  json: boolean,
  source: ProfileSource,
  { profile, notes }: { profile: Profile; notes: readonly Problem[] },
): number {
  const { plan } = planLaunch(host, source, profile, []);
  const { fingerprint, pin } = plan;
  if (json) {
    printJson(host, { ok: true, problems: [], notes, fingerprint, pin, plan: describePlan(plan) });
    return 0;
  }
  if (notes.length > 0) host.stderr.write(`${renderProblems(source.path, source.bytes, notes)}\n`);
  say(host, `${source.path} is fine`);
  printTable(host, [
    ['fingerprint', fingerprint],
    ['pin', pin],
  ]);
  return 0;
}
