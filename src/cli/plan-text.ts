// The plan as people see it: what would start, with what, and where each secret goes. Nothing is ever shortened, and no
// text of a profile can look like a row of ours.

import { isAbsolute, relative } from 'node:path';
import { asArgument } from '../profile/as-argument.js';
import type { LaunchPlan, ProfileSource } from '../profile/types.js';
import { unpinnedRunner } from '../profile/unpinned.js';
import { safe } from '../system/safe-text.js';

const LABEL = 11;
const MARGIN = 2 + LABEL + 2;
const CONTINUED = '↳';

type Row = readonly [label: string, text: string];

/** The question of `secretctl trust`. `width`: columns of the terminal. */
export function showPlan(plan: LaunchPlan, source: ProfileSource, width = 80): string {
  const rows = showRows([...planRows(plan, source), ['fingerprint', plan.fingerprint]], width);
  return `\nThis profile asks to start a program with your credentials:\n\n${rows}\n`;
}

/** Lines of label and text, ready to print; `Infinity` is the width of a file. */
export function showRows(rows: readonly Row[], width: number): string {
  const room = Math.max(20, width - MARGIN - 1);
  const lines = rows.flatMap(([label, text]) =>
    wrapped(visible(text), room).map(
      (line, index) => `  ${(index === 0 ? label : CONTINUED).padEnd(LABEL)}  ${line}\n`,
    ),
  );
  return lines.join('');
}

/** All but the digests. */
export function planRows(plan: LaunchPlan, source: ProfileSource): readonly Row[] {
  const { command, cwd } = plan;
  const args = [...plan.args, ...plan.extraArgs].map((argument) => JSON.stringify(argument));
  return [
    ['profile', `${plan.profile} (${plan.source.origin})`],
    ['file', plan.source.path],
    ...source.shadowed.map((path): Row => ['not used', path]),
    ...packageRows(plan),
    ['command', command.path],
    ...(command.realPath === command.path ? [] : [['leads to', command.realPath] as const]),
    ...warnings(plan),
    ...(args.length === 0 ? ['(none)'] : args).map((argument): Row => ['argument', argument]),
    ['starts in', cwd.mode === 'neutral' ? `${cwd.path} (neutral)` : cwd.path],
    ...[...plan.env].map(([name, template]): Row => ['environment', `${name}=${template}`]),
    ...secretRows(plan),
    ...(plan.sealedFor ?? []).map((recipient): Row => ['sealed for', recipient]),
    ...toolRows(plan),
    ...(plan.audit === 'required' ? [['audit', 'required: nothing runs that cannot be recorded'] as const] : []),
    ...plan.redactAllow.map((fingerprint): Row => ['not masked', fingerprint]),
  ];
}

function packageRows({ package: pinned }: LaunchPlan): Row[] {
  if (pinned === undefined) return [];
  const { spec, integrity, tree, bin } = pinned;
  return [
    ['package', spec],
    ...(bin === undefined ? [] : [['program', bin] as const]),
    ...(integrity === undefined ? [] : [['integrity', integrity] as const]),
    ['with all', tree],
  ];
}

function toolRows({ tools: { allow, deny, denyArguments, readOnly } }: LaunchPlan): Row[] {
  return [
    ...(allow === undefined ? [] : [['only tools', allow.join(', ') || '(none)'] as const]),
    ...(readOnly ? [['only tools', 'that the server marks as read-only'] as const] : []),
    ...(deny.length === 0 ? [] : [['not tools', deny.join(', ')] as const]),
    ...(denyArguments.length === 0 ? [] : [['not with', denyArguments.join(', ')] as const]),
  ];
}

function warnings(plan: LaunchPlan): Row[] {
  const { command, cwd, source } = plan;
  const rows: Row[] = [];
  const unpinned = unpinnedRunner(plan);
  if (unpinned !== undefined) rows.push(['unpinned', `${unpinned.runner} fetches what runs when it starts`]);
  if (unpinned?.canBePinned === true)
    rows.push(['pin it', `secretctl profile pin ${asArgument(source, plan.profile)}`]);
  const own = [command.path, command.realPath].some((path) => isBelow(path, source.workTree));
  if ((command.insideWorkTree && own) || cwd.mode === 'profile')
    rows.push(['warning', 'this repository can change what runs']);
  return rows;
}

function isBelow(path: string, folder: string | undefined): boolean {
  if (folder === undefined) return false;
  const inside = relative(folder, path);
  return !/^\.\.(?:[/\\]|$)/.test(inside) && !isAbsolute(inside);
}

function secretRows({ secrets }: LaunchPlan): Row[] {
  return [...secrets].flatMap(([name, planned]): Row[] => {
    if (typeof planned === 'string') return [['secret', `${name} = ${sourceOf(planned)}`]];
    return [...planned].map(([field, { text }]) => ['secret', `${name}.${field} = ${sourceOf(text)}`]);
  });
}

/**
 * Of a sealed value the ciphertext says nothing to people; the fingerprint covers it. A message of its own names no profile:
 * whoever has a copy can put it into another one.
 */
function sourceOf(text: string): string {
  if (text.startsWith('ENC[CMS,')) return 'sealed in this file, maybe taken from another (a CMS message)';
  return text.startsWith('ENC[') ? 'sealed in this file' : text;
}

// Blanks of all kinds but the space, and letters without a shape: with them a text could place words where rows stand.
const BLANKS = / {2,}|(?! )\p{Zs}|[\u115f\u1160\u2800\u3164\uffa0]/gu;

function visible(text: string): string {
  return safe(text).replace(BLANKS, (blanks) => {
    const code = `\\u{${(blanks.codePointAt(0) ?? 0).toString(16)}}`;
    return blanks.length === 1 ? code : `${code}×${blanks.length}`;
  });
}

/** Broken by us, or the terminal would go on in its first column. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of text) {
    const columns = columnsOf(character);
    if (used + columns > room) {
      lines.push(line);
      [line, used] = ['', 0];
    }
    line += character;
    used += columns;
  }
  return [...lines, line];
}

/** At most: how wide a terminal draws a character, only the terminal knows. */
function columnsOf(character: string): number {
  return character < '\u007f' ? 1 : 2;
}
