// Opens a vault of 10,000 secrets by its key file and reads one, in a process of its own, beside an empty Node process:
// `npm run bench:vault -- [ROUNDS]`. Medians of interleaved rounds.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVault } from '../dist/src/vault/store.js';

const ROUNDS = Number(process.argv[2] ?? 25);
const ENTRIES = 10_000;
const TARGET_MS = 60;
const print = (line) => process.stdout.write(`${line}\n`);
const bundle = fileURLToPath(new URL('../dist/secretctl.cjs', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'secretctl-bench-'));
try {
  await fill(folder);
  const env = { PATH: process.env['PATH'], SECRETCTL_HOME: folder };
  const ways = {
    'an empty Node process': ['-e', '0'],
    'secretctl version': [bundle, 'version'],
    'secretctl get NAME': [bundle, 'get', 'db/secret-777'],
    'secretctl get NAME --stdout (audited)': [bundle, 'get', 'db/secret-777', '--stdout'],
  };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [way, args] of Object.entries(ways)) times[way].push(timed(args, env));
  const [empty] = Object.values(times).map(median);
  for (const [way, each] of Object.entries(times)) {
    const middle = median(each);
    print(`${way.padEnd(40)} ${middle.toFixed(1).padStart(7)} ms  ${(middle - empty).toFixed(1).padStart(6)} ms more`);
  }
  print(`target: open and read one of ${ENTRIES} secrets in at most ${TARGET_MS} ms more than an empty process`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(home) {
  const places = { vault: join(home, 'vault.sctl'), keyFile: join(home, 'vault.key'), state: join(home, 'state') };
  const vault = await createVault({
    places,
    uid: process.geteuid?.(),
    slots: [{ type: 'keyfile', path: places.keyFile }],
  });
  const names = Array.from({ length: ENTRIES }, (_, index) => `db/secret-${index}`);
  await vault.putAll(() => new Map(names.map((name) => [name, { value: `${name} ${'x'.repeat(40)}` }])));
  vault.close();
}

function timed(args, env) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
