// The section `secrets`: names for what is injected.

import { maskText } from './mask.js';
import { PLAIN_FIELDS } from './names.js';
import { holdsUrlPassword, looksLikeReference, parseReference } from './references.js';
import { offsetIn, textOf } from './read-text.js';
import type { Finding } from './text.js';
import type { MapTree, ScalarTree, Tree } from './tree.js';
import type { FieldSource, Reference, SecretSource } from './types.js';

interface Collected {
  readonly findings: Finding[];
  readonly notes: Finding[];
}

/** Keys from the root of the profile. */
type Place = readonly string[];

/** JSON pointer (RFC 6901 §3). */
export function pointerOf(place: Place): string {
  return place.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Every name that is written, with undefined where its value is wrong. */
export function readSecrets(section: Tree | undefined, collected: Collected): Map<string, SecretSource | undefined> {
  const secrets = new Map<string, SecretSource | undefined>();
  if (section?.kind !== 'map') return secrets;
  for (const { key, value } of section.entries.values())
    secrets.set(key, readSecret(value, ['secrets', key], collected));
  return secrets;
}

function readSecret(tree: Tree, place: Place, collected: Collected): SecretSource | undefined {
  if (tree.kind === 'map') return { kind: 'fields', fields: readFields(tree, place, collected) };
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return undefined;
  const reference = readReference(tree, tree.value, place, collected.findings);
  return reference === undefined ? undefined : { kind: 'reference', reference };
}

/** Adds a finding and returns undefined when the text is no reference that resolves today. */
export function readReference(
  tree: ScalarTree,
  text: string,
  place: Place,
  findings: Finding[],
): Reference | undefined {
  const parsed = parseReference(text);
  if (parsed.ok) {
    const { reference } = parsed;
    return reference.scheme === 'ENC' ? { ...reference, place: pointerOf(place) } : reference;
  }
  const { ok: _, ...finding } = parsed;
  findings.push({ at: offsetIn(tree, 0), ...finding });
  return undefined;
}

/** A field that is wrong keeps its name, so that no template is told that the field does not exist. */
function readFields(map: MapTree, place: Place, collected: Collected): Map<string, FieldSource> {
  const fields = new Map<string, FieldSource>();
  for (const { key, value } of map.entries.values()) {
    fields.set(key, readField(key, value, [...place, key], collected) ?? { kind: 'plain', text: '' });
  }
  return fields;
}

function readField(name: string, tree: Tree, place: Place, collected: Collected): FieldSource | undefined {
  const text = textOf(tree, collected.findings);
  if (tree.kind !== 'scalar' || text === undefined) return undefined;
  const plain = PLAIN_FIELDS.has(name) && looksLikeReference(text) === undefined;
  if (plain) return readPlainField(tree, text, collected);
  const reference = readReference(tree, text, place, collected.findings);
  return reference === undefined ? undefined : { kind: 'reference', reference };
}

function readPlainField(tree: ScalarTree, text: string, { findings, notes }: Collected): FieldSource {
  const add = (message: string): void => void findings.push({ at: offsetIn(tree, 0), message });
  if (text === '') add('this field is empty');
  if (text.includes('${')) add('templates stand in "env" and "args" only');
  if (holdsUrlPassword(text)) add('this address holds a password: store it with "secretctl set NAME"');
  if (maskText(text) !== text)
    notes.push({ at: offsetIn(tree, 0), message: 'this looks like a credential: store it with "secretctl set NAME"' });
  return { kind: 'plain', text };
}
