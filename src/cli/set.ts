import { parseConnectionUrl } from '../databases/connection-url.js';
import { SecretctlError } from '../errors.js';
import { knownValuesOf } from '../scrub/known.js';
import { strengthOf } from '../scrub/strength.js';
import type { Host } from '../system/host.js';
import { requireTerminal } from '../system/terminal.js';
import type { EntryChange } from '../vault/change.js';
import { isSecretField, type VaultEntry } from '../vault/entry.js';
import { restrictionsOf } from '../vault/restrictions.js';
import type { Vault } from '../vault/store.js';
import { usage } from './arguments.js';
import type { Command, ParsedArguments } from './command.js';
import { expiryOf } from './expiry.js';
import { printWarning, say } from './output.js';
import { readPiped } from './read-piped.js';
import { withOwnersVault, withVault } from './with-vault.js';

export const set: Command = {
  name: 'set',
  summary: 'store a secret',
  usage: 'NAME [--field FIELD | --json | --as string] [--expires 30d] [--tag TAG]… [--note TEXT] [--only-for PROFILE]…',
  details:
    'The value comes from stdin when something is piped in (one newline at its end is dropped), else from a hidden\n' +
    'prompt; never from the command line. A database URL fills the fields of a connection: engine, host, port, user,\n' +
    'password, database, params. With --json an object of texts on stdin sets several fields at once.\n' +
    'With --only-for an approved profile gets it only when it is named, by its name or fingerprint, and no command of\n' +
    '"run" does. With an empty value only that changes; "--only-for any" takes it away. A vault with an owner asks.',
  examples: [
    'secretctl set github/token',
    'printf %s "$DATABASE_URL" | secretctl set db/postgres/default',
    'secretctl set db/postgres/default --field password',
  ],
  flags: {
    field: { type: 'string', value: 'FIELD', help: 'set this field, and keep the others' },
    json: { type: 'boolean', help: 'read an object from stdin: field → text' },
    as: { type: 'string', value: 'string', help: 'store one text: a database URL as it is, or in place of fields' },
    expires: { type: 'string', value: 'TIME', help: 'when it should be renewed: 30d, 12h, 2030-01-31' },
    tag: { type: 'string', value: 'TAG', multiple: true, help: 'a word to find it by; replaces earlier tags' },
    note: { type: 'string', value: 'TEXT', help: 'a note, not secret' },
    'only-for': { type: 'string', value: 'PROFILE', multiple: true, help: 'a profile that may have it; any for all' },
  },
  arguments: [1, 1],
  async run(host, args) {
    const name = args.positionals[0] ?? '';
    checkFlags(args);
    const meta = metaChange(args, host.now());
    const text = await readValue(host, args, name);
    const value = text === undefined ? {} : valueChange(args, text);
    const opened = args.has('only-for') ? changingRestrictions : withVault;
    const entry = await opened(host, (vault) => {
      if (!args.has('as')) refuseLoss(vault.get(name), value);
      return vault.put(name, { ...value, ...meta });
    });
    say(host, `stored ${name} (${describe(entry)})`);
    warnIfWeak(host, name, value);
    return 0;
  },
};

/** Whoever could take a restriction away would get the secret to where it must not go. */
function changingRestrictions<T>(host: Host, use: (vault: Vault) => Promise<T>): Promise<T> {
  return withOwnersVault(host, 'changing for whom a secret is', use);
}

function checkFlags(args: ParsedArguments): void {
  if (args.has('field') && args.has('json')) throw usage(set, '--field and --json exclude each other');
  const as = args.text('as');
  if (as !== undefined && as !== 'string') throw usage(set, '--as takes "string" only');
  if (as !== undefined && (args.has('field') || args.has('json'))) throw usage(set, '--as is for one whole text');
}

/** A password typed without `--field` must not take the place of the whole connection. */
function refuseLoss(entry: VaultEntry | undefined, { value }: EntryChange): void {
  if (entry === undefined || typeof entry.value === 'string' || typeof value !== 'string') return;
  const what = entry.meta.type === 'connection' ? 'a connection' : 'a secret with fields';
  throw new SecretctlError(
    'usage',
    `${entry.name} is ${what}: this would drop its other fields`,
    `secretctl set ${entry.name} --field ${firstSecretField(entry)}`,
  );
}

