// Whom `npm run bench:relay` compares with, at which version, and how each is started. None of them is a dependency: they are
// looked for in an npm prefix (`--peers FOLDER`), and left out where they are not.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values that a peer redacts are read from these files of its working folder, which the benchmark writes. */
export const ENV_FILE = '.env';
export const SCHEMA_FILE = '.env.schema';

const PEERS = [
  {
    name: 'varlock',
    package: 'varlock',
    version: '1.20.0',
    bin: 'bin/cli.js',
    node: 22,
    args: ['run', '--'],
    env: { VARLOCK_TELEMETRY_DISABLED: 'true' },
  },
  {
    name: 'dotenvx',
    package: '@dotenvx/dotenvx',
    version: '2.38.2',
    bin: 'src/cli/dotenvx.js',
    args: ['run', '--redact', '--no-armor', '--no-native', '-f', ENV_FILE, '--'],
  },
  {
    name: 'supergateway',
    package: 'supergateway',
    version: '4.0.0',
    bin: 'dist/index.js',
    not: 'it serves a stdio server over HTTP, not over stdio',
  },
  {
    name: 'mcp-proxy',
    package: 'mcp-proxy',
    version: '6.7.19',
    bin: 'dist/bin/mcp-proxy.mjs',
    not: 'it serves a stdio server over HTTP, not over stdio',
  },
];

/**
 * `cases`: those that can run, each with `command(server)`, its command line in front of the server's. `left`: the others,
 * each with the reason. `otherNode` is for those that ask for a later Node than ours.
 */
export function findPeers(folder, otherNode) {
  const cases = [];
  const left = [];
  for (const peer of PEERS) {
    const node = nodeFor(peer, otherNode);
    const why = peer.not ?? (node === undefined ? `it needs Node ${peer.node}: --node PATH` : absence(peer, folder));
    if (why !== undefined) left.push({ name: peer.name, why, canBeInstalled: peer.not === undefined });
    else cases.push(caseOf(peer, folder, node));
  }
  return { cases, left };
}

function caseOf({ name, package: id, version, bin, args, env = {} }, folder, node) {
  const script = join(folder, 'node_modules', id, bin);
  return { name, about: `${id} ${version}`, env, command: (server) => [node, script, ...args, ...server] };
}

function nodeFor({ node: least = 0 }, otherNode) {
  return Number.parseInt(process.versions.node, 10) >= least ? process.execPath : otherNode;
}

/** Undefined when it is there, at the version that the table names. */
function absence({ package: id, version, bin }, folder) {
  if (folder === undefined) return 'not looked for: --peers FOLDER';
  const manifest = join(folder, 'node_modules', id, 'package.json');
  if (!existsSync(manifest) || !existsSync(join(manifest, '..', bin))) return `not installed in ${folder}`;
  const found = JSON.parse(readFileSync(manifest, 'utf8')).version;
  return found === version ? undefined : `version ${found} is installed, ${version} is compared`;
}

/** The command that puts them where `--peers` looks. */
export function installHint(folder = 'FOLDER') {
  const wanted = PEERS.filter((peer) => peer.not === undefined).map((peer) => `${peer.package}@${peer.version}`);
  return `npm install --prefix ${folder} ${wanted.join(' ')}`;
}
