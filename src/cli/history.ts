import { SecretctlError } from '../errors.js';
import type { VaultEntry } from '../vault/entry.js';
import type { Command } from './command.js';
import { printJson, printTable, say } from './output.js';
import { requireEntry } from './secret-name.js';
import { withOwnersVault, withVault } from './with-vault.js';

export const history: Command = {
  name: 'history',
  summary: 'list the versions of a secret, or make an earlier one current again',
  usage: 'NAME [--restore VERSION] [--json]',
  details: 'The ten values before the current one are kept. A value is shown by "secretctl get", once it is current.',
  examples: ['secretctl history github/token', 'secretctl history github/token --restore 3'],
  flags: {
    restore: { type: 'string', value: 'VERSION', help: 'make the value of this version the current one' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  arguments: [1, 1],
  async run(host, args) {
    const name = args.positionals[0] ?? '';
    const wanted = args.text('restore');
    if (wanted === undefined) {
      const versions = versionsOf(await withVault(host, (vault) => requireEntry(vault, name)));
      if (args.has('json')) printJson(host, versions);
      else printTable(host, [['VERSION', 'STORED', ''], ...versions.map(rowOf)]);
      return 0;
    }
    if (!/^[1-9]\d{0,8}$/.test(wanted))
      throw new SecretctlError('usage', `"${wanted}" is no version`, `secretctl history ${name}`);
    const entry = await withOwnersVault(host, 'restoring an earlier value', async (vault) => {
      requireEntry(vault, name);
      return vault.restore(name, Number(wanted));
    });
    say(host, `${name} has the value of version ${wanted} again, as version ${entry.version}`);
    return 0;
  },
};

export const rename: Command = {
  name: 'rename',
  summary: 'give a secret another name, with its earlier values',
  usage: 'NAME NEW',
  details: 'Profiles that name it have to be changed by hand, and approved again.',
  examples: ['secretctl rename db/old db/postgres/default'],
  arguments: [2, 2],
  async run(host, args) {
    const [name = '', newName = ''] = args.positionals;
    await withVault(host, async (vault) => {
      requireEntry(vault, name);
      await vault.rename(name, newName);
    });
    say(host, `${name} is called ${newName} now`);
    return 0;
  },
};

interface Version {
  readonly version: number;
  readonly created: string;
  readonly current: boolean;
}

function versionsOf({ version, created, history: past }: VaultEntry): Version[] {
  return [
    { version, created, current: true },
    ...past.map((each) => ({ version: each.version, created: each.created, current: false })),
  ];
}

function rowOf({ version, created, current }: Version): string[] {
  return [String(version), created.slice(0, 19).replace('T', ' '), current ? 'current' : ''];
}
