// The section `env`: the server's environment, the one way in which it gets secrets.

import { whyDenied } from './env-names.js';
import { referenceKind } from './references.js';
import { readReference } from './read-secrets.js';
import { offsetIn, readTemplate, textOf, type Reading } from './read-text.js';
import type { Entry, ScalarTree, Tree } from './tree.js';
import type { Reference, SecretPart, Template } from './types.js';

export interface EnvSection {
  readonly env: ReadonlyMap<string, Template>;
  /** References that stand directly as a value, by their variable. */
  readonly direct: ReadonlyMap<string, Reference>;
}

/** Names that hold a credential more often than not: plain text under one of them is worth a remark. */
const CREDENTIAL_NAME = /PASS(?:WORD|WD|PHRASE)?$|PWD$|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i;

export function readEnv(section: Tree | undefined, reading: Reading): EnvSection {
  const env = new Map<string, Template>();
  const direct = new Map<string, Reference>();
  if (section?.kind !== 'map') return { env, direct };
  for (const entry of section.entries.values()) {
    const text = textOf(entry.value, reading.findings);
    checkName(entry, text, reading);
    if (text === undefined || entry.value.kind !== 'scalar') continue;
    const reference = directReference(entry.value, text, reading);
    if (reference === undefined) env.set(entry.key, readPlain(entry, entry.value, text, reading));
    else if (reference !== 'refused') {
      direct.set(entry.key, reference);
      env.set(entry.key, [{ secret: entry.key, filters: [] } satisfies SecretPart]);
      checkFree(entry, reading);
    }
  }
  return { env, direct };
}

function checkName({ key, at }: Entry, text: string | undefined, { findings }: Reading): void {
  const why = whyDenied(key);
  if (why !== undefined) findings.push({ at, message: `a profile may not set ${key}: ${why}` });
  // A locale's name is harmless; a path to one is a file that the C library loads.
  if (key.toUpperCase() === 'LC_ALL' && /[/$]/.test(text ?? '')) {
    findings.push({ at, message: `${key} takes the name of a locale, not a path` });
  }
}

/** A value that starts as a reference stands for its secret. `refused`: it cannot, and a finding says why. */
function directReference(tree: ScalarTree, text: string, { findings }: Reading): Reference | 'refused' | undefined {
  if (referenceKind(text) === undefined) return undefined;
  const template = text.indexOf('${');
  if (template === -1) return readReference(tree, text, findings) ?? 'refused';
  findings.push({ at: offsetIn(tree, template), message: 'a reference is no template: write it out' });
  return 'refused';
}

function checkFree({ key, at }: Entry, { declared, findings }: Reading): void {
  if (declared.has(key))
    findings.push({ at, message: `"${key}" is declared under "secrets" already: write \${${key}} here` });
}

function readPlain({ key, at }: Entry, tree: ScalarTree, text: string, reading: Reading): Template {
  const { parts, problems } = readTemplate(tree, text, 'env', reading);
  const literal = problems.length === 0 && parts.length > 0 && parts.every((part) => 'text' in part);
  if (literal && CREDENTIAL_NAME.test(key) && typeof tree.value === 'string') {
    reading.notes.push({
      at,
      message: `${key} is plain text: if it is a credential, store it with "secretctl set NAME" and write secret://NAME here`,
    });
  }
  return parts;
}
