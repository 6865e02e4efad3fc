import { SecretctlError } from '../errors.js';
import { matchesGlob } from '../system/glob.js';
import { openTerminal } from '../system/terminal.js';
import type { Command } from './command.js';
import { expiryOf } from './expiry.js';
import { factsOf } from './get.js';
import { printJson, printTable, say } from './output.js';
import { requireEntry } from './secret-name.js';
import { fieldNames } from './set.js';
import { withVault } from './with-vault.js';

export const list: Command = {
  name: 'list',
  summary: 'list the secrets: names, fields, tags, expiry; never values',
  usage: '[PATTERN] [--tag TAG] [--expiring TIME] [--json]',
  details: 'In a pattern * stands for any characters and ? for one: "db/*".',
  examples: ['secretctl list', "secretctl list 'db/*' --json", 'secretctl list --expiring 7d'],
  flags: {
    tag: { type: 'string', value: 'TAG', help: 'only those with this tag' },
    expiring: {
      type: 'string',
      value: 'TIME',
      help: 'only those that have expired or will within: 7d, 12h, 2030-01-31',
    },
    json: { type: 'boolean', help: 'print JSON' },
  },
  arguments: [0, 1],
  async run(host, args) {
    const pattern = args.positionals[0] ?? '*';
    const expiring = args.text('expiring');
    const before = expiring === undefined ? undefined : expiryOf(expiring, host.now());
    const tag = args.text('tag');
    const all = await withVault(host, (vault) => vault.list());
    const entries = all.filter(
      ({ name, meta }) =>
        matchesGlob(pattern, name) &&
        (tag === undefined || meta.tags.includes(tag)) &&
        (before === undefined || (meta.expires !== undefined && meta.expires <= before)),
    );
    if (args.has('json'))
      printJson(
        host,
        entries.map((entry) => factsOf(entry)),
      );
    else if (entries.length === 0) say(host, all.length === 0 ? 'the vault is empty' : 'no secret matches');
    else {
      const rows = entries.map((entry) => [
        entry.name,
        entry.meta.type === 'string' ? '' : fieldNames(entry).join(','),
        entry.meta.tags.join(','),
        entry.meta.expires?.slice(0, 10) ?? '',
      ]);
      printTable(host, [['NAME', 'FIELDS', 'TAGS', 'EXPIRES'], ...rows]);
    }
    return 0;
  },
};

export const remove: Command = {
  name: 'delete',
  summary: 'delete a secret, with its earlier values',
  usage: 'NAME [--yes]',
  examples: ['secretctl delete db/postgres/old'],
  flags: { yes: { type: 'boolean', short: 'y', help: 'do not ask' } },
  arguments: [1, 1],
  async run(host, args) {
    const name = args.positionals[0] ?? '';
    await withVault(host, async (vault) => {
      requireEntry(vault, name);
      if (!args.has('yes')) await confirm(host.platform, name);
      await vault.delete(name);
    });
    say(host, `deleted ${name}`);
    return 0;
  },
};

async function confirm(platform: NodeJS.Platform, name: string): Promise<void> {
  const again = `secretctl delete ${name} --yes`;
  const terminal = openTerminal(platform);
  if (terminal === undefined) throw new SecretctlError('no-terminal', 'there is no terminal to ask on', again);
  try {
    const answer = await terminal.ask(`Delete ${name} and its earlier values? [y/N] `);
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new SecretctlError('not-permitted', 'nothing was deleted');
  } finally {
    terminal.close();
  }
}
