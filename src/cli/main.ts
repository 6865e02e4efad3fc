// From the command line to the exit status: find the command, parse its arguments, run it, report what it throws.

import type { Host } from '../system/host.js';
import { parseArguments } from './arguments.js';
import type { Command } from './command.js';
import { findCommand } from './find-command.js';
import { helpOf, overview } from './help.js';
import { mcpLaunch } from './mcp-launch.js';
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
    host.stderr.write(overview(await commandsFor(first)));
    return 64;
  }
  if (first === '--help' || first === '-h') return show(host, overview(await commandsFor(first)));
  if (first === '--version') return runNamed(host, ['version']);
  return runNamed(host, host.argv);
}

async function runNamed(host: Host, argv: readonly string[]): Promise<number> {
  const { command, rest } = findCommand(await commandsFor(argv[0]), argv);
  try {
    const args = parseArguments(command, rest);
    if (args.has('help')) return show(host, helpOf(command));
    return await command.run(host, args);
  } catch (error) {
    return command.report === undefined ? printError(host, error) : command.report(host, error);
  }
}

/** A client waits for the one command that launches: it loads no other. */
async function commandsFor(name: string | undefined): Promise<readonly Command[]> {
  return name === mcpLaunch.name ? [mcpLaunch] : (await import('./commands.js')).COMMANDS;
}

function show(host: Host, text: string): number {
  host.stdout.write(text);
  return 0;
}
