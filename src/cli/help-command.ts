import type { Command } from './command.js';
import { findCommand } from './find-command.js';
import { helpOf, overview } from './help.js';

/** The table is handed in late: the help command is a row of it. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'show how a command is used',
    usage: '[COMMAND]',
    examples: ['secretctl help mcp-launch'],
    arguments: [0, 3],
    run(host, { positionals }) {
      const text =
        positionals.length === 0 ? overview(commands()) : helpOf(findCommand(commands(), positionals).command);
      host.stdout.write(text);
      return 0;
    },
  };
}
