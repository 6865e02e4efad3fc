// The section `tools`: what the client sees and may call.

import type { Tree } from './tree.js';
import type { ToolPolicy } from './types.js';

/** The schema has seen that names are texts. */
export function readTools(section: Tree | undefined): ToolPolicy {
  const at = (key: string): Tree | undefined => (section?.kind === 'map' ? section.entries.get(key)?.value : undefined);
  const readOnly = at('readOnly');
  return {
    allow: at('allow') === undefined ? undefined : namesIn(at('allow')),
    deny: namesIn(at('deny')),
    denyArguments: namesIn(at('denyArguments')),
    readOnly: readOnly?.kind === 'scalar' && readOnly.value === true,
  };
}

function namesIn(tree: Tree | undefined): readonly string[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}
