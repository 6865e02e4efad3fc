// Is a path inside a git work tree? What lies there may have been written by whoever wrote the repository.

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder at or above `folder` that holds `.git` (a folder, or a file in linked work trees); undefined when none does. */
export function findWorkTree(folder: string): string | undefined {
  let current = nearestReal(folder);
  for (;;) {
    if (existsSync(join(current, '.git'))) return current;
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
}

/** Links resolved as far as the path exists: a vault that is yet to be made has no real path of its own. */
function nearestReal(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : nearestReal(parent);
  }
}
