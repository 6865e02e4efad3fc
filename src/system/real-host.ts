// The host of a real process. What may be missing (an account, a working directory) is looked at when it is needed.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SecretctlError } from '../errors.js';
import type { Host } from './host.js';
import { placesOf } from './places.js';

export function realHost(): Host {
  const { env, platform } = process;
  return {
    argv: process.argv.slice(2),
    env,
    get cwd() {
      return workingDirectory();
    },
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    platform,
    get accountHome() {
      return account().homedir;
    },
    uid: process.geteuid?.(),
    pid: process.pid,
    node: process.execPath,
    get places() {
      const home = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
      return placesOf(env, home !== undefined && isAbsolute(home) ? home : account().homedir, platform);
    },
    builtinProfiles: packagedFolder('profiles'),
    now: () => new Date(),
  };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw new SecretctlError('config', 'the working directory is gone', 'cd /');
  }
}

function account() {
  try {
    return userInfo();
  } catch {
    const hint = 'add an entry for this user id to /etc/passwd';
    throw new SecretctlError('config', 'this user has no account in the password database', hint);
  }
}

/** The bundle lies in `dist/`, this module in `dist/src/system/`: the packaged folders stand above both. */
function packagedFolder(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, name);
    if (dirname(folder) === folder) throw new SecretctlError('internal', `the packaged folder "${name}" is missing`);
  }
}
