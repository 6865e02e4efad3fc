// From the command line to the exit status: find the command, parse its arguments, run it, report what it throws.

import type { Host } from '../system/host.js';
import { parseArguments } from './arguments.js';
import { COMMANDS } from './commands.js';
import { findCommand } from './find-command.js';
import { helpOf, overview } from './help.js';
import { printError } from './output.js';

export async function runCommandLine(host: Host): Promise<number> {
  try {
    return await dispatch(host);
  } catch (error) {
    return printError(host, error);
  }
}

async function dispatch(host: Host): Promise<number> {
  const [first] = host.argv;
  if (first === undefined) {
    host.stderr.write(overview(COMMANDS));
    return 64;
  }
  if (first === '--help' || first === '-h') return show(host, overview(COMMANDS));
  if (first === '--version') return runNamed(host, ['version']);
  return runNamed(host, host.argv);
}

async function runNamed(host: Host, argv: readonly string[]): Promise<number> {
  const { command, rest } = findCommand(COMMANDS, argv);
  try {
    const args = parseArguments(command, rest);
    if (args.has('help')) return show(host, helpOf(command));
    return await command.run(host, args);
  } catch (error) {
    return command.report === undefined ? printError(host, error) : command.report(host, error);
  }
}

function show(host: Host, text: string): number {
  host.stdout.write(text);
  return 0;
}
