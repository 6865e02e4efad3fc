// The program that talks to a registry (npm, uv), as it is run for a package: in a folder of our own, with the user's own
// settings, and nothing that the launcher's environment, a repository or the package could decide but which registry is asked.

import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import { childEnvironment } from '../process/environment.js';
import { toolRunner, type ToolResult } from '../process/tool.js';
import type { Environment, Host } from '../system/host.js';
import type { Fetching } from './ecosystem.js';

export interface Fetcher {
  readonly command: string;
  /** What to do where it is missing. */
  readonly missing: string;
  /**
   * The one setting of its own that counts from the environment: some machines have their registry nowhere else. A registry
   * can do no more than fail where everything is fetched by its digest.
   */
  readonly registryVariable: string;
  readonly explain: (stderr: string) => Pick<SecretctlError, 'code' | 'message'>;
}

/** How machines behind a proxy reach a registry. With both, somebody could listen in on the login of the user's own. */
const NETWORK = 'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy NODE_EXTRA_CA_CERTS SSL_CERT_FILE';

/** Throws what `explain` makes of a failure. Of what the program says nothing is told: addresses may hold a password. */
export async function runFetcher(fetcher: Fetcher, args: readonly string[], fetching: Fetching): Promise<void> {
  const { folder, spec, retry, signal } = fetching;
  const result = await run(fetcher, args, fetching, folder, signal);
  if (result.status === 0) return;
  const { code, message } = fetcher.explain(result.stderr);
  throw new SecretctlError(code, `${spec} cannot be installed: ${message}`, retry);
}

async function run(
  fetcher: Fetcher,
  args: readonly string[],
  { host, distrusted, byPerson, retry }: Fetching,
  cwd: string,
  signal: AbortSignal,
): Promise<ToolResult> {
  const { platform, uid, node, accountHome, env } = host;
  // An allow-list, so that no secret of the launcher's environment gets there.
  const own = childEnvironment({ env, platform, accountHome, path: pathOf(host, byPerson), entries: new Map() });
  const runTool = toolRunner({ env: own, platform, uid, node, profileFolder: '/', distrusted, packaged: true });
  const names = byPerson ? NETWORK.split(' ') : [];
  const more = { ...Object.fromEntries(names.map((name) => [name, env[name]])), ...registryOf(fetcher, env) };
  try {
    return await runTool({ command: fetcher.command, args, cwd, env: more, signal });
  } catch (error) {
    if (!(error instanceof SecretctlError) || error.code !== 'command-not-found') throw error;
    throw new SecretctlError('command-not-found', error.message, byPerson ? fetcher.missing : retry);
  }
}

/**
 * After the folders of the system, which come first. What is found decides what is installed, and is nobody's to approve:
 * so under a client, whose config can set PATH, only a folder of the account that no variable moves.
 */
function pathOf({ env, accountHome }: Host, byPerson: boolean): string {
  return byPerson ? (env['PATH'] ?? '') : join(accountHome, '.local', 'bin');
}

function registryOf({ registryVariable }: Fetcher, env: Environment): Environment {
  const name = Object.keys(env).find((key) => key.toLowerCase() === registryVariable.toLowerCase());
  const url = name === undefined ? undefined : env[name];
  return url !== undefined && /^https?:\/\/\S+$/.test(url) ? { [registryVariable]: url } : {};
}
