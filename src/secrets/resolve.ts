// From the references of a profile to their values: all at the same time, under one deadline, all or nothing.

import { SecretctlError, systemCode } from '../errors.js';
import type { Reference, SecretSource } from '../profile/types.js';
import type { Vault } from '../vault/store.js';
import { pick, pickValue, type Picked } from './pick.js';
import type { ProvidedSecret, ProviderContext, Providers } from './provider.js';
import type { ResolvedField, ResolvedSecret, ResolvedSecrets } from './secret.js';

export interface ResolveOptions {
  /** Open; undefined where there is none. */
  readonly vault?: Vault | undefined;
  /** Default 8,000 ms: MCP clients give up after ten seconds or more. */
  readonly deadlineMs?: number;
}

/** What a provider said to one question. */
type Answer = ProvidedSecret | SecretctlError;

/** A reference that could not be resolved, with the name that the profile gives it. */
interface Failure {
  readonly name: string;
  readonly reference: Reference;
  readonly error: SecretctlError;
}

/**
 * `sources` by the profile's names. Throws one error that names every reference that failed, and its secret's name, never
 * a value: `secret-not-found`, `not-supported`, `timeout`, `bad-data`, or what the provider says.
 */
export async function resolveSecrets(
  sources: ReadonlyMap<string, SecretSource>,
  providers: Providers,
  options: ResolveOptions = {},
): Promise<ResolvedSecrets> {
  const references = [...sources.values()].flatMap(referencesOf);
  const answers = await askAll(references, providers, options);
  const failures: Failure[] = [];
  const resolved = new Map<string, ResolvedSecret>();
  for (const [name, source] of sources) {
    const secret = assemble(name, source, answers, failures);
    if (secret !== undefined) resolved.set(name, secret);
  }
  if (failures.length > 0) throw summaryOf(failures);
  return resolved;
}

function referencesOf(source: SecretSource): Reference[] {
  if (source.kind === 'reference') return [source.reference];
  return [...source.fields.values()].flatMap((field) => (field.kind === 'reference' ? [field.reference] : []));
}

/** Each secret is asked for once, however many fields of it are wanted. */
async function askAll(
  references: readonly Reference[],
  providers: Providers,
  { vault, deadlineMs = 8000 }: ResolveOptions,
): Promise<ReadonlyMap<string, Answer>> {
  const questions = new Map(references.map((reference) => [questionOf(reference), reference]));
  const deadline = new AbortController();
  const late = new SecretctlError('timeout', `the provider did not answer within ${deadlineMs / 1000} s`);
  const timer = setTimeout(() => deadline.abort(late), deadlineMs);
  try {
    const asking = [...questions].map(
      async ([question, reference]) =>
        [question, await ask(reference, providers, { vault, signal: deadline.signal })] as const,
    );
    return new Map(await Promise.all(asking));
  } finally {
    clearTimeout(timer);
  }
}

function questionOf({ scheme, body }: Reference): string {
  return `${scheme}://${body}`;
}

/** Never throws, and ends at the deadline also when the provider does not listen. */
async function ask(reference: Reference, providers: Providers, context: ProviderContext): Promise<Answer> {
  const { scheme } = reference;
  const provider = Object.hasOwn(providers, scheme) ? providers[scheme] : undefined;
  if (provider === undefined)
    return new SecretctlError('not-supported', `${scheme}:// references are not supported yet`);
  try {
    const answer = await Promise.race([provider.resolve(reference, context), rejection(context.signal)]);
    return answer ?? new SecretctlError('secret-not-found', 'there is no such secret', provider.hint(reference));
  } catch (error) {
    if (error instanceof SecretctlError) return error;
    // The text of a foreign error may hold anything, a value included.
    return new SecretctlError('unavailable', `the provider of ${scheme}:// failed (${systemCode(error) ?? 'no code'})`);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Undefined when a failure was noted. */
function assemble(
  name: string,
  source: SecretSource,
  answers: ReadonlyMap<string, Answer>,
  failures: Failure[],
): ResolvedSecret | undefined {
  const find = <T>(
    as: string,
    reference: Reference,
    take: (from: ProvidedSecret) => T | SecretctlError,
  ): T | undefined => {
    const answer = answers.get(questionOf(reference)) ?? new SecretctlError('internal', 'nobody was asked');
    const found = answer instanceof SecretctlError ? answer : take(answer);
    if (!(found instanceof SecretctlError)) return found;
    failures.push({ name: as, reference, error: found });
    return undefined;
  };
  if (source.kind === 'reference') {
    const { reference } = source;
    const found = find(name, reference, (answer) => pick(reference, answer));
    return found === undefined ? undefined : secretOf(name, reference, found);
  }
  const fields = new Map<string, ResolvedField>();
  for (const [field, part] of source.fields) {
    const found =
      part.kind === 'plain'
        ? { value: part.text, secret: false }
        : find(`${name}.${field}`, part.reference, (answer) => pickValue(part.reference, answer));
    if (found !== undefined) fields.set(field, found);
  }
  return { name, reference: '', fields };
}

function secretOf(name: string, reference: Reference, found: Picked): ResolvedSecret {
  if (found.kind === 'fields') return { name, reference: reference.text, fields: found.fields };
  return { name, reference: reference.text, value: found.value, ...(!found.secret && { plain: true }) };
}

/** All of them at once, so that a person repairs them at once; code and hint are the first one's. */
function summaryOf(failures: readonly Failure[]): SecretctlError {
  const [first] = failures;
  if (first === undefined) return new SecretctlError('internal', 'nothing failed');
  const texts = failures.map(({ name, reference, error }) => `${name} (${reference.text}): ${error.message}`);
  const count = failures.length === 1 ? 'a secret' : `${failures.length} secrets`;
  return new SecretctlError(first.error.code, `${count} cannot be resolved: ${texts.join('; ')}`, first.error.hint);
}
