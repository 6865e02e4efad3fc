// One PostgreSQL for all e2e files: started once by jest's globalSetup, found by the workers through their environment.
// initdb costs about a second, so a server per file would cost more than all the queries together.

import { exitOnSignals, temporaryFolder, type TemporaryFolder } from './leave-nothing.js';
import { addressOf, runSql, startPostgres, type Postgres } from './postgres.js';

const VARIABLE = 'SECRETCTL_TEST_POSTGRES';
let started: Postgres | undefined;
let folder: TemporaryFolder | undefined;

export async function startShared(): Promise<void> {
  exitOnSignals();
  // Whatever the tests make lies in here, so that nothing of it outlives an interrupted run.
  folder = await temporaryFolder('secretctl-tests-', 0o755);
  process.env['TMPDIR'] = folder.path;
  started = await startPostgres();
  process.env[VARIABLE] = started.url;
}

export async function stopShared(): Promise<void> {
  await started?.stop();
  await folder?.remove();
}

/** The running server, as a test file sees it: without `stop`, since it belongs to all of them. */
export function sharedPostgres(): Omit<Postgres, 'stop' | 'pid'> {
  const told = process.env[VARIABLE];
  if (told === undefined)
    throw new Error('no PostgreSQL: test/support/global-setup.ts is to be globalSetup of these tests');
  const address = addressOf(told);
  return { ...address, run: (sql, database) => runSql(address, sql, database) };
}
