// The section `sealed`, and with it the whole profile as plain values: a seal covers every field of it.

import { isCanonical } from '../canonical.js';
import type { Finding } from './text.js';
import { type MapTree, plainValue, stringOf, valueIn } from './tree.js';
import type { ProfileDocument, ProfileSeal, SealSection, SecretSource } from './types.js';

/** Undefined where there is no seal, or one that the schema complains about. */
export function readSeal(
  root: MapTree,
  secrets: ReadonlyMap<string, SecretSource>,
  findings: Finding[],
): ProfileSeal | undefined {
  const tree = valueIn(root, 'sealed');
  if (tree === undefined) {
    if ([...secrets.values()].some(isSealed)) findings.push({ at: root.at, message: WITHOUT_SEAL });
    return undefined;
  }
  const section = sectionOf(root);
  const document = documentOf(root, findings);
  return section === undefined || document === undefined ? undefined : { section, document };
}

/** Undefined, and a finding, for what has no canonical bytes. */
export function documentOf(root: MapTree, findings: Finding[]): ProfileDocument | undefined {
  const document = plainValue(root);
  if (isCanonical(document) && isMap(document)) return document;
  findings.push({ at: root.at, message: 'a sealed profile holds texts, whole numbers, true and false only' });
  return undefined;
}

const WITHOUT_SEAL =
  'a value is sealed (ENC[…]), but the profile has no section "sealed": put it back, or seal the value anew';

function isSealed(source: SecretSource): boolean {
  if (source.kind === 'reference') return source.reference.scheme === 'ENC';
  return [...source.fields.values()].some((field) => field.kind === 'reference' && field.reference.scheme === 'ENC');
}

/** Undefined where there is none. */
export function sectionOf(root: MapTree): SealSection | undefined {
  const tree = valueIn(root, 'sealed');
  const [key, mac] = [stringOf(valueIn(tree, 'key')), stringOf(valueIn(tree, 'mac'))];
  const list = valueIn(tree, 'recipients');
  if (key === undefined || mac === undefined || list?.kind !== 'list') return undefined;
  const recipients = list.items.map((item) => ({
    name: stringOf(valueIn(item, 'name')) ?? '',
    spki: stringOf(valueIn(item, 'spki')) ?? '',
  }));
  return { key, recipients, mac };
}

function isMap(value: unknown): value is ProfileDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
