// What a relay costs between an MCP client and its server, with real processes:
//   npm run bench:relay [-- --rounds N] [--quick] [--peers FOLDER] [--node PATH]
// Cases take turns in every round and medians are compared: only the ratios mean something on a shared machine.

import { availableParallelism, constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeHome } from './relay-home.mjs';
import { fingerprint, longLineMemory, stalledMemory, throughputs } from './relay-measures.mjs';
import { findPeers, installHint } from './relay-peers.mjs';
import { hasProc, killAll, start } from './relay-processes.mjs';
import { openSession } from './relay-session.mjs';
import { median, tableOf } from './relay-table.mjs';

const inBench = (name) => fileURLToPath(new URL(name, import.meta.url));
const server = [process.execPath, inBench('relay-server.cjs')];
const SUBJECT = 'secretctl';
/** Starts per round: one alone says little. */
const STARTS = 3;
/** Memory varies little, and takes long. */
const MEMORY_ROUNDS = 3;

const options = readArguments();
const print = (line = '') => process.stdout.write(`${line}\n`);
const home = makeHome(server);
process.on('exit', () => {
  killAll();
  home.remove();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

const peers = findPeers(options.peers, options.node);
const CASES = [
  { name: 'direct', command: () => server },
  { name: 'pipe', command: () => [process.execPath, inBench('relay-pipe.cjs'), ...server] },
  home.secretctl,
  { name: 'sdk', command: () => [process.execPath, inBench('relay-sdk.mjs'), ...server] },
  ...peers.cases,
];
const EMPTY = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };

/** Row → case → values; a text instead of the list says why there are none. */
const measured = new Map();
/** Case → the first thing in which it changed what the server wrote. */
const altered = new Map();

introduce();
await compareBytes();
for (let round = 0; round < options.rounds; round++) {
  progress(`round ${round + 1} of ${options.rounds}`);
  const turn = CASES.map((_, index) => CASES[(index + round) % CASES.length]);
  await startUps(turn);
  await throughputRound(turn);
  if (hasProc && round < MEMORY_ROUNDS) await memoryRound(turn);
}
progress('');
report();

function readArguments() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'string', default: process.env.BENCH_PEERS },
      node: { type: 'string', default: process.env.BENCH_NODE },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 7));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError('usage: bench/relay.mjs [--rounds N] [--quick] [--peers FOLDER] [--node PATH]');
  }
  return { ...values, rounds, scale: values.quick ? 0.1 : 1 };
}

function introduce() {
  print(`${options.rounds} rounds, Node ${process.version}, ${process.platform}, ${availableParallelism()} processors`);
  for (const { name, about } of peers.cases) print(`${name}: ${about}`);
  for (const { name, why } of peers.left) print(`${name}: left out, ${why}`);
  if (peers.left.some(({ canBeInstalled }) => canBeInstalled)) print(`  ${installHint(options.peers)}`);
  if (!hasProc) print('memory and processor time: left out, there is no /proc');
}

/** Whose bytes are the server's own. */
async function compareBytes() {
  let own;
  for (const way of CASES) {
    const digest = await inSession(way, fingerprint).catch((error) => error.message);
    own ??= digest;
    if (digest !== own) altered.set(way.name, 'not the bytes that the server wrote');
  }
}

async function startUps(turn) {
  for (let index = 0; index < STARTS; index++) {
    await attempt('start-up', EMPTY, async () => ({ 'start-up': await emptyProcess() }));
    for (const way of turn) {
      await attempt('start-up', way, () => inSession(way, ({ started }) => ({ 'start-up': started })));
    }
  }
}

async function emptyProcess() {
  const from = performance.now();
  const child = start(EMPTY.command, home.place);
  await new Promise((resolve) => child.once('exit', resolve));
  return (performance.now() - from) / 1000;
}

/** All sessions are open at once, and only one of them is ever busy. */
async function throughputRound(turn) {
  const sessions = new Map();
  for (const way of turn) {
    const session = await open(way).catch(() => undefined);
    if (session !== undefined) sessions.set(way, { ...session, hasCpu: hasProc && isRelay(way) });
  }
  for (const { row, run } of throughputs(options.scale)) {
    for (const [way, session] of sessions) {
      // Whoever has failed once may be out of step, or gone.
      if (!(await attempt(row, way, () => run(session)))) sessions.delete(way);
      if (!sessions.has(way)) await session.end();
    }
  }
  for (const session of sessions.values()) await session.end();
}

async function memoryRound(turn) {
  for (const way of turn.filter(isRelay)) {
    await attempt('memory, client stalled', way, () => inSession(way, stalledMemory));
    await attempt('memory, line of 64 MB', way, () => inSession(way, longLineMemory));
  }
}

function isRelay({ name }) {
  return name !== 'direct';
}

async function open(way) {
  const session = await openSession(way, server, home.place);
  return { ...session, onAltered: (what) => altered.has(way.name) || altered.set(way.name, what) };
}

async function inSession(way, work) {
  const session = await open(way);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/** Keeps the values that `work` gives by row; or why it gives none, and then asks no more. False for that. */
async function attempt(row, { name }, work) {
  if (typeof entryOf(row, name) === 'string') return true;
  try {
    for (const [each, value] of Object.entries(await work())) entryOf(each, name).push(value);
    return true;
  } catch (error) {
    measured.get(row).set(name, error.message);
    return false;
  }
}

function entryOf(row, name) {
  if (!measured.has(row)) measured.set(row, new Map());
  const cases = measured.get(row);
  if (!cases.has(name)) cases.set(name, []);
  return cases.get(name);
}

/** On a terminal, for whoever waits. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function report() {
  const names = [...CASES, EMPTY].map(({ name }) => name);
  const results = new Map(
    [...measured].map(([row, cases]) => {
      const known = names.filter((name) => cases.has(name));
      return [row, new Map(known.map((name) => [name, resultOf(cases.get(name))]))];
    }),
  );
  print();
  for (const line of tableOf(results, SUBJECT)) print(line);
  if (altered.size > 0) print();
  for (const [name, what] of altered) print(`${name}: altered what it relays, ${what}`);
  if (options.quick) print('\n--quick is for trying the benchmark out: its numbers mean little');
}

function resultOf(values) {
  return typeof values === 'string' ? values : median(values);
}
