// Where files live: environment in, absolute paths out (XDG Base Directory Specification 0.8; the like elsewhere).

import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { Environment } from './host.js';

export interface Places {
  readonly vault: string;
  readonly keyFile: string;
  /** The private key that opens sealed profiles. */
  readonly identity: string;
  /** Public keys of others, that profiles were sealed for. */
  readonly recipients: string;
  /** The user's own profiles. */
  readonly profiles: string;
  /** Trust records, audit, last generation. */
  readonly state: string;
  readonly cache: string;
}

export function placesOf(env: Environment, home: string, platform: NodeJS.Platform): Places {
  const flat = env['SECRETCTL_HOME'];
  if (flat !== undefined && flat !== '') return flatPlaces(absolute('SECRETCTL_HOME', flat), env);
  const { data, config, state, cache } = bases(env, home, platform);
  return {
    vault: join(data, 'vault.sctl'),
    keyFile: keyFileOf(env, join(config, 'vault.key')),
    identity: identityOf(env, join(config, 'identity.pem')),
    recipients: join(config, 'recipients'),
    profiles: join(config, 'profiles'),
    state,
    cache,
  };
}

/**
 * Where server packages are installed. What lies there runs with credentials, so that no variable may move it alone, as a
 * client's config could: it is in the account's own cache, or goes with the whole home of secretctl, vault and approvals.
 */
export function packagesFolder(env: Environment, accountHome: () => string, platform: NodeJS.Platform): string {
  const flat = env['SECRETCTL_HOME'];
  const isFlat = flat !== undefined && flat !== '';
  const cache = isFlat
    ? flatPlaces(absolute('SECRETCTL_HOME', flat), {}).cache
    : bases({}, accountHome(), platform).cache;
  return join(cache, 'pkg');
}

function flatPlaces(home: string, env: Environment): Places {
  return {
    vault: join(home, 'vault.sctl'),
    keyFile: keyFileOf(env, join(home, 'vault.key')),
    identity: identityOf(env, join(home, 'identity.pem')),
    recipients: join(home, 'recipients'),
    profiles: join(home, 'profiles'),
    state: join(home, 'state'),
    cache: join(home, 'cache'),
  };
}

/** `fallback` unless a variable names another, or systemd hands one over (systemd.exec(5), "Credentials"). */
function keyFileOf(env: Environment, fallback: string): string {
  return named(env, 'SECRETCTL_KEY_FILE') ?? credential(env, 'secretctl.vault.key') ?? fallback;
}

function identityOf(env: Environment, fallback: string): string {
  return named(env, 'SECRETCTL_IDENTITY') ?? credential(env, 'secretctl.identity') ?? fallback;
}

function named(env: Environment, variable: string): string | undefined {
  const path = env[variable];
  return path === undefined || path === '' ? undefined : absolute(variable, path);
}

/** Of a service that was given one. */
function credential(env: Environment, name: string): string | undefined {
  const folder = env['CREDENTIALS_DIRECTORY'];
  if (folder === undefined || !isAbsolute(folder)) return undefined;
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** A relative path would mean another file in every folder that a client starts us in. */
function absolute(variable: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new SecretctlError('config', `${variable} is not an absolute path`, `set ${variable} to an absolute path`);
}

function bases(env: Environment, home: string, platform: NodeJS.Platform) {
  if (platform === 'darwin') return macBases(home);
  if (platform === 'win32') return windowsBases(env, home);
  // The specification says that a relative path is to be ignored.
  const xdg = (variable: string, fallback: string): string => {
    const value = env[variable];
    return join(value !== undefined && isAbsolute(value) ? value : join(home, fallback), 'secretctl');
  };
  return {
    data: xdg('XDG_DATA_HOME', '.local/share'),
    config: xdg('XDG_CONFIG_HOME', '.config'),
    state: xdg('XDG_STATE_HOME', '.local/state'),
    cache: xdg('XDG_CACHE_HOME', '.cache'),
  };
}

function macBases(home: string) {
  const support = join(home, 'Library', 'Application Support', 'secretctl');
  return {
    data: support,
    config: support,
    state: join(support, 'state'),
    cache: join(home, 'Library', 'Caches', 'secretctl'),
  };
}

function windowsBases(env: Environment, home: string) {
  const roaming = join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'secretctl');
  const local = join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'secretctl');
  return { data: roaming, config: roaming, state: join(local, 'state'), cache: join(local, 'cache') };
}
