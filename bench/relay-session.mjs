// The client of `npm run bench:relay`: it counts lines and bytes and parses nothing, so that it costs as little as can be.

import { end, start } from './relay-processes.mjs';
import { FIRST_ID } from './relay-payload.mjs';

const NEWLINE = 0x0a;
const PATIENCE = 30_000;
const INITIALIZE = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1' },
};

export function request(method, params = {}, id = FIRST_ID) {
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${JSON.stringify(params)}}\n`;
}

/** Starts the case's command; `started` is the seconds until `initialize` was answered. */
export async function openSession(way, server, place) {
  const from = performance.now();
  const child = start(way.command(server), { cwd: place.cwd, env: { ...place.env, ...way.env } });
  const session = sessionOn(child);
  try {
    session.send(request('initialize', INITIALIZE));
    await session.lines(1);
  } catch (error) {
    await session.end();
    throw error;
  }
  const started = (performance.now() - from) / 1000;
  session.send('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return { ...session, started };
}

function sessionOn(child) {
  const seen = { lines: 0, bytes: 0 };
  let waiting;
  let failure;
  let onBytes;
  const fail = (why) => {
    failure ??= new Error(why);
    waiting?.reject(failure);
    waiting = undefined;
  };
  child.stdout.on('data', (chunk) => {
    seen.bytes += chunk.length;
    const before = seen.lines;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) seen.lines++;
    onBytes?.(chunk, seen.lines - before);
    waiting?.timer.refresh();
    if (waiting?.isEnough(seen.lines) !== true) return;
    waiting.resolve();
    waiting = undefined;
  });
  child.stdout.on('close', () => fail('the session ended'));
  child.on('error', () => fail('it cannot be started'));

  /** Resolves when so many lines have come since this call as `isEnough` wants; the bytes they had. */
  const until = async (isEnough) => {
    const before = seen.bytes;
    seen.lines = 0;
    const timer = setTimeout(() => fail(`no answer in ${PATIENCE / 1000} s`), PATIENCE);
    await new Promise((resolve, reject) => {
      waiting = { isEnough, resolve, reject, timer };
      if (failure !== undefined) fail('');
    }).finally(() => clearTimeout(timer));
    return seen.bytes - before;
  };
  return {
    pid: child.pid,
    send: (text) => child.stdin.write(text),
    until,
    lines: (count) => until((lines) => lines >= count),
    /** Calls `handler` with each chunk, and how many lines it ended, from now on; with none, for no chunk. */
    watch: (handler) => (onBytes = handler),
    /** Nothing is read from here to `read`. */
    stop: () => child.stdout.pause(),
    read: () => child.stdout.resume(),
    end: () => end(child),
  };
}

/** Hands `onLine` each line, without its newline. */
export function framer(onLine) {
  let pending = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      const line = chunk.subarray(from, at);
      onLine(pending.length === 0 ? line : Buffer.concat([...pending, line]));
      pending = [];
      from = at + 1;
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
  };
}
