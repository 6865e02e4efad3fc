// A file of environment variables that Node's `parseEnv` and `. file` in a shell both read back as they were written.

import { SecretctlError } from '../../errors.js';
import type { VaultEntry } from '../entry.js';
import { variableNameOf } from '../variable-name.js';

/** In double quotes a shell expands `$`, backquotes and some escapes, and Node `\n`. */
const NOT_IN_DOUBLE = /["$`]|\\(?:[\\n\n]|$)/;

export function toEnv(entries: readonly VaultEntry[]): string {
  const owners = new Map<string, string>();
  const lines = entries.flatMap(variablesOf).map(({ what, variable, text }) => {
    const owner = owners.get(variable);
    if (owner !== undefined) {
      throw new SecretctlError('bad-data', `${owner} and ${what} would both be the variable ${variable}`);
    }
    owners.set(variable, what);
    return `${variable}=${quoted(what, text)}\n`;
  });
  return lines.join('');
}

interface Variable {
  /** The secret, or its field: `db/shop#password`. */
  readonly what: string;
  readonly variable: string;
  readonly text: string;
}

function variablesOf({ name, value }: VaultEntry): readonly Variable[] {
  if (typeof value === 'string') return [{ what: name, variable: variableNameOf(name), text: value }];
  return [...value].map(([field, text]) => ({
    what: `${name}#${field}`,
    variable: variableNameOf(name, field),
    text,
  }));
}

function quoted(what: string, text: string): string {
  if (text.includes('\r')) throw refuse(what, 'has a carriage return, which not every reader keeps');
  if (!text.includes("'")) return `'${text}'`;
  if (!NOT_IN_DOUBLE.test(text)) return `"${text}"`;
  throw refuse(what, `has a ' beside one of " $ \` \\, and no quotes keep both in every reader`);
}

function refuse(what: string, why: string): SecretctlError {
  const hint = 'export as JSON, or only other secrets';
  return new SecretctlError('bad-data', `${what} cannot stand in a file of variables: it ${why}`, hint);
}