function metaChange(args: ParsedArguments, now: Date): EntryChange {
  const expires = args.text('expires');
  const note = args.text('note');
  return {
    ...(expires === undefined ? {} : { expires: expiryOf(expires, now) }),
    ...(note === undefined ? {} : { note }),
    ...(args.has('tag') ? { tags: args.all('tag') } : {}),
    ...(args.has('only-for') ? { restrictions: restrictionsOf(args.all('only-for')) } : {}),
  };
}

/** Undefined: the value stays as it is. */
async function readValue(host: Host, args: ParsedArguments, name: string): Promise<string | undefined> {
  const mayStay = args.has('only-for');
  if (host.stdin.isTTY !== true) {
    const piped = await readPiped(host.stdin);
    if (piped === '' && mayStay) return undefined;
    if (piped === '')
      throw new SecretctlError('bad-data', 'nothing came from stdin', `printf %s VALUE | secretctl set ${name}`);
    return piped;
  }
  if (args.has('json')) throw usage(set, '--json reads stdin, and nothing is piped in');
  const terminal = requireTerminal(host.platform, 'typing a value', `printf %s VALUE | secretctl set ${name}`);
  try {
    const field = args.text('field');
    const typed = await terminal.askHidden(`Value of ${field === undefined ? name : `${name}#${field}`}: `);
    const again = `secretctl set ${name}${field === undefined ? '' : ` --field ${field}`}`;
    if (terminal.hasMore()) {
      throw new SecretctlError('bad-data', 'more than one line was pasted, nothing was stored', `${again} < FILE`);
    }
    if (typed === '' && mayStay) return undefined;
    if (typed === undefined || typed === '') throw new SecretctlError('bad-data', 'no value was typed', again);
    return typed;
  } finally {
    terminal.close();
  }
}

function valueChange(args: ParsedArguments, text: string): EntryChange {
  const field = args.text('field');
  if (field !== undefined) return { fields: new Map([[field, text]]) };
  if (args.has('json')) return { fields: fieldsOfJson(text) };
  const connection = args.has('as') ? undefined : parseConnectionUrl(text);
  return connection === undefined ? { value: text } : { value: connection, type: 'connection' };
}

/** Numbers are taken as they are written (a port); nothing else is guessed. No message holds what was read. */
function fieldsOfJson(text: string): ReadonlyMap<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SecretctlError('bad-data', 'stdin is no JSON', 'secretctl help set');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SecretctlError('bad-data', 'stdin is no JSON object', 'secretctl help set');
  }
  const fields = new Map(Object.entries(parsed).map(([name, value]) => [name, fieldText(name, value)]));
  if (fields.size === 0) throw new SecretctlError('bad-data', 'the JSON object has no field', 'secretctl help set');
  if (countKeys(text) === fields.size) return fields;
  throw new SecretctlError('bad-data', 'the JSON object names a field twice', 'secretctl help set');
}

/** Of valid JSON, an object of plain values: there a string before a colon is a key, and no quote is outside a string. */
function countKeys(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
}

function fieldText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new SecretctlError('bad-data', `the field "${name}" is no text`, 'secretctl help set');
}

function describe(entry: VaultEntry): string {
  const what = entry.meta.type === 'string' ? 'one text' : `${entry.meta.type}: ${fieldNames(entry).join(', ')}`;
  return `version ${entry.version}, ${what}`;
}

export function fieldNames(entry: VaultEntry): string[] {
  return typeof entry.value === 'string' ? [] : [...entry.value.keys()];
}

/** The one that a person most likely means. */
export function firstSecretField(entry: VaultEntry): string {
  const names = fieldNames(entry);
  return names.find((name) => name === 'password') ?? names.find(isSecretField) ?? names[0] ?? 'password';
}

/** What was stored now; of the other fields it was said when they were. A text is judged with its parts: a URL's password. */
function warnIfWeak(host: Host, name: string, { value, fields }: EntryChange): void {
  const stored = typeof value === 'string' ? [[undefined, value] as const] : [...(value ?? fields ?? [])];
  for (const [field, text] of stored) {
    if (field !== undefined && !isSecretField(field)) continue;
    const known = knownValuesOf(field === undefined ? name : `${name}#${field}`, text);
    const weak = known.filter((part) => strengthOf(part.value) === 'weak').map((part) => part.name);
    for (const what of new Set(weak))
      printWarning(host, `weak secret "${what}": masked only where a credential is expected (short or a common word)`);
  }
}
