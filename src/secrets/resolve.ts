// From the references of a profile to their values: all at the same time, under one deadline, all or nothing.

import { SecretctlError } from '../errors.js';
import type { Reference, SecretSource } from '../profile/types.js';
import { isFields, pick, type Picked, pickOne } from './pick.js';
import { asFailure, type ProvidedSecret, type Provider, type ProviderContext, type Providers } from './provider.js';
import type { ResolvedField, ResolvedSecret, ResolvedSecrets } from './secret.js';

export type ResolveOptions = Omit<ProviderContext, 'signal'> & {
  /** Default 8,000 ms: MCP clients give up after ten seconds or more. */
  readonly deadlineMs?: number;
  /** Ends the asking early. */
  readonly interrupted?: AbortSignal;
  /** Nobody approved the plan, a pin allows it: most providers are the user's own, and are not asked. */
  readonly pinned?: boolean;
};

/** A reference that could not be resolved, with the name that the profile gives it. */
interface Failure {
  readonly name: string;
  readonly reference: Reference;
  readonly error: SecretctlError;
}

type Choose<T> = (reference: Reference, secret: ProvidedSecret) => T | SecretctlError;

/** What a reference stands for; undefined when it failed, and then that is noted under `name`. */
type Take = <T>(name: string, reference: Reference, choose: Choose<T>) => T | undefined;

/**
 * `sources` by the profile's names. Throws one error that names every reference that failed, and its secret's name, never
 * a value: `secret-not-found`, `not-permitted`, `timeout`, `bad-data`, or what the provider says.
 */
export async function resolveSecrets(
  sources: ReadonlyMap<string, SecretSource>,
  providers: Providers,
  options: ResolveOptions,
): Promise<ResolvedSecrets> {
  const references = [...sources.values()].flatMap(referencesOf);
  const answers = await askAll(references, providers, options);
  const failures: Failure[] = [];
  const take: Take = (name, reference, choose) => {
    const answer = answers.get(questionOf(reference)) ?? new SecretctlError('internal', 'nobody was asked');
    const found = answer instanceof SecretctlError ? answer : choose(reference, answer);
    if (!(found instanceof SecretctlError)) return found;
    failures.push({ name, reference, error: found });
    return undefined;
  };
  const resolved = [...sources].map(([name, source]) => assemble(name, source, take));
  const [first] = failures;
  if (first !== undefined) throw summaryOf(first, failures);
  return new Map(resolved.flatMap((secret) => (secret === undefined ? [] : [[secret.name, secret]])));
}

function referencesOf(source: SecretSource): Reference[] {
  if (source.kind === 'reference') return [source.reference];
  return [...source.fields.values()].flatMap((field) => (field.kind === 'reference' ? [field.reference] : []));
}

/** Each secret is asked for once, however many fields of it are wanted, and each provider once for all of its secrets. */
async function askAll(
  references: readonly Reference[],
  providers: Providers,
  { deadlineMs = 8000, pinned = false, interrupted, ...context }: ResolveOptions,
): Promise<ReadonlyMap<string, ProvidedSecret | SecretctlError>> {
  const questions = new Map(references.map((reference) => [questionOf(reference), reference]));
  const byScheme = groupByScheme([...questions.values()]);
  const deadline = new AbortController();
  const late = new SecretctlError('timeout', `the provider did not answer within ${deadlineMs / 1000} s`);
  const timer = setTimeout(() => deadline.abort(late), deadlineMs);
  const interrupt = (): void => deadline.abort(new SecretctlError('unavailable', 'interrupted'));
  interrupted?.addEventListener('abort', interrupt, { once: true });
  try {
    const asking = [...byScheme].map(async ([scheme, asked]) => {
      const answers = await ask(scheme, asked, providers, { ...context, signal: deadline.signal }, pinned);
      return asked.flatMap((reference, index) => {
        const answer = answers[index];
        return answer === undefined ? [] : [[questionOf(reference), answer] as const];
      });
    });
    return new Map((await Promise.all(asking)).flat());
  } finally {
    clearTimeout(timer);
    interrupted?.removeEventListener('abort', interrupt);
  }
}

function groupByScheme(references: readonly Reference[]): ReadonlyMap<string, readonly Reference[]> {
  const groups = new Map<string, Reference[]>();
  for (const reference of references) {
    const { scheme } = reference;
    groups.set(scheme, [...(groups.get(scheme) ?? []), reference]);
  }
  return groups;
}

function questionOf({ scheme, body, query, place = '' }: Reference): string {
  const keys = [...(query ?? [])].map(([key, value]) => `${key}=${value}`).toSorted();
  return JSON.stringify([scheme, body, place, ...keys]);
}

/** Never throws, and ends at the deadline also when the provider does not listen. */
async function ask(
  scheme: string,
  references: readonly Reference[],
  providers: Providers,
  context: ProviderContext,
  pinned: boolean,
): Promise<readonly (ProvidedSecret | SecretctlError)[]> {
  const load = Object.hasOwn(providers, scheme) ? providers[scheme] : undefined;
  const all = (failure: SecretctlError): SecretctlError[] => references.map(() => failure);
  if (load === undefined) return all(new SecretctlError('not-supported', `${scheme} references are not supported yet`));
  try {
    const provider = await load();
    const refused = pinned ? provider.refusesPin(context) : undefined;
    if (refused !== undefined) return all(new SecretctlError('not-permitted', refused, 'secretctl trust NAME'));
    const answers = await Promise.race([provider.resolve(references, context), rejection(context.signal)]);
    return references.map((reference, index) => answers[index] ?? missing(provider, reference, context.platform));
  } catch (error) {
    return all(asFailure(error, scheme));
  }
}

function missing(provider: Provider, reference: Reference, platform: NodeJS.Platform): SecretctlError {
  return new SecretctlError('secret-not-found', 'there is no such secret', provider.hint(reference, platform));
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Undefined when a failure was noted. */
function assemble(name: string, source: SecretSource, take: Take): ResolvedSecret | undefined {
  if (source.kind === 'reference') {
    const found = take(name, source.reference, pick);
    return found === undefined ? undefined : secretOf(name, source.reference, found);
  }
  const fields = new Map<string, ResolvedField>();
  for (const [field, part] of source.fields) {
    const isPlain = part.kind === 'plain';
    const found = isPlain ? { value: part.text, secret: false } : take(`${name}.${field}`, part.reference, pickOne);
    if (found !== undefined) fields.set(field, found);
  }
  return { name, reference: '', fields };
}

function secretOf(name: string, { text }: Reference, found: Picked): ResolvedSecret {
  if (isFields(found)) return { name, reference: text, fields: found };
  return { name, reference: text, value: found.value, ...(!found.secret && { plain: true }) };
}

/** All of them at once, so that a person repairs them at once; code and hint are the first one's. */
function summaryOf(first: Failure, all: readonly Failure[]): SecretctlError {
  const texts = all.map(({ name, reference, error }) => `${name} (${reference.text}): ${error.message}`);
  const count = all.length === 1 ? 'a secret' : `${all.length} secrets`;
  return new SecretctlError(first.error.code, `${count} cannot be resolved: ${texts.join('; ')}`, first.error.hint);
}
