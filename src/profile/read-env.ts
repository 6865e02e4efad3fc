// The section `env`: the server's environment, the one way in which it gets secrets.

import { whyDenied } from './env-names.js';
import { isCredentialName, maskText } from './mask.js';
import { referenceKind } from './references.js';
import { readReference } from './read-secrets.js';
import { offsetIn, readTemplate, textOf, type Reading } from './read-text.js';
import type { ParsedTemplate } from './template.js';
import type { Entry, ScalarTree, Tree } from './tree.js';
import type { Reference, SecretPart, Template } from './types.js';

export interface EnvSection {
  readonly env: ReadonlyMap<string, Template>;
  /** References that stand directly as a value, by their variable. */
  readonly direct: ReadonlyMap<string, Reference>;
}

/** What a shell would expand; `%C3%A9` is percent-encoding. */
const FOREIGN = /\$[A-Za-z_]\w*|\$\(|%[A-Za-z_]\w+%(?![\dA-Fa-f]{2})/;
const WHOLLY_FOREIGN = /^(?:\$\w+|\$\([^]*\)|%\w+%)$/;

export function readEnv(section: Tree | undefined, reading: Reading): EnvSection {
  const env = new Map<string, Template>();
  const direct = new Map<string, Reference>();
  if (section?.kind !== 'map') return { env, direct };
  for (const entry of section.entries.values()) {
    const text = textOf(entry.value, reading.findings);
    checkName(entry, text, reading);
    if (text === undefined || entry.value.kind !== 'scalar') continue;
    const reference = directReference(entry.key, entry.value, text, reading);
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
function directReference(
  key: string,
  tree: ScalarTree,
  text: string,
  { findings }: Reading,
): Reference | 'refused' | undefined {
  if (referenceKind(text) === undefined) return undefined;
  const template = text.indexOf('${');
  if (template === -1) return readReference(tree, text, ['env', key], findings) ?? 'refused';
  findings.push({ at: offsetIn(tree, template), message: 'a reference is no template: write it out' });
  return 'refused';
}

function checkFree({ key, at }: Entry, { declared, findings }: Reading): void {
  if (declared.has(key))
    findings.push({ at, message: `"${key}" is declared under "secrets" already: write \${${key}} here` });
}

function readPlain(entry: Entry, tree: ScalarTree, text: string, reading: Reading): Template {
  const template = readTemplate(tree, text, 'env', reading);
  if (template.problems.length > 0) return template.parts;
  const remark = credentialRemark(entry.key, text, template.parts);
  // `TOKEN: $TOKEN` is a misunderstanding, `TOKEN: pa$word` a password.
  if (remark === undefined || WHOLLY_FOREIGN.test(text)) noteForeign(tree, template, reading);
  else reading.notes.push({ at: entry.at, message: remark });
  return template.parts;
}

function credentialRemark(key: string, text: string, parts: Template): string | undefined {
  const literal = parts.length > 0 && parts.every((part) => 'text' in part);
  if (literal && isCredentialName(key, text))
    return `${key} is plain text: if it is a credential, store it with "secretctl set NAME" and write secret://NAME here`;
  if (maskText(text) === text) return undefined;
  return `${key} holds what looks like a credential: store it with "secretctl set NAME" and write \${name} in its place`;
}

function noteForeign(tree: ScalarTree, { parts, offsets }: ParsedTemplate, { notes }: Reading): void {
  for (const [index, part] of parts.entries()) {
    const found = 'text' in part ? FOREIGN.exec(part.text) : null;
    if (found === null) continue;
    const at = offsetIn(tree, (offsets[index] ?? 0) + found.index);
    notes.push({ at, message: 'the server gets this as it stands: secretctl expands only ${name}' });
  }
}
