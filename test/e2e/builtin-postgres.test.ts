// `secretctl mcp-launch postgres`: the packaged profile, with the official server fetched by the real npx.

import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../support/cli.js';
import { leaksIn, stringsOf } from '../support/credentials.js';
import { newHome, type Home } from '../support/home.js';
import { connect } from '../support/mcp.js';
import { running, treeOf } from '../support/processes.js';
import { bundle } from '../support/project.js';
import { sharedPostgres } from '../support/shared-postgres.js';
import { openShop } from '../support/shop.js';

const why = await unreachable();
const describeHere = why === undefined ? describe : describe.skip;
if (why !== undefined) process.stderr.write(`skipped the packaged profile "postgres": ${why}\n`);

/** Asked of the registry as npx will ask, with this account's own npm settings. */
async function unreachable(): Promise<string | undefined> {
  const args = ['view', '@modelcontextprotocol/server-postgres@0.6.2', 'version'];
  try {
    const { stdout } = await run('npm', args, { env: { HOME: userInfo().homedir }, deadline: 10_000 });
    return stdout.includes('0.6.2') ? undefined : 'the npm registry does not know the official server';
  } catch {
    return 'the npm registry cannot be reached';
  }
}

describeHere('mcp-launch postgres', () => {
  let home: Home;
  beforeAll(async () => {
    home = await newHome();
  });
  afterAll(() => home.remove());

  test('queries, redacts, and leaves no process', async () => {
    const shop = await openShop(sharedPostgres(), 'builtin_postgres');
    await home.demand(['set', 'db/postgres/default'], `${shop.url}\n`);
    const args = [bundle, 'mcp-launch', 'postgres'];
    const session = await connect({ command: process.execPath, args, env: { ...home.env }, cwd: home.path });
    const tree = treeOf(session.pid).map(({ pid }) => pid);
    try {
      const rows = await session.client.callTool({ name: 'query', arguments: { sql: 'SELECT * FROM customers' } });
      expect(stringsOf(rows).join('\n')).toContain('Ada Lovelace');
      await session.client.callTool({ name: 'query', arguments: { sql: 'SELECT * FROM settings' } });
      expect(leaksIn([session.stderr(), ...stringsOf(session.received)].join('\n'), shop.password)).toEqual([]);
    } finally {
      await session.close();
    }
    expect(running().filter(({ pid }) => tree.includes(pid))).toEqual([]);
  }, 120_000);
});
