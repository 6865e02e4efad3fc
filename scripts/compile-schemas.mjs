// Compiles schemas/*.schema.json into plain code, so that nothing of ajv is loaded when a profile is read.
// Written beside the code that uses it, as TypeScript: tsc emits it like any other module, and the bundler takes it from there.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const ROOT = new URL('../', import.meta.url);

/** Schema → the module that holds its validator. Neither is under version control: see .gitignore. */
const MODULES = {
  'schemas/profile.schema.json': 'src/profile/schema-validator.generated.ts',
};

/** Resolves to the paths written. Files that are up to date keep their time of change. */
export async function compileSchemas(root = ROOT) {
  const written = [];
  for (const [schema, module] of Object.entries(MODULES)) {
    const code = compile(JSON.parse(await readFile(new URL(schema, root), 'utf8')), schema);
    const target = new URL(module, root);
    if ((await readFile(target, 'utf8').catch(() => '')) === code) continue;
    await writeFile(target, code);
    written.push(module);
  }
  return written;
}

/** The module's text. Exported for the test that looks at what it imports. */
export function compile(schema, origin) {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    messages: false, // problems.ts has words for people
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv, ajv.compile(withoutWords(schema)));
  // Some keywords (minLength, uniqueItems, format) call ajv's runtime. A schema that needs one must say it otherwise.
  if (/\brequire\(|\bimport\b/.test(code)) throw new Error(`${origin} uses a keyword that needs ajv at run time`);
  return `// Generated from ${origin} by scripts/compile-schemas.mjs. Do not edit.\n// @ts-nocheck\n${code}`;
}

/** Descriptions are for editors; ajv would carry them into the code. */
function withoutWords(schema) {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => (key === 'description' && typeof value === 'string' ? undefined : value)),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileSchemas();
