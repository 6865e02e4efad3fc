// The environment of the child: an allow-list, then what the profile names. Nothing else is inherited.

import type { Environment } from '../system/host.js';

const POSIX = [
  'LOGNAME',
  'SHELL',
  'TERM',
  'USER',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
] as const;

/** The default list of the MCP SDK's clients (v2), which are known to suffice on Windows. */
const WINDOWS = [
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'PROGRAMW6432',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'WINDIR',
] as const;

/** A locale or time zone can be a path to a file that a library loads: only names pass. */
const NAME_ONLY = new Set(['TZ', 'LANG', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES']);
const PLAIN_NAME = /^[A-Za-z0-9_.@:+/-]*$/;

export interface ChildEnvironmentInput {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** From the password database: a client's config that sets HOME could bring an .npmrc that runs code. */
  readonly accountHome: string;
  /** From `trustedPath`. */
  readonly path: string;
  /** Rendered entries of the profile; they win. */
  readonly entries: ReadonlyMap<string, string>;
}

export function childEnvironment(input: ChildEnvironmentInput): Record<string, string> {
  const child: Record<string, string> = {};
  for (const name of input.platform === 'win32' ? WINDOWS : POSIX) {
    const value = input.env[name];
    if (value !== undefined && isHarmless(name, value)) child[name] = value;
  }
  child[input.platform === 'win32' ? 'USERPROFILE' : 'HOME'] = input.accountHome;
  child['PATH'] = input.path;
  for (const [name, value] of input.entries) child[name] = value;
  return child;
}

function isHarmless(name: string, value: string): boolean {
  // Values that start with "()" were shell functions once; the SDK's clients skip them too.
  if (value.startsWith('()')) return false;
  if (!NAME_ONLY.has(name)) return true;
  return PLAIN_NAME.test(value) && !value.startsWith('/') && !value.startsWith(':') && !value.includes('..');
}
