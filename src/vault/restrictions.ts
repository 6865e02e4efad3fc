// To which profiles a secret may go. The restriction lives with the secret: no profile can widen it.

import { SecretctlError } from '../errors.js';
import type { VaultEntry } from './entry.js';

/** Who asks for a secret: an approved plan. */
export interface Asker {
  readonly profile: string;
  readonly fingerprint: string;
}

const ALLOWED = /^(?:[a-z0-9][a-z0-9._-]{0,63}|sha256:[0-9a-f]{64})$/;

/** Names and fingerprints; undefined when any approved profile may have it. */
export function onlyFor({
  name,
  restrictions,
}: Pick<VaultEntry, 'name' | 'restrictions'>): readonly string[] | undefined {
  const { profiles, ...others } = restrictions;
  if (Object.keys(others).length > 0) throw notUnderstood(name);
  if (profiles === undefined) return undefined;
  if (!Array.isArray(profiles) || !profiles.every((profile) => typeof profile === 'string')) throw notUnderstood(name);
  return profiles;
}

/** Undefined asks for no profile: a command of its own. Throws `not-permitted`. */
export function requireAllowed(entry: Pick<VaultEntry, 'name' | 'restrictions'>, asker: Asker | undefined): void {
  const allowed = onlyFor(entry);
  if (allowed === undefined) return;
  if (asker !== undefined && (allowed.includes(asker.profile) || allowed.includes(asker.fingerprint))) return;
  const all = asker === undefined ? ['any'] : [...allowed, asker.profile];
  const hint = `secretctl set ${entry.name} ${all.map((profile) => `--only-for ${profile}`).join(' ')}`;
  throw new SecretctlError('not-permitted', `the secret ${entry.name} is only for ${allowed.join(', ')}`, hint);
}

/** `any` alone takes the restriction away. Throws `usage`. */
export function restrictionsOf(profiles: readonly string[]): VaultEntry['restrictions'] {
  if (profiles.length === 1 && profiles[0] === 'any') return {};
  const wrong = profiles.find((profile) => !ALLOWED.test(profile) || profile === 'any');
  if (wrong === undefined) return { profiles: [...new Set(profiles)] };
  throw new SecretctlError('usage', `"${wrong}" is neither a profile nor a fingerprint`, 'secretctl profile list');
}

function notUnderstood(name: string): SecretctlError {
  const message = `the secret ${name} has a restriction that this version does not know`;
  return new SecretctlError('not-permitted', message, 'update secretctl');
}
