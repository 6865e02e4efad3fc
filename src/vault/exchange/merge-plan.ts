// What an import does to each secret, decided before anything is written.

import { SecretctlError } from '../../errors.js';
import type { VaultEntry } from '../entry.js';
import { isSame, type Imported } from './imported.js';

/** For a secret that is there already and differs. */
export type ConflictRule = 'skip' | 'replace' | 'fail';

export interface Planned {
  readonly name: string;
  readonly action: 'create' | 'replace' | 'same' | 'skip';
}

/** With the rule `fail`, throws `bad-data` that names all conflicts. */
export function mergePlan(
  existing: (name: string) => VaultEntry | undefined,
  imported: readonly Imported[],
  rule: ConflictRule,
): readonly Planned[] {
  const plan = imported.map((secret) => ({ name: secret.name, state: stateOf(existing(secret.name), secret) }));
  if (rule !== 'fail') return plan.map(({ name, state }) => ({ name, action: state === 'conflict' ? rule : state }));
  return plan.map(({ name, state }) => {
    if (state === 'conflict') throw refusalOf(plan.filter((each) => each.state === 'conflict'));
    return { name, action: state };
  });
}

function stateOf(entry: VaultEntry | undefined, imported: Imported): 'create' | 'same' | 'conflict' {
  if (entry === undefined) return 'create';
  return isSame(entry, imported) ? 'same' : 'conflict';
}

function refusalOf(conflicts: readonly { name: string }[]): SecretctlError {
  const names = conflicts.map(({ name }) => name).join(', ');
  return new SecretctlError('bad-data', `the vault has other values already for ${names}; nothing was imported`);
}
