// A text of YAML that is no profile: what stands at one place of it. The same limits and the same subset, since whoever
// wrote it may be anybody.

import { prescan } from './prescan.js';
import { decode } from './text.js';
import { parseTree, type Tree } from './tree.js';

/**
 * A scalar as a text: a number and a boolean as they are written, `0777` with its zero. Undefined when nothing is there, or
 * the text is no map or list in YAML that a profile could be; null for a map, a list and nothing.
 */
export function yamlTextAt(text: string, keys: readonly string[]): string | null | undefined {
  const bytes = Buffer.from(text);
  const source = decode(bytes);
  const tree = prescan(bytes, source).length > 0 ? undefined : parseTree(source.text).tree;
  if (tree === undefined || tree.kind === 'scalar') return undefined;
  const found = keys.reduce<Tree | undefined>(childOf, tree);
  if (found === undefined) return undefined;
  if (found.kind !== 'scalar' || found.value === null) return null;
  return typeof found.value === 'string' ? found.value : found.source;
}

function childOf(tree: Tree | undefined, key: string): Tree | undefined {
  if (tree?.kind === 'map') return tree.entries.get(key)?.value;
  // RFC 6901 §4: an index has no leading zeros.
  return tree?.kind === 'list' && /^(?:0|[1-9]\d*)$/.test(key) ? tree.items[Number(key)] : undefined;
}
