// Opens a vault of 10,000 secrets by its key file, and one by the keychain where gnome-keyring is installed, and reads one
// secret, in a process of its own, beside an empty Node process: `npm run bench:vault -- [ROUNDS]`. Medians of interleaved
// rounds.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyringSession, noKeyring } from '../dist/test/support/keyring-session.js';

const ROUNDS = Number(process.argv[2] ?? 25);
const ENTRIES = 10_000;
const TARGET_MS = 60;
const print = (line) => process.stdout.write(`${line}\n`);
const bundle = fileURLToPath(new URL('../dist/secretctl.cjs', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'secretctl-bench-'));
const session = noKeyring() === undefined ? await keyringSession(folder, 'unlocked') : undefined;
try {
  const keyFile = { PATH: process.env['PATH'], SECRETCTL_HOME: join(folder, 'by-key-file') };
  fill(keyFile, '--key-file');
  const get = [bundle, 'get', 'db/secret-777'];
  const ways = {
    'an empty Node process': [keyFile, '-e', '0'],
    'secretctl version': [keyFile, bundle, 'version'],
    'secretctl get NAME': [keyFile, ...get],
    'secretctl get NAME --stdout (audited)': [keyFile, ...get, '--stdout'],
  };
  if (session === undefined) print(`not by the keychain: ${noKeyring()}`);
  else {
    const keychain = { ...session.env, SECRETCTL_HOME: join(folder, 'by-keychain') };
    fill(keychain, '--keychain');
    ways['secretctl get NAME (keychain)'] = [keychain, ...get];
  }
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [way, [env, ...args]] of Object.entries(ways)) times[way].push(timed(args, env));
  const [empty] = Object.values(times).map(median);
  for (const [way, each] of Object.entries(times)) {
    const middle = median(each);
    print(`${way.padEnd(40)} ${middle.toFixed(1).padStart(7)} ms  ${(middle - empty).toFixed(1).padStart(6)} ms more`);
  }
  print(`target: open and read one of ${ENTRIES} secrets in at most ${TARGET_MS} ms more than an empty process`);
} finally {
  await session?.stop();
  rmSync(folder, { recursive: true, force: true });
}

function fill(env, slot) {
  timed([bundle, 'init', slot], env);
  const entries = Array.from({ length: ENTRIES }, (_, index) => [`db/secret-${index}`, `${index} ${'x'.repeat(50)}`]);
  timed([bundle, 'import', '-', '--from', 'json'], env, JSON.stringify(Object.fromEntries(entries)));
}

function timed(args, env, input = '') {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, input });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - start;
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
