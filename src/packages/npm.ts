// npm, and what its words for failures mean.

import type { Fetching } from './ecosystem.js';
import { type Fetcher, runFetcher } from './fetcher.js';

const FLAGS = [
  // No code of a package runs before somebody starts it.
  '--ignore-scripts',
  '--bin-links=false',
  // Where a repository is named as a dependency, no git is found to ask it.
  '--git=no-git-for-packages',
  // What a user may have set otherwise and the lock file needs to be so.
  '--package-lock=true',
  '--install-strategy=hoisted',
  '--legacy-peer-deps=false',
  '--global=false',
  '--dry-run=false',
  '--audit=false',
  '--fund=false',
  '--update-notifier=false',
  '--progress=false',
  '--loglevel=error',
  // A client waits: three tries within seconds.
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=3000',
  '--fetch-timeout=60000',
];

const NPM: Fetcher = {
  command: 'npm',
  missing: 'install npm beside node: it fetches the package once',
  registryVariable: 'npm_config_registry',
  explain(stderr) {
    const code = /^npm (?:error|ERR!) code (\w+)$/m.exec(stderr)?.[1] ?? 'no code';
    const why = UNREACHABLE.test(code) ? 'the registry cannot be reached' : (SAYS[code] ?? 'npm gave up');
    return { code: code === 'EINTEGRITY' ? 'bad-data' : 'unavailable', message: `${why} (${code})` };
  },
};

const SAYS: Readonly<Record<string, string>> = {
  EINTEGRITY: 'what the registry delivers is not what was pinned',
  E404: 'the registry has no such package',
  ETARGET: 'the registry has no such version',
  ENOVERSIONS: 'the registry has no such version',
  E401: 'the registry wants a login',
  E403: 'the registry refuses it',
  ENOSPC: 'the disk is full',
  EUSAGE: 'the lock file does not fit the package',
};
const UNREACHABLE =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|E50\d|ENOTCACHED|\w*CERT\w*)$/;

/** `args`: `ci`, or `install --package-lock-only`. Nothing above the folder is looked at. */
export function runNpm(args: readonly string[], fetching: Fetching): Promise<void> {
  return runFetcher(NPM, [...args, ...FLAGS, '--prefix', fetching.folder], fetching);
}
