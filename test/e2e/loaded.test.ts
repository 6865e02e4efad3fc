// A launch loads what it needs and nothing else: start-up is the product.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { parseJson } from '../support/data.js';
import { newHome, nodeProfile } from '../support/home.js';
import { bundle, root } from '../support/project.js';

test('mcp-launch loads its own parts only', async () => {
  const home = await newHome();
  const server = join(root, 'test', 'fixtures', 'servers', 'pour.mjs');
  const pin = await home.addProfile('echo', nodeProfile('echo', [server, 'echo'], ''));
  const args = ['--require', join(root, 'test', 'fixtures', 'loaded.cjs'), bundle, 'mcp-launch', 'echo'];
  const launcher = spawn(process.execPath, args, { env: { ...home.env, SECRETCTL_TRUST: pin }, cwd: home.path });
  launcher.stdin.end('{"id":1,"result":{}}\n');
  const [errors] = await Promise.all([text(launcher.stderr), text(launcher.stdout), once(launcher, 'close')]);
  const { files, builtin } = parseJson(/^LOADED (.*)$/m.exec(errors)?.[1] ?? '') as Record<
    'files' | 'builtin',
    string[]
  >;
  expect(
    files.filter((name) => !/^(?:loaded|secretctl(?:-(?:glob|scrubber|rolldown-runtime))?)\.cjs$/.test(name)),
  ).toEqual([]);
  // What would cost milliseconds, or could reach out.
  const heavy = ['http', 'https', 'http2', 'tls', 'zlib', 'worker_threads', 'inspector', 'repl', 'cluster', 'wasi'];
  expect(builtin.filter((name) => heavy.includes(name))).toEqual([]);
  await home.remove();
});
