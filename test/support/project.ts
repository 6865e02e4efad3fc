// Where the compiled tests find the project: they run from dist/, the sources and packages stand above it.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project's package.json. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The command line as users get it. */
export const bundle = join(root, 'dist', 'secretctl.cjs');

/** The official servers, started by path as a pinned development dependency. */
export const serverPostgres = join(
  root,
  'node_modules',
  '@modelcontextprotocol',
  'server-postgres',
  'dist',
  'index.js',
);
export const serverEverything = join(
  root,
  'node_modules',
  '@modelcontextprotocol',
  'server-everything',
  'dist',
  'index.js',
);

function findRoot(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"name": "secretctl"')) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json of secretctl above the tests');
  return findRoot(parent);
}
