// The host of a real process.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SecretctlError } from '../errors.js';
import type { Host } from './host.js';
import { placesOf } from './places.js';

export function realHost(): Host {
  const { homedir, username } = userInfo();
  const { env, platform } = process;
  const home = (platform === 'win32' ? env['USERPROFILE'] : env['HOME']) ?? homedir;
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    platform,
    accountHome: homedir,
    accountName: username,
    uid: process.geteuid?.(),
    pid: process.pid,
    get places() {
      return placesOf(env, home === '' ? homedir : home, platform);
    },
    builtinProfiles: packagedFolder('profiles'),
    now: () => new Date(),
  };
}

/** The bundle lies in `dist/`, this module in `dist/src/system/`: the packaged folders stand above both. */
function packagedFolder(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, name);
    if (dirname(folder) === folder) throw new SecretctlError('internal', `the packaged folder "${name}" is missing`);
  }
}
