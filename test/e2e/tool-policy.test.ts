// The tool policy of a profile, with the official server and client: what docs/tool-policy.md shows.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { blocksOf } from '../support/markdown.js';
import { root, serverEverything } from '../support/project.js';

let home: Home;
beforeAll(async () => {
  home = await newHome();
});
afterAll(() => home.remove());

const [policy = ''] = blocksOf(readFileSync(join(root, 'docs', 'tool-policy.md'), 'utf8'), 'yaml');

test('hides and refuses what it forbids, and leaves the rest', async () => {
  const pin = await home.addProfile('everything', nodeProfile('everything', [serverEverything, 'stdio'], policy));
  const { client, close } = await home.launch('everything', pin);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).toSorted()).toEqual(['get-structured-content', 'get-sum', 'get-tiny-image']);
  const sum = tools.find(({ name }) => name === 'get-sum');
  expect([Object.keys(sum?.inputSchema.properties ?? {}), sum?.inputSchema.required]).toEqual([['a'], ['a']]);
  const call = (name: string, args = {}): Promise<unknown> => client.callTool({ name, arguments: args });
  expect(await call('get-structured-content', { location: 'New York' })).not.toHaveProperty('isError');
  const refused = [
    ['get-env', {}, 'the tool "get-env": tools.deny forbids it'],
    ['echo', { message: 'x' }, 'the tool "echo": tools.allow does not name it'],
    ['get-sum', { a: 1, b: 2 }, 'the argument "b": tools.denyArguments forbids it'],
  ] as const;
  expect(await Promise.all(refused.map(([name, args]) => call(name, args)))).toMatchObject(
    refused.map(([, , why]) => {
      const text = `secretctl: the profile "everything" does not let this call pass: ${why}`;
      return { isError: true, content: [{ type: 'text', text }] };
    }),
  );
  await close();
});
