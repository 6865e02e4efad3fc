// Which secrets a command gets, and as which variables.

import { connectionUrlOf } from '../databases/connection-url.js';
import { SecretctlError } from '../errors.js';
import { loadsCode } from '../profile/env-names.js';
import type { Reference, SecretSource } from '../profile/types.js';
import { knownValuesOf } from '../scrub/known.js';
import type { KnownValue } from '../scrub/scrubber.js';
import type { ResolvedSecret } from '../secrets/secret.js';
import { matchesGlob } from '../system/glob.js';
import { isOwnSecret, isSecretField, OWN_SECRETS, type SecretValue, type VaultEntry } from '../vault/entry.js';
import { requireAllowed } from '../vault/restrictions.js';
import type { Vault } from '../vault/store.js';
import { variableNameOf } from '../vault/variable-name.js';

/** Variable → reference; undefined: the one secret that the patterns name. */
export type Variables = ReadonlyMap<string, Reference | undefined>;

/** One variable of the child. */
export interface Injected {
  readonly value: string;
  readonly secret: boolean;
}

/** A pattern without a secret is a mistake: the command would start without what it needs. */
export function chosenEntries(vault: Vault | undefined, patterns: readonly string[]): VaultEntry[] {
  if (vault === undefined || patterns.length === 0) return [];
  const own = patterns.find((pattern) => isOwnSecret(pattern));
  if (own !== undefined) throw new SecretctlError('not-permitted', `secrets under ${OWN_SECRETS} are secretctl's own`);
  const exact = patterns.every((pattern) => !/[*?]/.test(pattern));
  const all = exact ? patterns.flatMap((name) => vault.get(name) ?? []) : vault.list();
  // `*` means the secrets that somebody stored.
  const entries = all.filter(({ name }) => !isOwnSecret(name));
  const empty = patterns.find((pattern) => !entries.some(({ name }) => matchesGlob(pattern, name)));
  if (empty !== undefined) throw new SecretctlError('secret-not-found', `no secret in the vault matches "${empty}"`);
  const chosen = entries.filter(({ name }) => patterns.some((pattern) => matchesGlob(pattern, name)));
  for (const entry of chosen) requireAllowed(entry, undefined);
  return chosen;
}

export function sourcesOf(variables: Variables): ReadonlyMap<string, SecretSource> {
  const named = [...variables].flatMap(([name, reference]) =>
    reference === undefined ? [] : [[name, reference] as const],
  );
  return new Map(named.map(([name, reference]) => [name, { kind: 'reference', reference }]));
}

/** `-e VAR` gives the one secret that name; otherwise each has the name that its own name makes. */
export function fromEntries(entries: readonly VaultEntry[], variables: Variables): [string, Injected][] {
  const wanted = [...variables].filter(([, reference]) => reference === undefined).map(([name]) => name);
  if (wanted.length === 0) return withoutClash(entries.flatMap(variablesOf));
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0) {
    const hint = 'secretctl run -k NAME -e VARIABLE -- COMMAND, or -e VARIABLE=secret://NAME';
    throw new SecretctlError('usage', `-e ${wanted[0]} stands for one secret, and ${entries.length} are chosen`, hint);
  }
  return wanted.map((name) => [name, { value: wholeText(entry), secret: true }]);
}

function variablesOf({ name, value }: VaultEntry): [string, Injected][] {
  if (typeof value === 'string') return [[variableFor(name), { value, secret: true }]];
  return [...value].map(([field, text]) => [variableFor(name, field), { value: text, secret: isSecretField(field) }]);
}

/** A secret called `path` or `node/options` would decide what runs, without anybody having said so. */
function variableFor(name: string, field?: string): string {
  const variable = variableNameOf(name, field);
  if (!loadsCode(variable)) return variable;
  const hint = `-e VARIABLE=secret://${name}${field === undefined ? '' : `#${field}`}`;
  const message = `"${name}" would become ${variable}, which decides what code programs load`;
  throw new SecretctlError('usage', message, hint);
}

/** A connection is its URL. */
function wholeText({ name, value, meta }: VaultEntry): string {
  if (typeof value === 'string') return value;
  if (meta.type === 'connection') return connectionUrlOf(value);
  const fields = [...value.keys()].join(', ');
  throw new SecretctlError(
    'usage',
    `"${name}" has the fields ${fields}: name one`,
    `-e VARIABLE=secret://${name}#FIELD`,
  );
}

function withoutClash(variables: readonly [string, Injected][]): [string, Injected][] {
  const seen = new Set<string>();
  for (const [name] of variables) {
    if (seen.has(name))
      throw new SecretctlError('usage', `two secrets would both be ${name}`, '-e VARIABLE=secret://NAME');
    seen.add(name);
  }
  return [...variables];
}

export function fromReferences(secrets: Iterable<ResolvedSecret>): [string, Injected][] {
  return [...secrets].map(({ name, reference, value, plain, fields }) => {
    if (value !== undefined) return [name, { value, secret: plain !== true }];
    const texts: SecretValue = new Map([...(fields ?? [])].map(([field, part]) => [field, part.value]));
    if (texts.has('engine')) return [name, { value: connectionUrlOf(texts), secret: true }];
    const hint = `-e ${name}=${reference}#${[...texts.keys()].at(-1) ?? 'FIELD'}`;
    throw new SecretctlError('usage', `${name} (${reference}) is a secret with fields: name one`, hint);
  });
}

/** Every secret that was read, injected or not. */
export function knownIn(
  entries: readonly VaultEntry[],
  secrets: Iterable<ResolvedSecret>,
  injected: ReadonlyMap<string, Injected>,
): KnownValue[] {
  const named: (readonly [string, string])[] = [];
  for (const { name, value } of entries) {
    if (typeof value === 'string') named.push([name, value]);
    else for (const [field, text] of value) if (isSecretField(field)) named.push([`${name}.${field}`, text]);
  }
  for (const { name, fields } of secrets)
    for (const [field, part] of fields ?? []) if (part.secret) named.push([`${name}.${field}`, part.value]);
  for (const [name, { value, secret }] of injected) if (secret) named.push([name, value]);
  return named.flatMap(([name, value]) => knownValuesOf(name, value));
}
