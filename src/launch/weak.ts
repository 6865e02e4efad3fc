// Weak values: common words and very short texts. Masked wherever they stand they would tear ordinary text to pieces, so
// they are masked only where a credential is expected; a person should know, and `--strict` does not start with them.

import { SecretctlError } from '../errors.js';
import type { LaunchPlan } from '../profile/types.js';
import type { KnownValue } from '../scrub/known.js';
import { strengthOf } from '../scrub/strength.js';
import type { ResolvedSecrets } from '../secrets/secret.js';

export interface WeaknessInput {
  readonly known: readonly KnownValue[];
  readonly secrets: ResolvedSecrets;
  readonly plan: LaunchPlan;
  /** `--strict`: weak values stop the launch. */
  readonly strict: boolean;
  readonly warn: (message: string) => void;
}

/** Warns of every weak value by its name. Throws `not-permitted` instead where the launch is strict. */
export function judgeWeakness({ known, secrets, plan, strict, warn }: WeaknessInput): void {
  const names = weakIn(known);
  if (strict && names.length > 0) throw refusal(names, plan, secrets);
  warnOfWeak(names, warn);
}

/** Names of weak values, each once. */
export function weakIn(known: readonly KnownValue[]): readonly string[] {
  return [...new Set(known.filter(({ value }) => strengthOf(value) === 'weak').map(({ name }) => name))];
}

export function warnOfWeak(names: readonly string[], warn: (message: string) => void): void {
  for (const name of names) warn(`weak secret "${name}": masked only where a credential is expected`);
}

function refusal(names: readonly string[], plan: LaunchPlan, secrets: ResolvedSecrets): SecretctlError {
  const [first = ''] = names;
  const list = names.map((name) => `"${name}"`).join(', ');
  const what = names.length === 1 ? 'is a weak secret' : 'are weak secrets';
  return new SecretctlError(
    'not-permitted',
    `${list} ${what} (short or a common word), and --strict starts nothing with one`,
    renewal(first, plan, secrets),
  );
}

/** The command that gives a secret of this launch another value; undefined when it is not ours to set. */
function renewal(name: string, plan: LaunchPlan, secrets: ResolvedSecrets): string | undefined {
  const [secret = '', part = ''] = name.split('.');
  const planned = plan.secrets.get(secret);
  const reference = typeof planned === 'string' ? planned : planned?.get(part)?.text;
  const [, entry, field] = /^secret:\/\/([^#]+)(?:#(.+))?$/.exec(reference ?? '') ?? [];
  if (entry === undefined) return undefined;
  const chosen = field ?? (secrets.get(secret)?.fields?.has(part) === true ? part : undefined);
  return `secretctl set ${entry}${chosen === undefined ? '' : ` --field ${chosen}`}`;
}
