// The 2026-07-28 era with the official client and server of that era: negotiated, pinned and as a fallback, the same answers
// with and without secretctl.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, type VersionNegotiationMode } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { randomPassword } from '../support/credentials.js';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { answerOf } from '../support/mcp.js';
import { bundle, root, serverEverything } from '../support/project.js';

const modern = join(root, 'test', 'fixtures', 'servers', 'modern.mjs');
const token = randomPassword();

let home: Home;
const pins = new Map<string, string>();
beforeAll(async () => {
  home = await newHome();
  await home.demand(['set', 'api/token'], `${token}\n`);
  const add = async ([name, path]: [string, string]): Promise<void> => {
    const profile = nodeProfile(name, [path], 'env:\n  TOKEN: secret://api/token\n');
    pins.set(name, await home.addProfile(name, profile));
  };
  await Promise.all(Object.entries({ modern, everything: serverEverything }).map(add));
});
afterAll(() => home.remove());

async function connected(
  mode: VersionNegotiationMode,
  command: string[],
  env: Record<string, string>,
): Promise<Client> {
  const client = new Client(
    { name: 'secretctl-test', version: '1.0.0' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { confirm: true } }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: command,
    env,
    cwd: home.path,
    stderr: 'ignore',
  });
  await client.connect(transport);
  return client;
}

const launched = (mode: VersionNegotiationMode, name: string): Promise<Client> =>
  connected(mode, [bundle, 'mcp-launch', name], { ...home.env, SECRETCTL_TRUST: pins.get(name) ?? '' });

const call =
  (name: string, args: Record<string, unknown> = {}) =>
  (client: Client): Promise<unknown> =>
    client.callTool({ name, arguments: args });

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The token stands in texts, and in JSON inside of texts. */
function masked(json: string): string {
  const spellings = [escaped(escaped(token)), escaped(token)];
  return spellings.reduce((text, spelling) => text.replaceAll(spelling, '[REDACTED:TOKEN]'), json);
}

describe.each<[string, VersionNegotiationMode]>([
  ['pinned to 2026-07-28', { pin: '2026-07-28' }],
  ['negotiated', 'auto'],
  ['of the legacy era', 'legacy'],
])('a session %s', (_, mode) => {
  test('is the same with and without secretctl, but for the credential', async () => {
    const direct = await connected(mode, [modern], { TOKEN: token });
    const within = await launched(mode, 'modern');
    try {
      expect(within.getNegotiatedProtocolVersion()).toBe(direct.getNegotiatedProtocolVersion());
      expect(within.getServerVersion()).toEqual(direct.getServerVersion());
      expect(within.getInstructions()).toBe(direct.getInstructions());
      const asks: ((client: Client) => Promise<unknown>)[] = [
        (client) => client.listTools(),
        (client) => client.listResources(),
        (client) => client.readResource({ uri: 'config://main' }),
        call('echo', { message: 'größe 東京 \u2028' }),
        call('environment'),
        call('no-such-tool'),
        ...(mode === 'legacy' ? [] : [call('deploy', { target: 'production' })]),
      ];
      for (const ask of asks) {
        // oxlint-disable-next-line no-await-in-loop -- in this order
        const [without, ours] = [await answerOf(ask(direct)), await answerOf(ask(within))];
        const expected = masked(JSON.stringify(without));
        expect(JSON.stringify(ours)).toBe(expected);
      }
    } finally {
      await Promise.all([direct.close(), within.close()]);
    }
  });
});

test('a client that negotiates finds a server of the legacy era, with one launch more', async () => {
  const client = await launched('auto', 'everything');
  expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
  expect((await client.listTools()).tools.length).toBeGreaterThan(5);
  await client.close();
});
