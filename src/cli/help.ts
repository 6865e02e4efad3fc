// Help texts, made from the command table.

import { SecretctlError } from '../errors.js';
import { flagsOf } from './arguments.js';
import type { Command, Flag } from './command.js';

export function overview(commands: readonly Command[]): string {
  return [
    'secretctl starts MCP servers with credentials that the model never sees.',
    '',
    'usage: secretctl COMMAND [ARGUMENTS]',
    '',
    ...rowsOf(commands),
    '',
    'example: secretctl mcp-launch postgres',
    'more:    secretctl help COMMAND',
    '',
  ].join('\n');
}

function rowsOf(commands: readonly Command[]): string[] {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
}

/** Commands whose names begin with all words of the group: of `vault`, those of `vault slots` too. */
export function membersOf(commands: readonly Command[], group: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

/** A group as a command, so that its help is found like any other. It does nothing. */
export function groupOf(commands: readonly Command[], group: string): Command {
  const members = membersOf(commands, group);
  const hint = `secretctl help ${group}`;
  return {
    name: group,
    summary: `the commands of "${group}":`,
    usage: 'COMMAND',
    details: rowsOf(members).join('\n'),
    examples: members.flatMap(({ examples }) => examples.slice(0, 1)),
    arguments: [0, 0],
    run() {
      const names = members.map(({ name }) => name).join(', ');
      throw new SecretctlError('usage', `"${group}" alone is no command; use one of: ${names}`, hint);
    },
  };
}

export function helpOf(command: Command): string {
  const flags = Object.entries(flagsOf(command)).map(([name, flag]) => [spelling(name, flag), flag.help] as const);
  const width = Math.max(...flags.map(([left]) => left.length));
  return [
    command.summary,
    '',
    `usage: ${`secretctl ${command.name} ${command.usage}`.trimEnd()}`,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    ...flags.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    '',
    ...command.examples.map((example) => `example: ${example}`),
    '',
  ].join('\n');
}

function spelling(name: string, flag: Flag): string {
  const value = flag.value ?? 'VALUE';
  const suffix = flag.type === 'boolean' ? '' : flag.type === 'optional' ? ` [${value}]` : ` ${value}`;
  return flag.short === undefined ? `--${name}${suffix}` : `-${flag.short}, --${name}${suffix}`;
}
