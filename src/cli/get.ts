import { SecretctlError } from '../errors.js';
import type { Host } from '../system/host.js';
import { requireTerminal } from '../system/terminal.js';
import { isSecretField, type VaultEntry } from '../vault/entry.js';
import type { Vault } from '../vault/store.js';
import { refuseAgents } from './agents.js';
import { usage } from './arguments.js';
import { auditRead } from './audited.js';
import type { Command } from './command.js';
import { printJson, printTable } from './output.js';
import { requireEntry, splitName } from './secret-name.js';
import { fieldNames, firstSecretField } from './set.js';
import { withOwnersVault, withVault } from './with-vault.js';

export const get: Command = {
  name: 'get',
  summary: 'show what is known of a secret; its value only when asked',
  usage: 'NAME[#FIELD] [--reveal | --stdout | --json]',
  details:
    '--reveal shows the value on the terminal and nowhere else. --stdout writes it to a pipe or file, which is the one\n' +
    'command that lets a secret out of secretctl. Both are recorded in the audit log, and a vault with a passphrase\n' +
    'asks for it on the terminal, one that the keychain opens for a "yes".',
  examples: ['secretctl get db/postgres/default', 'secretctl get db/postgres/default#password --reveal'],
  flags: {
    reveal: { type: 'boolean', help: 'show the value on the terminal' },
    stdout: { type: 'boolean', help: 'write the value to stdout: to a pipe or file' },
    json: { type: 'boolean', help: 'print what is known as JSON' },
  },
  arguments: [1, 1],
  async run(host, args) {
    const { name, field } = splitName(args.positionals[0] ?? '');
    const ways = ['reveal', 'stdout', 'json'].filter((flag) => args.has(flag));
    if (ways.length > 1) throw usage(get, `--${ways.join(' and --')} exclude each other`);
    const to = args.has('reveal') ? 'terminal' : args.has('stdout') ? 'pipe' : undefined;
    if (to === undefined) {
      const entry = await withVault(host, (vault) => requireEntry(vault, name));
      showFacts(host, entry, field, args.has('json'));
      return 0;
    }
    refuseAgents(host.env, 'reading a secret');
    if (to === 'pipe' && host.stdout.isTTY === true)
      throw usage(get, '--stdout writes to a pipe; --reveal shows the value here');
    await withOwnersVault(host, 'reading a secret', (vault) => handOut(host, vault, { name, field, to }));
    return 0;
  },
};

interface Asked {
  readonly name: string;
  readonly field: string | undefined;
  readonly to: 'terminal' | 'pipe';
}

/** The record is written first: what is not audited is not handed out. */
async function handOut(host: Host, vault: Vault, { name, field, to }: Asked): Promise<void> {
  const text = valueOf(requireEntry(vault, name), field, to === 'terminal' ? ' --reveal' : ' --stdout');
  const piped = `${getCommand(name, field)} --stdout | cat`;
  const terminal = to === 'terminal' ? requireTerminal(host.platform, '--reveal', piped) : undefined;
  auditRead(host, vault, [field === undefined ? name : `${name}#${field}`], to);
  if (terminal === undefined) await written(host, text);
  else terminal.print(`${text}\n`);
  terminal?.close();
}

/** Until the reader has it, or is gone: ending earlier would cut it off. */
function written(host: Host, text: string): Promise<void> {
  return new Promise((resolve) => void host.stdout.write(text, () => resolve()));
}

/** `flags` are kept in the hint. */
function valueOf(entry: VaultEntry, field: string | undefined, flags = ''): string {
  if (typeof entry.value === 'string') {
    if (field === undefined) return entry.value;
    throw new SecretctlError(
      'secret-not-found',
      `"${entry.name}" has no fields`,
      `secretctl get ${entry.name}${flags}`,
    );
  }
  const names = fieldNames(entry).join(', ');
  if (field === undefined) {
    throw new SecretctlError(
      'usage',
      `"${entry.name}" has the fields ${names}: name one`,
      `${getCommand(entry.name, firstSecretField(entry))}${flags}`,
    );
  }
  const value = entry.value.get(field);
  if (value !== undefined) return value;
  throw new SecretctlError(
    'secret-not-found',
    `"${entry.name}" has no field "${field}", but ${names}`,
    `secretctl get ${entry.name}`,
  );
}

/** Quoted where a shell could take the `#` for a comment. */
function getCommand(name: string, field: string | undefined): string {
  return field === undefined ? `secretctl get ${name}` : `secretctl get '${name}#${field}'`;
}

function showFacts(host: Host, entry: VaultEntry, field: string | undefined, json: boolean): void {
  if (field !== undefined) valueOf(entry, field);
  const facts = factsOf(entry, field);
  if (json) printJson(host, facts);
  else
    printTable(
      host,
      Object.entries(facts).map(([name, fact]) => [name, factText(fact)]),
    );
}

/** Names, times and the fields that are not secret; never a value that is. */
export function factsOf(entry: VaultEntry, only?: string) {
  const { name, meta, version, created, value } = entry;
  const { profiles } = entry.restrictions;
  const fields = typeof value === 'string' ? [] : [...value].filter(([field]) => only === undefined || field === only);
  return {
    name,
    type: meta.type,
    version,
    created,
    ...(meta.expires === undefined ? {} : { expires: meta.expires }),
    ...(meta.tags.length === 0 ? {} : { tags: meta.tags }),
    ...(meta.note === undefined ? {} : { note: meta.note }),
    ...(profiles === undefined ? {} : { onlyFor: profiles }),
    ...(fields.length === 0
      ? {}
      : { fields: Object.fromEntries(fields.map(([field, text]) => [field, isSecretField(field) ? null : text])) }),
  };
}

function factText(fact: unknown): string {
  if (Array.isArray(fact)) return fact.join(', ');
  if (typeof fact !== 'object' || fact === null) return String(fact);
  return Object.entries(fact)
    .map(([field, text]) => (text === null ? `${field} (secret)` : `${field}=${String(text)}`))
    .join(', ');
}
