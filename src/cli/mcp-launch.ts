import { SecretctlError } from '../errors.js';
import { launch } from '../launch/launch.js';
import type { Command } from './command.js';
import { KEY_FD, keyFdOf } from './key-fd.js';
import { printError } from './output.js';

export const mcpLaunch: Command = {
  name: 'mcp-launch',
  summary: "start a profile's MCP server with its credentials, and relay it over stdio",
  usage: 'PROFILE [--profile-file PATH] [--strict] [--key-fd N] [-- EXTRA ARGUMENTS…]',
  details:
    'This is the command to put into the configuration of an MCP client. stdout carries nothing but the\n' +
    "server's JSON-RPC. Extra arguments are handed to the server and are part of what trust covers.",
  examples: ['secretctl mcp-launch postgres', 'secretctl mcp-launch files -- /srv/shared'],
  flags: {
    'profile-file': { type: 'string', value: 'PATH', help: 'use this file instead of looking for the profile' },
    'key-fd': KEY_FD,
    strict: { type: 'boolean', help: 'start nothing when a secret is weak: short, or a common word' },
  },
  arguments: [1, 1],
  passesRest: true,
  run(host, args) {
    const profileFile = args.text('profile-file');
    return launch(host, {
      name: args.positionals[0] ?? '',
      ...(profileFile === undefined ? {} : { profileFile }),
      extraArgs: args.rest,
      strict: args.has('strict'),
      keyFd: keyFdOf(mcpLaunch, args),
    });
  },
  async report(host, error) {
    const status = printError(host, error);
    // A person at a terminal has read it; only a client is waited for.
    if (host.stdin.isTTY === true) return status;
    const { refuse } = await import('../relay/refusal.js');
    await refuse(host, error instanceof SecretctlError ? error : internal());
    return status;
  },
};

function internal(): SecretctlError {
  return new SecretctlError('internal', 'a bug in secretctl stopped the launch', 'see its stderr');
}
