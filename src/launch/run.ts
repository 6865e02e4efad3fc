// `run`: any command with secrets in its environment, its output scrubbed as it comes.

import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import { bestEffort, openAuditLog } from '../audit/log.js';
import { connectionUrlOf } from '../databases/connection-url.js';
import { SecretctlError } from '../errors.js';
import { childEnvironment } from '../process/environment.js';
import { isLauncherCredential } from '../process/launcher-credentials.js';
import { type Running, startCommand } from '../process/run-command.js';
import { type SignalWatch, watchSignals } from '../process/signals.js';
import type { Reference, SecretSource } from '../profile/types.js';
import { knownValuesOf } from '../scrub/known.js';
import type { KnownValue, Scrubber } from '../scrub/scrubber.js';
import type { ResolvedSecret } from '../secrets/secret.js';
import { matchesGlob } from '../system/glob.js';
import type { Host } from '../system/host.js';
import { findWorkTree } from '../system/work-tree.js';
import { isOwnSecret, isSecretField, OWN_SECRETS, type SecretValue, type VaultEntry } from '../vault/entry.js';
import type { Vault } from '../vault/store.js';
import { variableNameOf } from '../vault/variable-name.js';
import { obtainSecrets } from './secrets.js';
import { unlockVault } from './unlock.js';
import { warnOfWeak, weakIn } from './weak.js';

export interface RunRequest {
  /** Names of secrets in the vault, as globs. */
  readonly patterns: readonly string[];
  /** Variable → reference; undefined: the one secret that the patterns name. */
  readonly variables: ReadonlyMap<string, Reference | undefined>;
  readonly pristine: boolean;
  /** `--key-fd N`. */
  readonly keyFd: number | undefined;
  readonly command: readonly string[];
}

/** One variable of the child. */
interface Injected {
  readonly value: string;
  readonly secret: boolean;
}

/** Milliseconds without output after which somebody may be waiting for the rest of a line: a prompt. */
const IDLE_MS = 20;

/** Resolves with the exit status. Throws what stopped it before anything was started. */
export async function runWithSecrets(host: Host, request: RunRequest, prompt: string | undefined): Promise<number> {
  const vault = await vaultFor(host, request, prompt);
  try {
    const chosen = chosenEntries(vault, request.patterns);
    const sources = sourcesOf(request.variables);
    const place = { path: join(host.cwd, 'run'), workTree: findWorkTree(host.cwd) };
    const warn = (message: string): void => void host.stderr.write(`secretctl: warning: ${message}\n`);
    const signals = watchSignals();
    const options = { vault, unseal: undefined, warn, source: place, pinned: false, signals };
    const { secrets, leases } = await obtainSecrets(host, sources, options);
    auditRun(host, vault, [...chosen.map(({ name }) => name), ...referencesOf(secrets.values())], warn);
    vault?.close();
    try {
      const injected = new Map([...fromEntries(chosen, request.variables), ...fromReferences(secrets.values())]);
      const known = knownIn(chosen, secrets.values(), injected);
      warnOfWeak(weakIn(known), warn);
      return await runCommand(host, request, { injected, known, signals });
    } finally {
      signals.stop();
      await leases.end();
    }
  } finally {
    vault?.close();
  }
}

function referencesOf(secrets: Iterable<ResolvedSecret>): string[] {
  return [...secrets].map(({ reference }) => reference);
}

/** An audit that fails is said once, and stops nothing. Without a vault there is no key for one. */
function auditRun(
  host: Host,
  vault: Vault | undefined,
  secrets: readonly string[],
  warn: (message: string) => void,
): void {
  if (vault === undefined) return;
  const { pid, now, places } = host;
  const open = () => openAuditLog({ state: places.state, pid, now, deriveKey: (label) => vault.deriveKey(label) });
  const audit = bestEffort(open, (why) => warn(`this run is not audited: ${why}`));
  for (const secret of secrets) audit.append('read', { secrets: [secret], to: 'command' });
  audit.close();
}

/** A command with references to other stores alone needs no vault of ours. */
async function vaultFor(host: Host, request: RunRequest, prompt: string | undefined): Promise<Vault | undefined> {
  const references = [...request.variables.values()];
  const needsVault = request.patterns.length > 0 || references.some((each) => each?.scheme === 'secret');
  return needsVault ? unlockVault(host, prompt, request.keyFd) : undefined;
}

