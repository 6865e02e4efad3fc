// Where plan and secrets meet: the child's environment and arguments, and the values that the scrubber must know.

import { SecretctlError } from '../errors.js';
import { childEnvironment } from '../process/environment.js';
import { renderTemplate } from '../profile/template.js';
import type { LaunchPlan, Profile, Template } from '../profile/types.js';
import { knownValuesOf } from '../scrub/known.js';
import type { KnownValue } from '../scrub/scrubber.js';
import { fieldOf, type ResolvedSecrets } from '../secrets/secret.js';
import type { Host } from '../system/host.js';

export interface RenderInput {
  readonly host: Host;
  readonly plan: LaunchPlan;
  readonly profile: Profile;
  readonly secrets: ResolvedSecrets;
  readonly childPath: string;
}

export interface Rendered {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly known: readonly KnownValue[];
}

export function render({ host, plan, profile, secrets, childPath }: RenderInput): Rendered {
  const entries = new Map<string, string>();
  const known = secretValues(secrets);
  for (const [variable, template] of profile.env) {
    const { text, secret } = fill(template, secrets);
    entries.set(variable, text);
    // A connection string that holds a password is a credential as a whole, too.
    if (secret !== undefined) known.push(...knownValuesOf(secret, text));
  }
  const { env, platform, accountHome } = host;
  return {
    args: [...profile.server.args.map((template) => argument(template, secrets)), ...plan.extraArgs],
    env: childEnvironment({ env, platform, accountHome, path: childPath, entries }),
    known,
  };
}

/** Every secret value that was resolved, injected or not: `db.password`, `token`. */
function secretValues(secrets: ResolvedSecrets): KnownValue[] {
  return [...secrets].flatMap(([name, { value, plain, fields }]) => {
    const whole = value === undefined || plain === true ? [] : knownValuesOf(name, value);
    const parts = [...(fields ?? [])].filter(([, field]) => field.secret);
    return [...whole, ...parts.flatMap(([field, part]) => knownValuesOf(`${name}.${field}`, part.value))];
  });
}

/** `secret` is the name of the last secret that went into the text; undefined when none did. */
function fill(template: Template, secrets: ResolvedSecrets): { text: string; secret: string | undefined } {
  let used: string | undefined;
  const text = renderTemplate(template, (name, field) => {
    const secret = secrets.get(name);
    if (secret === undefined) throw new SecretctlError('internal', `the secret "${name}" was not resolved`);
    const found = fieldOf(secret, field);
    if (found.secret) used = field === undefined ? name : `${name}.${field}`;
    return found.value;
  });
  return { text, secret: used };
}

/** Any user of the machine can read the arguments of a process. */
function argument(template: Template, secrets: ResolvedSecrets): string {
  const { text, secret } = fill(template, secrets);
  if (secret === undefined) return text;
  throw new SecretctlError('bad-profile', `server.args would hold the secret "${secret}"`, 'hand it over in env');
}
