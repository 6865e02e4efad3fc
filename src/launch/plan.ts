// From a profile's name to the complete plan of its launch. Reads files, starts nothing, unlocks nothing.

import { dirname, join } from 'node:path';
import { placeOf } from '../packages/installed.js';
import { PYTHON } from '../packages/program.js';
import { findProfile } from '../profile/find.js';
import { parseProfile } from '../profile/parse.js';
import { buildPlan } from '../profile/plan.js';
import type { LaunchPlan, Profile, ProfileSource, ResolvedCommand } from '../profile/types.js';
import { type CommandContext, resolveCommand, trustedPath } from '../process/command.js';
import type { Host } from '../system/host.js';
import { findWorkTree } from '../system/work-tree.js';

export interface LaunchRequest {
  readonly name: string;
  /** `--profile-file PATH`. */
  readonly profileFile?: string;
  /** What stands after `--`; part of the plan. */
  readonly extraArgs: readonly string[];
  /** `--strict`: a weak secret stops the launch. Not part of the plan, for it lets nothing happen that would not otherwise. */
  readonly strict?: boolean;
  /** `--key-fd N`. */
  readonly keyFd?: number | undefined;
}

export interface PreparedLaunch {
  readonly source: ProfileSource;
  readonly profile: Profile;
  readonly plan: LaunchPlan;
  /** The PATH of the child. */
  readonly childPath: string;
}

/** Throws `profile-not-found`, `bad-profile`, `command-not-found`, … */
export function prepareLaunch(host: Host, request: LaunchRequest): PreparedLaunch {
  const source = findProfile(request.name, profilePlaces(host, request.profileFile));
  const profile = parseProfile(source);
  return { source, profile, ...planLaunch(host, source, profile, request.extraArgs) };
}

export function profilePlaces(host: Host, profileFile?: string) {
  return {
    cwd: host.cwd,
    places: host.places,
    builtinProfiles: host.builtinProfiles,
    uid: host.uid,
    ...(profileFile === undefined ? {} : { profileFile }),
  };
}

export function planLaunch(
  host: Host,
  source: ProfileSource,
  profile: Profile,
  extraArgs: readonly string[],
): { plan: LaunchPlan; childPath: string } {
  const profileFolder = dirname(source.path);
  const distrusted = [findWorkTree(host.cwd), source.workTree].filter((root) => root !== undefined);
  const { env, platform, uid, node } = host;
  const packaged = source.origin === 'builtin';
  const context = { env, platform, uid, node, profileFolder, distrusted, packaged };
  const childPath = trustedPath(context);
  const plan = buildPlan(profile, source, {
    command: commandOf(host, profile, context),
    cwdPath: workingFolder(profile.server.cwd, profileFolder, host),
    extraArgs,
    childPath,
  });
  return { plan, childPath };
}

/**
 * A package runs on the Node that runs us, or on the Python of its own folder: who could replace one of them sees every
 * secret as it is. What it is stands in the plan in the place of this.
 */
function commandOf(host: Host, { server }: Profile, context: CommandContext): ResolvedCommand {
  if (server.package === undefined) return resolveCommand(server.command, context);
  const { spec, registry } = server.package;
  const path = registry === 'npm' ? host.node : join(placeOf(host, server.package).folder, PYTHON);
  return { written: spec, path, realPath: path, insideWorkTree: false, fromSystem: true };
}

/**
 * Neutral is a folder where nobody but the system can put a `node_modules`, an `.npmrc` or an `.env`: package runners and
 * servers read those from where they start. No variable may move it, because a client's config can set every variable.
 */
function workingFolder(mode: string, profileFolder: string, host: Host): string {
  if (mode === 'profile') return profileFolder;
  if (mode !== 'neutral') return mode;
  return host.platform === 'win32' ? host.accountHome : '/';
}
