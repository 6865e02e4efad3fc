// The build: schemas → validators, TypeScript → dist/, and the bin as one CommonJS file (start-up is the product: a single
// file costs +13 ms over an empty Node process where the unbundled modules cost +65 ms).

import { chmodSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { compileSchemas } from './compile-schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (path) => `${root}${path}`;

rmSync(inRoot('dist'), { recursive: true, force: true });
await compileSchemas();
compileTypeScript();
await bundle();

function compileTypeScript() {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

async function bundle() {
  // The ES modules of yaml: the bundler leaves out what is not used, which it cannot with its CommonJS files.
  const alias = { yaml: inRoot('node_modules/yaml/browser/dist/index.js') };
  const input = inRoot('dist/src/main.js');
  const build = await rolldown({ input, platform: 'node', external: /^node:/, resolve: { alias } });
  // Without comments and indentation the file is compiled in half the time; names stay, for the frames of a bug report.
  const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } };
  const names = { entryFileNames: 'secretctl.cjs', chunkFileNames: 'secretctl-[name].cjs' };
  await build.write({ dir: inRoot('dist'), ...names, format: 'cjs', minify });
  await build.close();
  chmodSync(inRoot('dist/secretctl.cjs'), 0o755);
}
