// Launchers that fetch a server when it starts: what they fetch is not part of the plan, so that approving the plan says
// little about what will run.

import type { LaunchPlan } from './types.js';

export interface Unpinned {
  /** `npx`, `docker run`. */
  readonly runner: string;
  /** Can "secretctl profile pin" pin it? */
  readonly canBePinned: boolean;
}

/** Of these every use fetches. */
const ALWAYS = new Set(['npx', 'bunx', 'uvx', 'pnpx']);
/** Of these the first word that is no option says what they do. */
const WITH_VERB: Readonly<Record<string, readonly string[]>> = {
  npm: ['exec', 'x'],
  pnpm: ['dlx', 'exec'],
  yarn: ['dlx'],
  bun: ['x'],
  pipx: ['run'],
  uv: ['tool', 'x'],
  docker: ['run'],
  podman: ['run'],
};
const CONTAINERS = new Set(['docker', 'podman']);

/** Undefined for what runs a program that is there already. */
export function unpinnedRunner({ command, args, extraArgs }: Pick<LaunchPlan, 'command' | 'args' | 'extraArgs'>) {
  const program = /([^/\\]+?)(?:\.cmd|\.exe)?$/i.exec(command.written)?.[1]?.toLowerCase() ?? '';
  const all = [...args, ...extraArgs];
  const verb = all.find((argument) => !argument.startsWith('-')) ?? '';
  const found: Unpinned = {
    runner: ALWAYS.has(program) ? program : `${program} ${verb}`,
    canBePinned: program === 'npx' || program === 'uvx',
  };
  if (ALWAYS.has(program)) return found;
  if (!Object.hasOwn(WITH_VERB, program) || WITH_VERB[program]?.includes(verb) !== true) return undefined;
  // An image that is named by its digest is the same everywhere.
  return CONTAINERS.has(program) && all.some((argument) => /@sha256:[0-9a-f]{64}$/.test(argument)) ? undefined : found;
}
