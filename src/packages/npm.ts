// npm, as it is run for a package: from a folder of our own, with the user's own settings, and nothing that the launcher's
// environment, a repository or the package itself could decide but which registry is asked.

import { SecretctlError } from '../errors.js';
import { childEnvironment } from '../process/environment.js';
import { type RunTool, toolRunner, type ToolResult } from '../process/tool.js';
import type { Environment, Host } from '../system/host.js';

export interface NpmRequest {
  /** `ci`, or `install --package-lock-only`. */
  readonly args: readonly string[];
  /** With its package.json. Nothing above it is looked at. */
  readonly folder: string;
  /** Whom it is for, in messages. */
  readonly spec: string;
  /** The command to try again with. */
  readonly retry: string;
  readonly signal: AbortSignal;
}

export type RunNpm = (request: NpmRequest) => Promise<void>;

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

/** How machines behind a proxy reach a registry. With both, somebody could listen in on the login of the user's own .npmrc. */
const NETWORK = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
];

export interface NpmContext {
  /** Work trees that offer no npm. */
  readonly distrusted: readonly string[];
  /** A person typed the command: their shell's proxy counts. A client's config, which a repository can bring, says nothing. */
  readonly byPerson: boolean;
}

export function npmRunner(host: Host, { distrusted, byPerson }: NpmContext): RunNpm {
  const { platform, uid, node, accountHome, env } = host;
  // An allow-list, so that no secret of the launcher's environment gets there.
  const own = childEnvironment({ env, platform, accountHome, path: env['PATH'] ?? '', entries: new Map() });
  const runTool = toolRunner({ env: own, platform, uid, node, profileFolder: '/', distrusted, packaged: true });
  const network = Object.fromEntries(byPerson ? NETWORK.map((name) => [name, env[name]]) : []);
  const registry = registryOf(env);
  return async ({ args, folder, spec, retry, signal }) => {
    const all = [...args, ...FLAGS, ...registry, '--prefix', folder];
    const result = await run(runTool, { command: 'npm', args: all, cwd: folder, env: network, signal });
    if (result.status !== 0) throw failure(result, spec, retry);
  };
}

async function run(runTool: RunTool, request: Parameters<RunTool>[0]): Promise<ToolResult> {
  try {
    return await runTool(request);
  } catch (error) {
    if (!(error instanceof SecretctlError) || error.code !== 'command-not-found') throw error;
    throw new SecretctlError(
      'command-not-found',
      error.message,
      'install npm beside node: it fetches the package once',
    );
  }
}

/**
 * The one setting of npm's that counts from the environment: some machines have it nowhere else. What a registry can do is
 * limited to failing where packages are fetched by their digests. As an argument it needs no variable to reach npm.
 */
function registryOf(env: Environment): string[] {
  const name = Object.keys(env).find((key) => key.toLowerCase() === 'npm_config_registry');
  const url = name === undefined ? undefined : env[name];
  return url !== undefined && /^https?:\/\/\S+$/.test(url) ? [`--registry=${url}`] : [];
}

const SAYS: Readonly<Record<string, string>> = {
  EINTEGRITY: 'what the registry delivers is not what was pinned',
  E404: 'the registry has no such package',
  ETARGET: 'the registry has no such version',
  ENOVERSIONS: 'the registry has no such version',
  E401: 'the registry wants a login',
  E403: 'the registry refuses it',
  ENOSPC: 'the disk is full',
  ENOGIT: 'it needs a package from a git repository, where nothing pins it',
  EUSAGE: 'the lock file does not fit the package',
};
const UNREACHABLE =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|E50\d|ENOTCACHED|\w*CERT\w*)$/;

/** Of what npm says only its code is told: addresses may hold a password. */
function failure({ stderr }: ToolResult, spec: string, retry: string): SecretctlError {
  const code = /^npm (?:error|ERR!) code (\w+)$/m.exec(stderr)?.[1] ?? 'no code';
  const why = UNREACHABLE.test(code) ? 'the registry cannot be reached' : (SAYS[code] ?? 'npm gave up');
  const kind = code === 'EINTEGRITY' ? 'bad-data' : 'unavailable';
  return new SecretctlError(kind, `${spec} cannot be installed: ${why} (${code})`, retry);
}
