// The plan as the trust prompt shows it: what would start, with what, and where each secret goes.

import type { LaunchPlan, PlannedSecret, ProfileSource } from '../profile/types.js';
import { safeShort } from '../system/safe-text.js';

/** Package runners that fetch code when they start; what they fetch is not part of the plan. */
const RUNNERS = /^(npx|bunx|uvx|pipx|pnpm|yarn|docker|podman)(\.cmd|\.exe)?$/;

export function showPlan(plan: LaunchPlan, source: ProfileSource): string {
  const rows: [string, string][] = [
    ['profile', `${plan.profile}  (${plan.source.origin})`],
    ['file', plan.source.path],
    ...source.shadowed.map((path): [string, string] => ['not used', path]),
    ['command', commandText(plan)],
    ...(RUNNERS.test(plan.command.written)
      ? [['', 'unpinned: it may fetch code when it starts'] as [string, string]]
      : []),
    ['arguments', argumentText(plan)],
    ['starts in', `${plan.cwd.path}${plan.cwd.mode === 'neutral' ? '  (neutral)' : ''}`],
    ...[...plan.env].map(([name, template]): [string, string] => ['environment', `${name}=${template}`]),
    ...[...plan.secrets].map(([name, planned]): [string, string] => ['secret', `${name} = ${secretText(planned)}`]),
    ['fingerprint', plan.fingerprint],
  ];
  const body = rows.map(([label, text]) => `  ${label.padEnd(11)}  ${safeShort(text, 400)}\n`).join('');
  return `\nThis profile asks to start a program with your credentials:\n\n${body}\n`;
}

function commandText({ command }: LaunchPlan): string {
  return command.realPath === command.path ? command.path : `${command.path} → ${command.realPath}`;
}

function argumentText({ args, extraArgs }: LaunchPlan): string {
  const all = [...args, ...extraArgs];
  return all.length === 0 ? '(none)' : all.map((argument) => JSON.stringify(argument)).join(' ');
}

function secretText(planned: PlannedSecret): string {
  if (typeof planned === 'string') return planned;
  return [...planned].map(([field, { text }]) => `${field}: ${text}`).join(', ');
}
