// As a desktop client starts it: by absolute path, from a folder that has nothing to do with it, with HOME and PATH only.
// The key file in its default place opens the vault; a person's approval stands in the state folder.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, type Run } from '../support/cli.js';
import { leaksIn } from '../support/credentials.js';
import { nodeProfile, postgresVariables } from '../support/home.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { connect } from '../support/mcp.js';
import { filesBelow } from '../support/processes.js';
import { bundle, serverPostgres } from '../support/project.js';
import { sharedPostgres } from '../support/shared-postgres.js';
import { openShop, type Shop } from '../support/shop.js';
import { noTerminal, onTerminal } from '../support/terminal.js';

const linux = process.platform === 'linux' ? undefined : 'the default places of this system are others';
const why = linux ?? noTerminal();
const describeHere = why === undefined ? describe : describe.skip;
if (why !== undefined) process.stderr.write(`skipped the plain environment: ${why}\n`);

let folder: TemporaryFolder;
let shop: Shop;

/** `env -i` takes away what the SDK's transport and `script` add. */
function plain(...args: readonly string[]): readonly string[] {
  return ['env', '-i', `HOME=${folder.path}`, `PATH=${process.env['PATH'] ?? ''}`, process.execPath, bundle, ...args];
}

function secretctl(args: readonly string[], input = ''): Promise<Run> {
  const [command = '', ...rest] = plain(...args);
  return run(command, rest, { cwd: '/', input });
}

describeHere('with HOME and PATH only', () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    shop = await openShop(sharedPostgres(), 'plain_environment');
    const profiles = join(folder.path, '.config', 'secretctl', 'profiles');
    await mkdir(profiles, { recursive: true, mode: 0o700 });
    const profile = nodeProfile('shop', [serverPostgres, 'postgres:///'], postgresVariables('secret://db/shop'));
    await writeFile(join(profiles, 'shop.yaml'), profile, { mode: 0o600 });
  });
  afterAll(() => folder.remove());

  test('init and set use the default places', async () => {
    expect(await secretctl(['init', '--key-file'])).toMatchObject({ status: 0 });
    expect(await secretctl(['set', 'db/shop'], `${shop.url}\n`)).toMatchObject({ status: 0 });
    expect([...filesBelow(folder.path).keys()]).toEqual(
      expect.arrayContaining([
        join(folder.path, '.config/secretctl/vault.key'),
        join(folder.path, '.local/share/secretctl/vault.sctl'),
      ]),
    );
  });

  test('the client connects once a person approved the plan, and queries', async () => {
    const dialogue = [
      [/\[y\/N\]/, 'y\n'],
      [/name/, 'shop\n'],
    ] as const;
    const approval = await onTerminal(plain('trust', 'shop'), { cwd: '/', dialogue });
    expect(approval).toMatchObject({ status: 0 });
    const [command = '', ...args] = plain('mcp-launch', 'shop');
    const session = await connect({ command, args, cwd: '/' });
    try {
      const rows = await session.client.callTool({ name: 'query', arguments: { sql: 'SELECT name FROM customers' } });
      expect(JSON.stringify(rows)).toContain('Ada Lovelace');
      await session.client.callTool({ name: 'query', arguments: { sql: 'SELECT * FROM settings' } });
      expect(leaksIn(JSON.stringify(session.received), shop.password)).toEqual([]);
    } finally {
      await session.close();
    }
  }, 60_000);
});
