// A real PostgreSQL for the demo and the tests: loopback only, SCRAM passwords, gone without a trace after `stop`.

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client, type QueryResult } from 'pg';
import { onAbruptEnd, temporaryFolder } from './leave-nothing.js';
import { copyPrograms, unprivilegedAccount, type Account } from './postgres-native.js';

export type Row = Readonly<Record<string, unknown>>;

/** How a superuser reaches the server. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly url: string;
}

export interface Postgres extends PostgresAddress {
  /** Process id of the server's first process. */
  readonly pid: number;
  /** Runs one statement or several; the rows of the last one. */
  readonly run: (sql: string, database?: string) => Promise<readonly Row[]>;
  /** Ends the server, waits for it and removes its folder. May be called again. */
  readonly stop: () => Promise<void>;
}

const SUPERUSER = 'postgres';
const HOST = '127.0.0.1';
// The data lives for seconds: nothing of it needs to survive a crash.
const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'autovacuum=off',
  'shared_buffers=16MB',
  'max_connections=40',
  'jit=off',
  'io_method=sync',
  'max_logical_replication_workers=0',
];

/** Starts a new server with an empty data folder; throws with the server's own words when it does not come up. */
export async function startPostgres(): Promise<Postgres> {
  const account = await unprivilegedAccount();
  const folder = await temporaryFolder('secretctl-postgres-', account === undefined ? 0o700 : 0o755);
  try {
    const programs = await copyPrograms(join(folder.path, 'native'), account);
    const data = join(folder.path, 'data');
    await makeOwned(data, account);
    const password = randomBytes(18).toString('base64url');
    await initialise(programs.initdb, data, password, account);
    const { server, port } = await startServer(programs.postgres, data, account);
    const forget = onAbruptEnd(() => server.kill('SIGQUIT'));
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await endServer(server);
      await folder.remove();
      forget();
    };
    const address = addressOf(`postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`);
    return {
      ...address,
      pid: server.pid ?? 0,
      run: (sql, database) => runSql(address, sql, database),
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function makeOwned(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
}

async function initialise(initdb: string, data: string, password: string, account: Account | undefined): Promise<void> {
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', '--pwfile', passwordFile];
  args.push('-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-sync', '--no-instructions');
  try {
    const child = spawn(initdb, args, { ...spawnOptions(data, account), stdio: ['ignore', 'ignore', 'pipe'] });
    const words = collect(child);
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error(`initdb ended with status ${child.exitCode}:\n${words.text}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** A port that was free a moment ago may be taken when the server binds it: then another one is tried. */
async function startServer(postgres: string, data: string, account: Account | undefined, attempts = 5) {
  const port = await freePort();
  const args = ['-D', data, '-h', HOST, '-p', String(port), '-k', '', ...FAST.flatMap((setting) => ['-c', setting])];
  const server = spawn(postgres, args, { ...spawnOptions(data, account), stdio: ['ignore', 'ignore', 'pipe'] });
  const words = collect(server);
  if (await words.appear('ready to accept connections')) return { server, port };
  if (attempts > 1 && /could not bind|Address already in use/.test(words.text)) {
    return startServer(postgres, data, account, attempts - 1);
  }
  throw new Error(`postgres did not start:\n${words.text}`);
}

function spawnOptions(data: string, account: Account | undefined): SpawnOptions {
  return { cwd: data, env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] }, ...account };
}

/** Keeps reading stderr, since a full pipe would stop the server; only the first words are kept. */
function collect(child: ChildProcess) {
  let seen = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (seen.length < 100_000) seen += text;
  });
  return {
    get text() {
      return seen;
    },
    /** True when the text appeared, false when the process ended before. */
    appear: (text: string) =>
      new Promise<boolean>((resolve) => {
        child.stderr?.on('data', () => seen.includes(text) && resolve(true));
        child.once('close', () => resolve(false));
        child.once('error', (error) => {
          seen += error.message;
          resolve(false);
        });
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port on the loopback interface');
  return address.port;
}

/** Fast shutdown, then immediate, then no more asking (PostgreSQL manual, "Shutting Down the Server"). */
async function endServer(server: ChildProcess): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit', { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  }
}

/** The parts of a connection URL. */
export function addressOf(url: string): PostgresAddress {
  const { hostname, port, username, password, pathname } = new URL(url);
  const text = decodeURIComponent;
  return {
    host: hostname,
    port: Number(port),
    user: text(username),
    password: text(password),
    database: pathname.slice(1),
    url,
  };
}

/** A connection per call: nothing is held open that `stop` would have to wait for. */
export async function runSql(
  { host, port, user, password, database }: PostgresAddress,
  sql: string,
  other = database,
): Promise<readonly Row[]> {
  const client = new Client({ host, port, user, password, database: other });
  await client.connect();
  try {
    // Several statements give several results, which the types of pg do not say.
    const results: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(sql);
    return (Array.isArray(results) ? results.at(-1)?.rows : results.rows) ?? [];
  } finally {
    await client.end();
  }
}