/** A pattern without a secret is a mistake: the command would start without what it needs. */
function chosenEntries(vault: Vault | undefined, patterns: readonly string[]): VaultEntry[] {
  if (vault === undefined || patterns.length === 0) return [];
  const own = patterns.find((pattern) => isOwnSecret(pattern));
  if (own !== undefined) throw new SecretctlError('not-permitted', `secrets under ${OWN_SECRETS} are secretctl's own`);
  const exact = patterns.every((pattern) => !/[*?]/.test(pattern));
  const all = exact ? patterns.flatMap((name) => vault.get(name) ?? []) : vault.list();
  // `*` means the secrets that somebody stored.
  const entries = all.filter(({ name }) => !isOwnSecret(name));
  const empty = patterns.find((pattern) => !entries.some(({ name }) => matchesGlob(pattern, name)));
  if (empty !== undefined) throw new SecretctlError('secret-not-found', `no secret in the vault matches "${empty}"`);
  return entries.filter(({ name }) => patterns.some((pattern) => matchesGlob(pattern, name)));
}

function sourcesOf(variables: RunRequest['variables']): ReadonlyMap<string, SecretSource> {
  const named = [...variables].flatMap(([name, reference]) =>
    reference === undefined ? [] : [[name, reference] as const],
  );
  return new Map(named.map(([name, reference]) => [name, { kind: 'reference', reference }]));
}

/** `-e VAR` gives the one secret that name; otherwise each has the name that its own name makes. */
function fromEntries(entries: readonly VaultEntry[], variables: RunRequest['variables']): [string, Injected][] {
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
  if (typeof value === 'string') return [[variableNameOf(name), { value, secret: true }]];
  return [...value].map(([field, text]) => [
    variableNameOf(name, field),
    { value: text, secret: isSecretField(field) },
  ]);
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

function fromReferences(secrets: Iterable<ResolvedSecret>): [string, Injected][] {
  return [...secrets].map(({ name, reference, value, plain, fields }) => {
    if (value !== undefined) return [name, { value, secret: plain !== true }];
    const texts: SecretValue = new Map([...(fields ?? [])].map(([field, part]) => [field, part.value]));
    if (texts.has('engine')) return [name, { value: connectionUrlOf(texts), secret: true }];
    const hint = `-e ${name}=${reference}#${[...texts.keys()].at(-1) ?? 'FIELD'}`;
    throw new SecretctlError('usage', `${name} (${reference}) is a secret with fields: name one`, hint);
  });
}

/** Every secret that was read, injected or not. */
function knownIn(
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

interface Ready {
  readonly injected: ReadonlyMap<string, Injected>;
  readonly known: readonly KnownValue[];
  readonly signals: SignalWatch;
}

async function runCommand(
  host: Host,
  { command, pristine }: RunRequest,
  { injected, known, signals }: Ready,
): Promise<number> {
  const [program = '', ...args] = command;
  const entries = new Map([...injected].map(([name, { value }]) => [name, value]));
  const env = pristine ? pristineEnvironment(host, entries) : inheritedEnvironment(host, entries);
  const { createScrubber } = await import('../scrub/scrubber.js');
  // Where no secret went in, nothing is looked for, and a terminal stays one.
  const piped = known.length > 0;
  const child = await startCommand({ command: program, args, cwd: host.cwd, env, piped });
  const isOurs = host.stdin.isTTY === true;
  // The keys of a terminal reach the child by themselves.
  signals.deliver((name) => (isOurs && (name === 'SIGINT' || name === 'SIGQUIT') ? undefined : child.kill(name)));
  return finish(host, child, createScrubber(known));
}

function pristineEnvironment(host: Host, entries: ReadonlyMap<string, string>): Record<string, string> {
  const { env, platform, accountHome } = host;
  return childEnvironment({ env, platform, accountHome, path: env['PATH'] ?? '', entries });
}

function inheritedEnvironment({ env }: Host, entries: ReadonlyMap<string, string>): Record<string, string> {
  const inherited = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || isLauncherCredential(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries([...inherited, ...entries]);
}

async function finish(host: Host, child: Running, scrubber: Scrubber): Promise<number> {
  const outputs = [relayOutput(child.stdout, host.stdout, scrubber), relayOutput(child.stderr, host.stderr, scrubber)];
  const { code, signal } = await child.exited;
  await Promise.all(outputs);
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}

/** A line that has ended leaves at once; of one without an end, what no match can begin in. */
async function relayOutput(from: Readable | undefined, to: Writable, scrubber: Scrubber): Promise<void> {
  if (from === undefined) return;
  const stream = scrubber.textStream();
  const write = async (bytes: Buffer): Promise<void> => {
    if (bytes.length === 0 || to.destroyed || to.write(bytes)) return;
    await once(to, 'drain').catch(() => undefined);
  };
  // A reader that went away is the child's business too: it gets SIGPIPE.
  to.on('error', () => from.destroy());
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      await write(stream.push(chunk));
      timer = setTimeout(() => void to.write(stream.idle()), IDLE_MS);
    }
  } catch {
    // Destroyed because nobody reads what is written.
  }
  clearTimeout(timer);
  await write(stream.end());
}
