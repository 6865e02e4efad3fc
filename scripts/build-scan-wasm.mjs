// Writes src/scrub/scan/module.ts: scripts/scan/scan.as.ts, compiled and kept as base64, so that a published file needs no
// second file and a build no compiler. `--check` only says whether it is fresh.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const TARGET = fileURLToPath(new URL('../src/scrub/scan/module.ts', import.meta.url));
const SOURCE = readFileSync(new URL('scan/scan.as.ts', import.meta.url), 'utf8');

const module = await compile();
const lines =
  Buffer.from(module)
    .toString('base64')
    .match(/.{1,112}/g) ?? [];
const text = `// Made by scripts/build-scan-wasm.mjs out of scripts/scan/scan.as.ts. Do not edit.

export const MODULE = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    process.stderr.write('src/scrub/scan/module.ts is stale: run node scripts/build-scan-wasm.mjs\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}

async function compile() {
  let binary;
  let messages = '';
  const options = '-O3 --converge --noAssert --runtime stub --enable simd --memoryBase 3072 --initialMemory 4';
  const { error } = await main(
    ['scan.as.ts', ...options.split(' '), '--maximumMemory', '4', '--outFile', 'scan.wasm'],
    {
      readFile: (name) => (name === 'scan.as.ts' ? SOURCE : null),
      writeFile: (name, contents) => {
        if (name === 'scan.wasm') binary = contents;
      },
      listFiles: () => [],
      stderr: { write: (message) => void (messages += message) },
    },
  );
  if (error !== null) throw new Error(`${error.message}\n${messages}`);
  return binary;
}
