// Help texts, made from the command table.

import { flagsOf } from './arguments.js';
import type { Command, Flag } from './command.js';

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'secretctl starts MCP servers with credentials that the model never sees.',
    '',
    'usage: secretctl COMMAND [ARGUMENTS]',
    '',
    ...rows,
    '',
    'example: secretctl mcp-launch postgres',
    'more:    secretctl help COMMAND',
    '',
  ].join('\n');
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
