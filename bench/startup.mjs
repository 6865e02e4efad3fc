// From the start to the server's answer to `initialize`: a pinned package beside its file by hand and beside npx, with and
// without secretctl: `npm run bench:startup -- [ROUNDS]`. Medians of interleaved rounds. Asks the npm registry for the
// package before it measures anything.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './relay-table.mjs';

const ROUNDS = Number(process.argv[2] ?? 15);
const PACKAGE = '@modelcontextprotocol/server-postgres@0.6.2';
const ARGUMENT = 'postgres:///';
const BY_HAND = 'node FILE, by hand';
const TARGET = 1.2;

const print = (line) => process.stdout.write(`${line}\n`);
const bundle = fileURLToPath(new URL('../dist/secretctl.cjs', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'secretctl-bench-')));
const env = { ...process.env, SECRETCTL_HOME: folder };

const QUESTION = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
});

try {
  secretctl(['init', '--key-file']);
  mkdirSync(join(folder, 'profiles'), { mode: 0o700 });
  const npx = ['npx', '-y', PACKAGE, ARGUMENT];
  const pinned = profile('pinned', npx);
  secretctl(['profile', 'pin', 'pinned']);
  secretctl(['prefetch', 'pinned']);
  const file = secretctl(['prefetch', 'pinned']).stderr.trim().split(' ').at(-1);
  const byHand = [process.execPath, file, ARGUMENT];
  const cases = {
    [BY_HAND]: byHand,
    'npx, warm': npx,
    'secretctl, command: node FILE': profile('by-command', byHand),
    'secretctl, command: npx': profile('by-npx', npx),
    'secretctl, package: pinned': pinned,
  };
  report(await measure(cases));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes a profile and returns the command that launches it. */
function profile(name, [command, ...args]) {
  const server = `server:\n  command: ${JSON.stringify(command)}\n  args: ${JSON.stringify(args)}\n`;
  writeFileSync(join(folder, 'profiles', `${name}.yaml`), `secretctl: 1\nname: ${name}\n${server}`, { mode: 0o600 });
  return [process.execPath, bundle, 'mcp-launch', name];
}

function secretctl(args) {
  const result = spawnSync(process.execPath, [bundle, ...args], { env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return result;
}

async function measure(cases) {
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  const all = Object.keys(cases).filter((name) => name.startsWith('secretctl'));
  const pins = all.map((name) => JSON.parse(secretctl(['profile', 'check', cases[name].at(-1), '--json']).stdout).pin);
  const launch = { ...env, SECRETCTL_TRUST: pins.join(',') };
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, command] of Object.entries(cases)) {
      const took = await startUp(command, launch);
      // The first of each warms the caches.
      if (round >= 0) times[name].push(took);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]));
}

/** Milliseconds. */
async function startUp([command, ...args], environment) {
  const from = performance.now();
  const child = spawn(command, args, { cwd: '/', env: environment, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  child.stdin.write(`${QUESTION}\n`);
  await once(child.stdout, 'data');
  const took = performance.now() - from;
  child.stdin.end();
  process.kill(-child.pid, 'SIGTERM');
  await once(child, 'close');
  return took;
}

function report(medians) {
  const hand = medians[BY_HAND];
  for (const [name, middle] of Object.entries(medians)) {
    print(
      `${name.padEnd(34)} ${middle.toFixed(0).padStart(6)} ms  ${(middle / hand).toFixed(2).padStart(6)} x by hand`,
    );
  }
  const [, npx, command, byNpx, pinned] = Object.values(medians);
  const launcher = command - hand;
  print(`of that, the launcher itself       ${launcher.toFixed(0).padStart(6)} ms`);
  const ratio = (pinned - launcher) / hand;
  const verdict = ratio <= TARGET ? 'met' : 'NOT met';
  print(
    `pinned without the launcher        ${ratio.toFixed(2).padStart(6)} x by hand (target: at most ${TARGET}, ${verdict})`,
  );
  print(
    `pinned beside npx                  ${(pinned / npx).toFixed(2).padStart(6)} x, beside secretctl with npx ${(pinned / byNpx).toFixed(2)} x`,
  );
}
