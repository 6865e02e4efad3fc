// Minutes of traffic through one launcher: nothing leaks, nothing is lost, and its memory stays flat.
//   npm run soak [-- MINUTES]        default 10; prints a line each half minute, ends with status 1 when memory has grown

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from './corpus.mjs';

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) throw new RangeError('usage: bench/soak.mjs [MINUTES]');
/** The second half may need so much more than the first, in megabytes: garbage is collected when the engine likes. */
const TOLERANCE = 16;
const IN_FLIGHT = 8;

const inProject = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = inProject('../dist/secretctl.cjs');
const home = mkdtempSync(join(tmpdir(), 'secretctl-soak-'));
const token = createRandom(Date.now()).text(32, 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789');
const env = { PATH: process.env.PATH, HOME: home, SECRETCTL_HOME: home };
const secretctl = (args, input) =>
  execFileSync(process.execPath, [bundle, ...args], { env, cwd: home, input, stdio: ['pipe', 'pipe', 'ignore'] });

try {
  process.exitCode = await soak(prepare());
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** The pin of the profile. */
function prepare() {
  mkdirSync(join(home, 'profiles'), { mode: 0o700 });
  secretctl(['init', '--key-file']);
  secretctl(['set', 'api/token'], `${token}\n`);
  const server = JSON.stringify([inProject('soak-server.mjs')]);
  const profile = `secretctl: 1\nname: soak\nserver:\n  command: ${JSON.stringify(process.execPath)}\n  args: ${server}\nenv:\n  TOKEN: secret://api/token\n`;
  writeFileSync(join(home, 'profiles', 'soak.yaml'), profile, { mode: 0o600 });
  return JSON.parse(secretctl(['profile', 'check', 'soak', '--json'])).pin;
}

async function soak(pin) {
  const launcher = spawn(process.execPath, [bundle, 'mcp-launch', 'soak'], {
    env: { ...env, SECRETCTL_TRUST: pin },
    cwd: home,
  });
  const counts = { answers: 0, leaks: 0, next: 1 };
  const ask = () => launcher.stdin.write(`{"jsonrpc":"2.0","id":${counts.next++},"method":"tools/call","params":{}}\n`);
  launcher.stderr.on('data', (chunk) => (counts.leaks += chunk.includes(token) ? 1 : 0));
  createInterface({ input: launcher.stdout }).on('line', (line) => {
    counts.answers++;
    if (line.includes(token)) counts.leaks++;
    ask();
  });
  for (let index = 0; index < IN_FLIGHT; index++) ask();
  const samples = await sampled(launcher.pid, counts);
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.stdin.end();
  await ended;
  return verdict(samples, counts);
}

async function sampled(pid, counts) {
  const samples = [];
  const end = Date.now() + minutes * 60_000;
  for (let round = 1; Date.now() < end; round++) {
    await setTimeout(1000);
    samples.push(residentMegabytes(pid));
    if (round % 30 === 0)
      process.stdout.write(`${round} s: ${counts.answers} answers, ${samples.at(-1).toFixed(0)} MB\n`);
  }
  return samples;
}

function residentMegabytes(pid) {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function verdict(samples, { answers, leaks }) {
  // The first quarter warms up.
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [median(samples.slice(quarter, 2 * quarter)), median(samples.slice(-quarter))];
  process.stdout.write(
    `${answers} answers, ${leaks} leaks; resident ${early.toFixed(1)} MB early, ${late.toFixed(1)} MB late\n`,
  );
  return leaks > 0 || late - early > TOLERANCE ? 1 : 0;
}

function median(list) {
  return list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)];
}
