// The build: schemas → validators, TypeScript → dist/, and the bin as a few CommonJS files (start-up is the product: what a
// launch needs in one file costs +13 ms over an empty Node process where the unbundled modules cost +65 ms).

import { chmodSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { compileSchemas } from './compile-schemas.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Members of a detector, or of the table entry that it is made of. */
const ONLY_TESTED = ['examples', 'bodies', 'source'];
const DETECTORS = 'secretctl-detectors';
/** The scrubber without what all commands need, and of its detectors what is needed before any of them; and the relay. */
const LOADED_TOGETHER =
  /dist\/src\/(?:scrub\/(?!detectors\/|(?:known|strength|explain)\.js)|scrub\/detectors\/(?:find|key-names|literals|masked|member|packed|views|window)\.js|relay\/)/;
/** What every launch loads at once, and most commands. Not the rest of these rooms: sealing, and providers but our own vault. */
const CORE =
  /dist\/src\/(?:errors|canonical|main|system\/|profile\/(?!edit)|process\/|vault\/(?!exchange)|trust\/|audit\/(?:log|record|index-file|keys|json)\.js|launch\/(?!sealed-file|merge|run)|packages\/(?:installed|program)|secrets\/(?!providers\/(?!index|vault))|cli\/(?:main|mcp-launch|key-fd|output|arguments|find-command|help|command)\.js|scrub\/(?:known|strength)\.js)|node_modules\/(?!csv-parse|node-forge)/;
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
  const input = {
    secretctl: inRoot('dist/src/main.js'),
    [DETECTORS]: inRoot('dist/src/scrub/detectors/index.js'),
  };
  const anchors = await packedAnchors();
  const build = await rolldown({
    input,
    platform: 'node',
    // Both are optional; the addon is machine code.
    external: [/^node:/, DETECTORS, '@napi-rs/keyring', /^@opentelemetry\//],
    resolve: { alias },
    preserveEntrySignatures: 'allow-extension',
    plugins: [
      {
        name: 'packed-anchors',
        load: (id) => (id.endsWith('/dist/src/scrub/every-anchor.js') ? anchors : undefined),
      },
      { name: 'without-examples', transform: withoutExamples },
    ],
  });
  // What a compiler has not to read takes no time. The names of functions stay, for the frames of a bug report.
  const mangle = { toplevel: false, keepNames: { function: true, class: true } };
  const minify = { compress: false, mangle, codegen: { removeWhitespace: true } };
  const names = { entryFileNames: '[name].cjs', chunkFileNames: 'secretctl-[name].cjs' };
  // What a launch loads while the server starts is one file, not one for each room that something else shares with it.
  const codeSplitting = {
    includeDependenciesRecursively: false,
    groups: [
      { name: 'scrubber', test: LOADED_TOGETHER },
      { name: 'core', test: CORE },
    ],
  };
  const { output } = await build.write({
    dir: inRoot('dist'),
    ...names,
    format: 'cjs',
    paths: { [DETECTORS]: `./${DETECTORS}.cjs` },
    minify,
    codeSplitting,
  });
  await build.close();
  checkCore(output);
  chmodSync(inRoot('dist/secretctl.cjs'), 0o755);
}

/** The entry must find all that it needs at once in itself: what it took from another file would be loaded by every launch. */
function checkCore(output) {
  const { imports } = output.find(({ fileName }) => fileName === 'secretctl.cjs');
  const files = imports.filter(
    (name) => name.endsWith('.cjs') && !name.includes(DETECTORS) && !name.includes('runtime'),
  );
  if (files.length > 0) throw new Error(`CORE lacks what secretctl.cjs takes from ${files.join(', ')}`);
}

/** What stands in the place of every-anchor.js: no detector is loaded before an anchor of one stands in a line. */
async function packedAnchors() {
  const { DETECTORS: detectors } = await import('../dist/src/scrub/detectors/index.js');
  const { anchorsOf } = await import('../dist/src/scrub/detectors/literals.js');
  const { pack } = await import('../dist/src/scrub/detectors/packed.js');
  const packed = JSON.stringify(pack(anchorsOf(detectors), detectors));
  return `import { unpack } from './detectors/packed.js';
import { once } from './once.js';
export const everyAnchor = once(() => unpack(${packed}, () => require('${DETECTORS}').DETECTORS));`;
}

/** Leaves out of the detectors what only their tests read. */
function withoutExamples(code, id) {
  if (!id.includes('/dist/src/scrub/detectors/')) return undefined;
  const kept = [];
  let from = 0;
  const leaveOut = (start, end) => {
    kept.push(code.slice(from, start));
    from = end;
  };
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type !== 'ObjectExpression') {
      for (const child of Object.values(node)) visit(child);
      return;
    }
    for (const [index, property] of node.properties.entries()) {
      if (ONLY_TESTED.includes(property.key?.name))
        leaveOut(property.start, node.properties[index + 1]?.start ?? node.end - 1);
      else visit(property);
    }
  };
  visit(parseAst(code));
  return { code: kept.join('') + code.slice(from), map: null };
}
