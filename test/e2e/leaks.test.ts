// The injected password is nowhere: not in what the client received, in stderr, in any process's arguments, in any file.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { QUESTIONS } from '../../demo/questions.js';
import { leaksIn, randomPassword, stringsOf } from '../support/credentials.js';
import { newHome, nodeProfile, postgresVariables, type Home } from '../support/home.js';
import { answerOf, connect, type Session } from '../support/mcp.js';
import { filesBelow, noProcessList, running, treeOf } from '../support/processes.js';
import { bundle, serverEverything, serverPostgres } from '../support/project.js';
import { sharedPostgres } from '../support/shared-postgres.js';
import { openShop, type Shop } from '../support/shop.js';

let home: Home;

beforeAll(async () => {
  home = await newHome();
  await mkdir(join(home.path, 'tmp'));
});
afterAll(() => home.remove());

/** Temporary files land below the home, where the test finds them. */
function launch(name: string, pin: string): Promise<Session> {
  const env = { ...home.env, SECRETCTL_TRUST: pin, TMPDIR: join(home.path, 'tmp') };
  return connect({ command: process.execPath, args: [bundle, 'mcp-launch', name], env, cwd: home.path });
}

/** What reached the client: as text of the wire, and as the strings that a model reads. */
function reached({ received, stderr }: Session): string {
  return [JSON.stringify(received), ...stringsOf(received), stderr()].join('\n');
}

describe('the password of a database', () => {
  let shop: Shop;
  let session: Session;

  beforeAll(async () => {
    shop = await openShop(sharedPostgres(), 'leaks');
    await home.demand(['set', 'db/shop'], `${shop.url}\n`);
    const args = [serverPostgres, 'postgres:///'];
    const pin = await home.addProfile('shop', nodeProfile('shop', args, postgresVariables('secret://db/shop')));
    session = await launch('shop', pin);
    for (const { ask } of QUESTIONS) await answerOf(ask(session.client));
  }, 60_000);
  afterAll(() => session.close());

  test('the questions do ask for it', async () => {
    const [row] = await sharedPostgres().run("SELECT value FROM settings WHERE key = 'db.password'", 'leaks');
    expect(row?.['value']).toBe(shop.password);
    expect(JSON.stringify(session.received)).toContain('[REDACTED:');
  });

  test('reached neither the client nor stderr', () => {
    expect(leaksIn(reached(session), shop.password)).toEqual([]);
  });

  const whereListed = noProcessList === undefined ? test : test.skip;
  if (noProcessList !== undefined) process.stderr.write(`skipped the arguments of processes: ${noProcessList}\n`);
  whereListed('is in no arguments of any process while the server runs', () => {
    const all = running();
    expect(treeOf(session.pid, all).some(({ command }) => command.includes(serverPostgres))).toBe(true);
    expect(all.filter(({ command }) => leaksIn(command, shop.password).length > 0)).toEqual([]);
  });

  test('is in no file that secretctl or the server wrote', () => {
    const files = filesBelow(home.path);
    expect([...files.keys()]).toContain(join(home.path, 'vault.sctl'));
    expect([...files].filter(([, text]) => leaksIn(text, shop.password).length > 0).map(([path]) => path)).toEqual([]);
  });
});

describe('a token in the environment of a server that prints its environment', () => {
  const token = randomPassword();
  let session: Session;
  let answer: unknown;

  beforeAll(async () => {
    await home.demand(['set', 'api/token'], `${token}\n`);
    const profile = nodeProfile('everything', [serverEverything, 'stdio'], 'env:\n  TOKEN: secret://api/token\n');
    session = await launch('everything', await home.addProfile('everything', profile));
    answer = await answerOf(session.client.callTool({ name: 'get-env', arguments: {} }));
  }, 60_000);
  afterAll(() => session.close());

  test('is redacted by name', () => {
    expect(stringsOf(answer).join('\n')).toContain('[REDACTED:TOKEN]');
    expect(leaksIn(reached(session), token)).toEqual([]);
  });

  test('and nothing of secretctl is in that environment', () => {
    expect(stringsOf(answer).join('\n')).not.toContain('SECRETCTL');
  });

  test('comes back redacted when the client says it itself', async () => {
    const echo = await session.client.callTool({ name: 'echo', arguments: { message: `is it ${token}?` } });
    expect(stringsOf(echo).join('\n')).toContain('is it [REDACTED:TOKEN]?');
  });
});
