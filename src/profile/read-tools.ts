// The section `tools`: what the client sees and may call.

import { stringsIn, valueIn, type Tree } from './tree.js';
import type { ToolPolicy } from './types.js';

/** The schema has seen that names are texts. */
export function readTools(section: Tree | undefined): ToolPolicy {
  const [allow, readOnly] = [valueIn(section, 'allow'), valueIn(section, 'readOnly')];
  return {
    allow: allow === undefined ? undefined : stringsIn(allow),
    deny: stringsIn(valueIn(section, 'deny')),
    denyArguments: stringsIn(valueIn(section, 'denyArguments')),
    readOnly: readOnly?.kind === 'scalar' && readOnly.value === true,
  };
}
