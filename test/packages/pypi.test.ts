// Packages of PyPI, with uv itself and a stand-in for PyPI. Where uv is not installed, nothing of it runs.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomPassword } from '../support/credentials.js';
import { parseJson, textAt } from '../support/data.js';
import { notRun } from '../support/errors.js';
import { connect } from '../support/mcp.js';
import { HEAD, pinnedHome, type PinnedHome } from '../support/pinned-home.js';
import { bundle } from '../support/project.js';
import { type PypiStandIn, pypiStandIn } from '../support/pypi-stand-in.js';
import { type RegistryStandIn, registryStandIn } from '../support/registry-stand-in.js';

const MODULE = `
import json, os, sys
from stand_in_dependency import VERSION
def main():
    for line in sys.stdin:
        message = json.loads(line)
        if 'id' not in message:
            continue
        facts = json.dumps({'file': __file__, 'args': sys.argv[1:], 'dependency': VERSION})
        answers = {
            'initialize': lambda: {'protocolVersion': message['params']['protocolVersion'], 'capabilities': {'tools': {}}, 'serverInfo': {'name': 's', 'version': '1'}},
            'tools/call': lambda: {'content': [{'type': 'text', 'text': facts}]},
        }
        print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': answers[message['method']]()}), flush=True)
`;
const UVX = `${HEAD}  command: uvx\n  args: [stand-in-server, one] # both\n`;

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const missing = ['uv', 'python3'].find((program) => !has(program));
if (missing !== undefined) notRun(`packages of PyPI: there is no ${missing}`);

(missing === undefined ? describe : describe.skip)('packages of PyPI', () => {
  let npm: RegistryStandIn;
  let pypi: PypiStandIn;
  let home: PinnedHome;
  beforeAll(async () => {
    npm = await registryStandIn();
    pypi = await pypiStandIn();
    publishDependency('1.0.0');
    pypi.publish('stand_in_server', '1.2.3', `# ${randomPassword()}\n${MODULE}`, ['stand-in-dependency>=1']);
  });
  afterAll(async () => {
    await pypi.close();
    await npm.close();
  });
  beforeEach(async () => {
    home = await pinnedHome(npm);
    home.env['UV_DEFAULT_INDEX'] = pypi.url;
  });
  afterEach(() => home.remove());

  function publishDependency(version: string): void {
    const module = `VERSION = '${version}' # ${randomPassword()}\nmain = None\n`;
    pypi.publish('stand_in_dependency', version, module);
  }

  const lock = (): string => join(home.path, 'profiles', 'shop.lock.txt');

  test('pinned, installed, and started from a repository that hijacks Python', async () => {
    await home.demand('init', '--key-file');
    const { stderr } = await home.pin(UVX);
    expect(stderr).toContain('pinned pypi:stand-in-server@1.2.3');
    expect(home.text()).toMatch(
      /^ {2}package: pypi:stand-in-server@1\.2\.3\n {2}tree: sha256:\w+\n {2}args: \[one\] # both\n$/m,
    );
    expect(readFileSync(lock(), 'utf8')).not.toContain(pypi.url);
    publishDependency('1.9.0');
    await home.demand('prefetch', 'shop');
    const pin = textAt(parseJson((await home.demand('profile', 'check', 'shop', '--json')).stdout), 'pin');
    const repository = join(home.path, 'repository');
    mkdirSync(join(repository, '.git'), { recursive: true });
    const evil = `open(${JSON.stringify(join(repository, 'TAKEN'))}, 'w')\n`;
    for (const name of ['json.py', 'stand_in_server.py', 'sitecustomize.py'])
      writeFileSync(join(repository, name), evil);
    const session = await connect({
      command: process.execPath,
      args: [bundle, 'mcp-launch', 'shop'],
      env: { ...home.env, SECRETCTL_TRUST: pin, PYTHONPATH: repository, UV_DEFAULT_INDEX: 'http://127.0.0.1:9' },
      cwd: repository,
    });
    const { content } = await session.client.callTool({ name: 'facts', arguments: {} });
    await session.close();
    expect(JSON.parse((content as [{ text: string }])[0].text)).toEqual({
      file: expect.stringContaining(home.packages),
      args: ['one'],
      dependency: '1.0.0',
    });
    expect(existsSync(join(repository, 'TAKEN'))).toBe(false);
  });

  test('a client that sets PATH chooses neither uv nor Python', async () => {
    await home.demand('init', '--key-file');
    await home.pin(UVX);
    const pin = textAt(parseJson((await home.demand('profile', 'check', 'shop', '--json')).stdout), 'pin');
    const hostile = join(home.path, 'hostile');
    mkdirSync(hostile, { mode: 0o755 });
    for (const name of ['uv', 'python3', 'python', 'python3.13'])
      writeFileSync(join(hostile, name), `#!/bin/sh\ntouch ${join(hostile, 'TAKEN')}\n`, { mode: 0o755 });
    Object.assign(home.env, { SECRETCTL_TRUST: pin, PATH: hostile });
    await home.command('mcp-launch', 'shop');
    expect(existsSync(join(hostile, 'TAKEN'))).toBe(false);
  });

  test('an archive that was changed, and a lock file with an index of its own, are refused', async () => {
    await home.pin(`${HEAD}  package: pypi:stand-in-server@1.2.3\n`);
    const pinned = readFileSync(lock(), 'utf8');
    writeFileSync(lock(), `--index-url ${pypi.url}\n${pinned}`);
    expect(await home.command('prefetch', 'shop')).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('has a line that pins nothing'),
    });
    writeFileSync(lock(), pinned);
    pypi.publish('stand_in_server', '1.2.3', `# ${randomPassword()}\n`);
    await home.pin(`${HEAD}  package: pypi:stand-in-server@1.2.3\n`);
    pypi.replaceArchives();
    const { status, stderr } = await home.command('prefetch', 'shop');
    expect(stderr).toContain('what the registry delivers is not what was pinned');
    expect([status, home.installed()]).toEqual([65, []]);
  });
});
