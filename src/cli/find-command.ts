// Which row of the command table a command line means.

import { SecretctlError } from '../errors.js';
import { closest } from '../system/closest.js';
import type { Command } from './command.js';
import { groupOf, membersOf } from './help.js';

/**
 * Three words first: `profile check` before `profile`. The name of a group alone is a command that has nothing but its
 * help. Throws `usage` with a suggestion where one is close.
 */
export function findCommand(
  commands: readonly Command[],
  argv: readonly string[],
): { command: Command; rest: readonly string[] } {
  const words = [3, 2, 1].find((count) => argv.length >= count && commands.some(isNamed(argv, count)));
  const command = words === undefined ? undefined : commands.find(isNamed(argv, words));
  if (command !== undefined) return { command, rest: argv.slice(words) };
  const group = groupIn(commands, argv);
  const next = argv[group.length];
  if (group.length === 0 || (next !== undefined && !next.startsWith('-'))) throw unknown(commands, argv, group);
  return { command: groupOf(commands, group.join(' ')), rest: argv.slice(group.length) };
}

function isNamed(argv: readonly string[], words: number): (command: Command) => boolean {
  return ({ name }) => name === argv.slice(0, words).join(' ');
}

/** The words with which a group begins: `vault slots`; none for anything else. */
function groupIn(commands: readonly Command[], argv: readonly string[]): readonly string[] {
  const group = [2, 1].map((words) => argv.slice(0, words));
  return group.find((words) => membersOf(commands, words.join(' ')).length > 0) ?? [];
}

function unknown(commands: readonly Command[], argv: readonly string[], group: readonly string[]): SecretctlError {
  const hint = ['secretctl help', ...group].join(' ');
  const near = nearest(commands, argv);
  const written = argv.slice(0, near?.split(' ').length ?? group.length + 1).join(' ');
  const advice = near === undefined ? whatThereIs(commands, group.join(' ') || written) : [`did you mean "${near}"?`];
  return new SecretctlError('usage', [`there is no command "${written}"`, ...advice].join('; '), hint);
}

/** Words are compared with as many words, so that `vault slots ad` is one slip away and `profile` alone names nothing. */
function nearest(commands: readonly Command[], argv: readonly string[]): string | undefined {
  for (const words of [3, 2, 1]) {
    const names = commands.map(({ name }) => name).filter((name) => name.split(' ').length === words);
    const near = argv.length < words ? undefined : closest(argv.slice(0, words).join(' '), names);
    if (near !== undefined) return near;
  }
  return undefined;
}

/** The commands of the group that was named, or nearly so. */
function whatThereIs(commands: readonly Command[], word: string): string[] {
  const names = commands.flatMap(({ name }) =>
    name.split(' ').map((_, index, words) => words.slice(0, index).join(' ')),
  );
  const group = closest(word, names) ?? '';
  const next = membersOf(commands, group).map(({ name }) => name.slice(group.length + 1).split(' ')[0]);
  return next.length === 0 ? [] : [`${group} has ${[...new Set(next)].join(', ')}`];
}
