// A disk that is really full, and one that is really read-only: a file system of 64 KiB in memory, where we may mount one.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretctl } from '../support/cli.js';
import { notRun } from '../support/errors.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';

let folder: TemporaryFolder;
let disk: string;
let isMounted = false;
const mount = (...args: string[]): boolean => spawnSync('mount', [...args, disk], { stdio: 'ignore' }).status === 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  disk = join(folder.path, 'disk');
  mkdirSync(disk, { mode: 0o700 });
  isMounted = mount('-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs');
});
afterAll(async () => {
  if (isMounted) spawnSync('umount', [disk], { stdio: 'ignore' });
  await folder.remove();
});

test('a full disk loses nothing and locks nothing; a read-only one can be read', async () => {
  if (!isMounted) return notRun('no file system can be mounted here');
  const env = { SECRETCTL_HOME: disk };
  const demand = async (...args: string[]) => {
    const ran = await secretctl(args, { env, input: 'first-value' });
    expect([ran.stderr, ran.status]).toEqual([expect.any(String), 0]);
    return ran.stdout;
  };
  await demand('init', '--key-file');
  await demand('set', 'api/token');
  const names = ['api/token'];
  let failure: { status: number | null; stderr: string } | undefined;
  for (let index = 0; index < 50 && failure === undefined; index++) {
    // oxlint-disable-next-line no-await-in-loop -- until it is full
    const ran = await secretctl(['set', `big/${index}`], { env, input: 'x'.repeat(4000) });
    if (ran.status === 0) names.push(`big/${index}`);
    else failure = ran;
  }
  expect([failure?.status, failure?.stderr]).toEqual([74, expect.stringMatching(/cannot be written \(ENOSPC\)/)]);
  expect(readdirSync(disk).filter((name) => /\.(?:lock|tmp|takeover)$/.test(name))).toEqual([]);
  const listed = JSON.parse(await demand('list', '--json')) as { name: string }[];
  expect(listed.map(({ name }) => name)).toEqual(names.toSorted());
  // There is room again as soon as something goes.
  await demand('delete', 'big/0', '--yes');

  expect(mount('-o', 'remount,ro')).toBe(true);
  expect(await secretctl(['run', '-k', 'api/token', '--', 'true'], { env })).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('not audited'),
  });
  const refused = await secretctl(['set', 'more'], { env, input: 'x' });
  expect([refused.status, refused.stderr]).toEqual([74, expect.stringContaining('EROFS')]);
  expect(JSON.parse((await secretctl(['list', '--json'], { env })).stdout)).toHaveLength(names.length - 1);
});
