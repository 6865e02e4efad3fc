// The command line of the official inspector on server-everything: the same output and the same status with and without
// secretctl. It needs Node ≥22.19 and takes two minutes, so it runs where INSPECTOR names it:
//   npm install --prefix /tmp/inspector @modelcontextprotocol/inspector@2.12.0
//   INSPECTOR=/tmp/inspector/node_modules/.bin/mcp-inspector npm run jest -- inspector

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { bundle, serverEverything } from '../support/project.js';

const inspector = process.env['INSPECTOR'] ?? '';
const compared = inspector === '' ? describe.skip : describe;
if (inspector === '') process.stderr.write('the inspector is not compared: INSPECTOR does not name it\n');

const call = (name: string, ...args: string[]): string[] => [
  '--method',
  'tools/call',
  '--tool-name',
  name,
  ...args.flatMap((arg) => ['--tool-arg', arg]),
];

compared('mcp-inspector --cli', () => {
  const token = randomPassword();
  let home: Home;
  let env: Record<string, string> = {};
  beforeAll(async () => {
    home = await newHome();
    await home.demand(['set', 'api/token'], `${token}\n`);
    const profile = nodeProfile('everything', [serverEverything, 'stdio'], 'env:\n  TOKEN: secret://api/token\n');
    env = { ...home.env, SECRETCTL_TRUST: await home.addProfile('everything', profile) };
  });
  afterAll(() => home.remove());

  /** The inspector gives a server a short list of variables only. */
  const inspect = (command: string[], method: string[]): ReturnType<typeof run> => {
    const variables = Object.entries({ ...env, TOKEN: token }).map(([name, value]) => `${name}=${value}`);
    const server = ['/usr/bin/env', ...variables, process.execPath, ...command];
    return run(process.execPath, [inspector, '--cli', '-q', '--format', 'json', ...server, ...method], {
      env,
      cwd: home.path,
    });
  };

  test.each([
    ['tools/list', ['--method', 'tools/list']],
    ['resources/list', ['--method', 'resources/list']],
    ['resources/templates/list', ['--method', 'resources/templates/list']],
    ['prompts/list', ['--method', 'prompts/list']],
    ['echo', call('echo', 'message=größe 東京')],
    ['get-sum', call('get-sum', 'a=1', 'b=2')],
    ['get-structured-content', call('get-structured-content', 'location=New York')],
    ['get-tiny-image', call('get-tiny-image')],
    ['get-resource-links', call('get-resource-links', 'count=2')],
    ['get-annotated-message', call('get-annotated-message', 'messageType=error')],
    ['an unknown tool', call('no-such-tool')],
    ['prompts/get', ['--method', 'prompts/get', '--prompt-name', 'simple-prompt']],
    ['logging/setLevel', ['--method', 'logging/setLevel', '--log-level', 'debug']],
  ])('%s', async (_, method) => {
    const direct = await inspect([serverEverything, 'stdio'], method);
    const within = await inspect([bundle, 'mcp-launch', 'everything'], method);
    expect({ status: within.status, stdout: within.stdout }).toEqual({ status: direct.status, stdout: direct.stdout });
    expect(direct.stdout.length > 2).toBe(direct.status === 0);
  });

  test('get-env shows the token of the server only without secretctl', async () => {
    const direct = await inspect([serverEverything, 'stdio'], call('get-env'));
    const within = await inspect([bundle, 'mcp-launch', 'everything'], call('get-env'));
    expect(within.status).toBe(0);
    expect(within.stdout).toContain('[REDACTED:TOKEN]');
    expect(within.stdout).not.toContain(JSON.stringify(JSON.stringify(token)).slice(3, -3));
    expect(direct.status).toBe(0);
  });
});
