// The same calls with and without secretctl give the same answers, on real servers with the real client.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { randomPassword } from '../support/credentials.js';
import { newHome, nodeProfile, postgresVariables, type Home } from '../support/home.js';
import { answerOf, connect, type Session } from '../support/mcp.js';
import { serverEverything, serverPostgres } from '../support/project.js';
import { sharedPostgres } from '../support/shared-postgres.js';
import { openShop } from '../support/shop.js';

type Call = readonly [name: string, ask: (client: Client) => Promise<unknown>];

const tool = (name: string, args: Record<string, unknown> = {}): Call => [
  `${name} ${JSON.stringify(args)}`,
  (client) => client.callTool({ name, arguments: args }),
];
const query = (sql: string): Call => tool('query', { sql });

const POSTGRES_CALLS: readonly Call[] = [
  ['tools/list', (client) => client.listTools()],
  ['resources/list', (client) => client.listResources()],
  ['resources/read', (client) => client.readResource({ uri: 'postgres:///customers/schema' })],
  ['ping', (client) => client.ping()],
  query('SELECT * FROM customers ORDER BY id'),
  query('SELECT * FROM orders ORDER BY id'),
  query("SELECT config FROM integrations WHERE name <> 'nightly backup' AND id < 0"),
  query('SELECT 9223372036854775807 AS big, 0.1::numeric AS exact, NULL AS nothing'),
  query("SELECT repeat('Zeile\\n' || chr(8232) || chr(128512), 20000) AS long"),
  query('SELECT * FROM nowhere'),
  query('INSERT INTO settings VALUES (1, 2)'),
  tool('no-such-tool'),
];

const EVERYTHING_CALLS: readonly Call[] = [
  ['tools/list', (client) => client.listTools()],
  ['resources/list', (client) => client.listResources()],
  ['resources/templates/list', (client) => client.listResourceTemplates()],
  ['resources/read', (client) => client.readResource({ uri: 'demo://resource/static/document/features.md' })],
  ['a blob', (client) => client.readResource({ uri: 'demo://resource/dynamic/blob/1' })],
  ['no resource', (client) => client.readResource({ uri: 'demo://nowhere' })],
  ['prompts/list', (client) => client.listPrompts()],
  ['prompts/get', (client) => client.getPrompt({ name: 'simple-prompt' })],
  ['prompts/get with arguments', (client) => client.getPrompt({ name: 'args-prompt', arguments: { city: 'Zürich' } })],
  tool('echo', { message: 'quotes " and \\ and \u2028, 東京 🗼, \u0000' }),
  tool('echo', {}),
  tool('get-sum', { a: 0.1, b: 0.2 }),
  tool('get-tiny-image'),
  tool('get-structured-content', { location: 'New York' }),
  tool('get-annotated-message', { messageType: 'error', includeImage: true }),
  tool('get-resource-links', { count: 3 }),
  tool('get-resource-reference', { resourceType: 'Text', resourceId: 1 }),
  tool('trigger-long-running-operation', { duration: 0.2, steps: 2 }),
];

let home: Home;

beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.remove());

describe('server-postgres', () => {
  const both = pairOf(async () => {
    const shop = await openShop(sharedPostgres(), 'transparency');
    await home.demand(['set', 'db/shop'], `${shop.url}\n`);
    const args = [serverPostgres, 'postgres:///'];
    const pin = await home.addProfile('shop', nodeProfile('shop', args, postgresVariables('secret://db/shop')));
    const direct = await connect({ command: process.execPath, args, env: shop.env, cwd: home.path });
    return { direct, launched: await home.launch('shop', pin) };
  });
  sameAnswers(both, POSTGRES_CALLS);
});

describe('server-everything', () => {
  const both = pairOf(async () => {
    const token = randomPassword();
    await home.demand(['set', 'api/token'], `${token}\n`);
    const args = [serverEverything, 'stdio'];
    const profile = nodeProfile('everything', args, 'env:\n  TOKEN: secret://api/token\n');
    const pin = await home.addProfile('everything', profile);
    const direct = await connect({ command: process.execPath, args, env: { TOKEN: token }, cwd: home.path });
    return { direct, launched: await home.launch('everything', pin) };
  });
  sameAnswers(both, EVERYTHING_CALLS);
});

interface Pair {
  readonly direct: Session;
  readonly launched: Session;
}

function pairOf(open: () => Promise<Pair>): () => Pair {
  let pair: Pair | undefined;
  beforeAll(async () => {
    pair = await open();
  }, 60_000);
  afterAll(async () => {
    await Promise.all([pair?.direct.close(), pair?.launched.close()]);
  });
  return () => {
    if (pair === undefined) throw new Error('the servers did not start');
    return pair;
  };
}

function sameAnswers(both: () => Pair, calls: readonly Call[]): void {
  test('initialize', () => {
    const { direct, launched } = both();
    expect(launched.client.getServerVersion()).toEqual(direct.client.getServerVersion());
    expect(launched.client.getServerCapabilities()).toEqual(direct.client.getServerCapabilities());
    expect(launched.client.getInstructions()).toEqual(direct.client.getInstructions());
  });
  test.each(calls)('%s', async (_, ask) => {
    const { direct, launched } = both();
    const [without, within] = [await answerOf(ask(direct.client)), await answerOf(ask(launched.client))];
    expect(timeless(within)).toEqual(timeless(without));
  });
}

/** server-everything writes the time of day into its texts and blobs. */
function timeless(answer: unknown): unknown {
  const clock = /\d+:\d+:\d+ [AP]M/;
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    const text = key === 'blob' ? Buffer.from(value, 'base64').toString('latin1') : value;
    return clock.test(text) ? text.replaceAll(new RegExp(clock, 'g'), 'some time') : value;
  });
}
