// What `npm run bench:relay` measures. Each measure takes a running session and returns its values by the name of their row;
// each looks whether everything came, too, for a relay that loses something is no fast one.

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createOrder, FIRST_ID } from './relay-payload.mjs';
import { cpuSeconds, memoryOf } from './relay-processes.mjs';
import { framer, request } from './relay-session.mjs';
import { percentile } from './relay-table.mjs';

const KB = 1000;
const MB = 1e6;
const IN_FLIGHT = 64;
/** Results of 1 MB that are asked for ahead. */
const AHEAD = 8;
/** Milliseconds after which no more is asked: for whoever is very slow. */
const LONGEST = 3000;
const STALL_LINES = 200;
const LINE_BYTES = 64 * MB;
/** What a parser changes: numbers beyond the exact ones, spellings of a text, blanks. */
const ECHO = String.raw`{"big":9007199254740993,"one":1.0,"text":"\u00e9\/é","blank" : null}`;
const SMALL = 200;

/** One after the other in one session; `row` names the first row that `run` gives. `scale` 1 is the full size. */
export function throughputs(scale) {
  const times = (count) => Math.max(2, Math.round(count * scale));
  return [
    { row: 'round trip 200 B', run: (session) => roundTrips(session, '200 B', SMALL, times(400)) },
    { row: 'round trip 20 KB', run: (session) => roundTrips(session, '20 KB', 20 * KB, times(300)) },
    { row: 'round trip 1 MB', run: (session) => roundTrips(session, '1 MB', MB, times(30)) },
    { row: 'tool call 200 B', run: (session) => toolCalls(session, times(400)) },
    { row: '64 in flight', run: (session) => inFlight(session, times(20_000)) },
    { row: 'burst', run: (session) => burst(session, times(100_000)) },
    { row: 'results of 1 MB', run: (session) => pipelined(session, times(256)) },
  ];
}

/** Everybody is warmed up with so many. */
const tenth = (count) => Math.ceil(count / 10);

async function roundTrips(session, name, size, count) {
  return { [`round trip ${name}`]: await timeOf(session, request('bench/result', { size }), size, count) };
}

/** What is recorded of a call costs a little more than any other message. */
async function toolCalls(session, count) {
  const line = request('tools/call', { name: 'result', arguments: { size: SMALL } });
  return { 'tool call 200 B': await timeOf(session, line, SMALL, count) };
}

/** Seconds from the request to its answer. */
async function timeOf(session, line, size, count) {
  const times = [];
  for (let index = -tenth(count); index < count; index++) {
    const from = performance.now();
    session.send(line);
    expectBytes(session, await session.lines(1), size + 1);
    if (index >= 0) times.push(performance.now() - from);
  }
  return percentile(times, 50) / 1000;
}

async function inFlight(session, count) {
  await keepAsking(session, SMALL, tenth(count), IN_FLIGHT);
  const { rate } = await keepAsking(session, SMALL, count, IN_FLIGHT);
  return { '64 in flight': rate };
}

async function pipelined(session, count) {
  await keepAsking(session, MB, tenth(count), AHEAD);
  const cpu = session.hasCpu ? cpuSeconds(session.pid) : undefined;
  const { asked, rate } = await keepAsking(session, MB, count, AHEAD);
  const rows = { 'results of 1 MB': rate };
  if (cpu !== undefined) rows['processor time'] = ((cpuSeconds(session.pid) - cpu) * 1000) / asked;
  return rows;
}

/** Results, so many asked for ahead: `count` of them, or as many as there is time for. How many a second. */
async function keepAsking(session, size, count, ahead) {
  const line = request('bench/result', { size });
  const from = performance.now();
  let asked = 0;
  const ask = (lines) => {
    const more = performance.now() - from > LONGEST ? 0 : Math.min(lines, count - asked);
    asked += more;
    if (more > 0) session.send(line.repeat(more));
  };
  session.watch((chunk, lines) => ask(lines));
  ask(ahead);
  const bytes = await session.until((lines) => lines === asked);
  const seconds = (performance.now() - from) / 1000;
  session.watch();
  expectBytes(session, bytes, asked * (size + 1));
  return { asked, rate: asked / seconds };
}

async function burst(session, count) {
  await oneBurst(session, tenth(count));
  return { burst: count / (await oneBurst(session, count)) };
}

/** Seconds. */
async function oneBurst(session, count) {
  const order = createOrder();
  let wrong = 0;
  session.watch(
    framer((line) => {
      if (!order.take(line)) wrong++;
    }),
  );
  const from = performance.now();
  session.send(request('bench/burst', { count }));
  await session.lines(count + 1);
  const seconds = (performance.now() - from) / 1000;
  session.watch();
  // The answer itself is the only line that is no notification of the burst.
  if (order.taken !== count || wrong !== 1) throw new Error(`${count - order.taken} of ${count} lost or out of order`);
  return seconds;
}

/** Resident memory of one process: at rest, then with a client that stops reading. */
export async function stalledMemory(session) {
  await pause(500);
  const rows = { 'memory at rest': memoryOf(session.pid).now };
  session.stop();
  session.send(request('bench/offer', { count: STALL_LINES, size: MB }));
  rows['memory, client stalled'] = await settled(session.pid);
  session.read();
  expectBytes(session, await session.lines(STALL_LINES), STALL_LINES * (MB + 1));
  return rows;
}

export async function longLineMemory(session) {
  session.send(request('bench/result', { size: LINE_BYTES }));
  expectBytes(session, await session.lines(1), LINE_BYTES + 1);
  return { 'memory, line of 64 MB': memoryOf(session.pid).most };
}

/** The most memory when a whole second has added nothing. */
async function settled(pid) {
  for (let most = 0, quiet = 0; ;) {
    await pause(100);
    const now = memoryOf(pid).most;
    quiet = now > most ? 0 : quiet + 1;
    most = now;
    if (quiet === 10) return most;
  }
}

/** A digest of what comes back for one request of each kind: equal where nothing was altered. */
export async function fingerprint(session) {
  const hash = createHash('sha256');
  session.watch((chunk) => hash.update(chunk));
  const echo = `{"jsonrpc":"2.0","id":${FIRST_ID},"method":"bench/echo","params":${ECHO}}\n`;
  for (const line of [...[SMALL, 20 * KB, MB].map((size) => request('bench/result', { size })), echo]) {
    session.send(line);
    await session.lines(1);
  }
  session.watch();
  return hash.digest('hex');
}

/** A relay that alters something may still be fast: it is said, and goes on. One that loses lines gets no further. */
function expectBytes({ onAltered }, bytes, expected) {
  if (bytes !== expected) onAltered(`${bytes} bytes came where the server wrote ${expected}`);
}
