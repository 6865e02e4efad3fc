import { SecretctlError } from '../errors.js';
import { parseReference } from '../profile/references.js';
import type { Reference } from '../profile/types.js';
import type { Host } from '../system/host.js';
import { usage } from './arguments.js';
import type { Command } from './command.js';
import { KEY_FD, keyFdOf } from './key-fd.js';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export const run: Command = {
  name: 'run',
  summary: 'run a command with secrets in its environment, and scrub its output',
  usage: '-k PATTERN… [-e VARIABLE[=REFERENCE]]… [--pristine] [--key-fd N] -- COMMAND ARGUMENTS…',
  details:
    'A secret becomes the variable that its name makes: "db/app-token" is DB_APP_TOKEN, fields are added with "_". With\n' +
    '-e VARIABLE the one secret of -k gets that name (a connection as its URL); -e VARIABLE=REFERENCE takes any reference.\n' +
    'The command inherits the environment without the credentials of secretctl and of secret managers.',
  examples: [
    'secretctl run -k db/postgres/default -e DATABASE_URL -- npm test',
    "secretctl run -k 'POSTGRES_*' -- ./migrate",
    'secretctl run -e GITHUB_TOKEN=op://dev/github/token -- gh repo list',
  ],
  flags: {
    known: {
      type: 'string',
      short: 'k',
      value: 'PATTERN',
      multiple: true,
      help: 'secrets of the vault; * and ? match',
    },
    env: {
      type: 'string',
      short: 'e',
      value: 'VAR[=REF]',
      multiple: true,
      help: 'a variable, and where it comes from',
    },
    'key-fd': KEY_FD,
    pristine: { type: 'boolean', help: 'of the environment pass only PATH, HOME, LANG, TERM and the like' },
  },
  arguments: [0, 0],
  passesRest: true,
  async run(host, args) {
    const [patterns, wanted] = [args.all('known'), args.all('env')];
    if (args.rest.length === 0) throw usage(run, 'after "--" stands the command');
    if (patterns.length === 0 && wanted.length === 0) throw usage(run, 'name secrets with -k or -e');
    const variables = new Map(wanted.map((text) => variableOf(text)));
    if (variables.size < wanted.length) throw usage(run, 'a variable was given twice');
    const { runWithSecrets } = await import('../launch/run.js');
    const request = {
      patterns,
      variables,
      pristine: args.has('pristine'),
      keyFd: keyFdOf(run, args),
      command: args.rest,
    };
    return runWithSecrets(host, request, promptFor(host));
  },
};

function variableOf(text: string): readonly [string, Reference | undefined] {
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  if (!VARIABLE.test(name)) throw usage(run, '-e takes VARIABLE or VARIABLE=REFERENCE');
  if (equals === -1) return [name, undefined];
  const parsed = parseReference(text.slice(equals + 1));
  if (parsed.ok && parsed.reference.scheme !== 'ENC') return [name, parsed.reference];
  const why = parsed.ok ? 'a sealed value belongs to its profile' : parsed.message;
  throw new SecretctlError('usage', `-e ${name}: ${why}`, 'secretctl help run');
}

/** A person at the terminal can be asked on it, whatever the pipes carry. */
function promptFor(host: Host): string | undefined {
  return host.stderr.isTTY === true ? 'Passphrase of the vault: ' : undefined;
}
