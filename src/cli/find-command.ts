// Which row of the command table a command line means.

import { SecretctlError } from '../errors.js';
import { closest } from '../system/closest.js';
import type { Command } from './command.js';

/** Two words first: `profile check` before `profile`. Throws `usage` with a suggestion where one is close. */
export function findCommand(
  commands: readonly Command[],
  argv: readonly string[],
): { command: Command; rest: readonly string[] } {
  const named = (words: number) => commands.find(({ name }) => name === argv.slice(0, words).join(' '));
  for (const words of [3, 2, 1]) {
    const command = argv.length >= words ? named(words) : undefined;
    if (command !== undefined) return { command, rest: argv.slice(words) };
  }
  throw unknown(commands, argv);
}

function unknown(commands: readonly Command[], [first = '', second]: readonly string[]): SecretctlError {
  const names = commands.map(({ name }) => name);
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (group.length > 0) {
    const near = second === undefined ? undefined : closest(`${first} ${second}`, group);
    const which = near === undefined ? `use one of: ${group.join(', ')}` : `did you mean "${near}"?`;
    return new SecretctlError('usage', `"${first}" alone is no command; ${which}`, `secretctl help`);
  }
  const near = closest(first, [...names, ...names.map((name) => name.split(' ')[0] ?? name)]);
  const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
  return new SecretctlError('usage', `there is no command "${first}"${suggestion}`, 'secretctl help');
}
