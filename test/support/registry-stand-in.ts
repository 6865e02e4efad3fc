// A stand-in for the npm registry, on the loopback interface: it serves packages that npm itself packs while a test runs.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface StandInPackage {
  readonly name: string;
  readonly version: string;
  /** More of its package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface RegistryStandIn {
  readonly url: string;
  /** Paths that were asked for, in order: `/@a/b` for what there is, `/@a/b/-/1.0.0.tgz` for an archive. */
  readonly asked: string[];
  /** Makes a version known, and the latest one. */
  readonly publish: (made: StandInPackage) => void;
  /** The registry goes on saying the old digest. */
  readonly replaceArchive: (name: string, version: string) => void;
  /** Archives are not answered for any more, until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly close: () => Promise<void>;
}

interface Version {
  readonly manifest: Readonly<Record<string, unknown>>;
  archive: Buffer;
}

export async function registryStandIn(): Promise<RegistryStandIn> {
  const versions = new Map<string, Map<string, Version>>();
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    asked.push(path);
    const [name = '', version] = path.slice(1).split('/-/');
    const found = versions.get(name);
    const archive = version === undefined ? undefined : found?.get(version.replace(/\.tgz$/, ''))?.archive;
    const answer = (): void => {
      if (archive !== undefined) response.end(archive);
      else if (found === undefined || version !== undefined) send(response, 404, { error: 'not found' });
      else send(response, 200, packument(name, found));
    };
    if (isHeld && archive !== undefined) waiting.push(answer);
    else answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    publish(made) {
      const archive = pack(made);
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
      const dist = { tarball: `${url}/${made.name}/-/${made.version}.tgz`, integrity };
      const manifest = { ...manifestOf(made), dist, hasInstallScript: made.manifest?.['scripts'] !== undefined };
      const all = versions.get(made.name) ?? new Map<string, Version>();
      versions.set(made.name, all.set(made.version, { manifest, archive }));
    },
    replaceArchive(name, version) {
      const known = versions.get(name)?.get(version);
      if (known === undefined) throw new Error(`${name}@${version} was not published`);
      known.archive = pack({ name, version, files: { 'server.js': `console.log('another ${Math.random()}')` } });
    },
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const answer of waiting.splice(0)) answer();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function packument(name: string, versions: ReadonlyMap<string, Version>) {
  const latest = [...versions.keys()].at(-1);
  const all = Object.fromEntries([...versions].map(([version, { manifest }]) => [version, manifest]));
  return { name, 'dist-tags': { latest }, versions: all };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function manifestOf({ name, version, manifest }: StandInPackage) {
  return { name, version, ...manifest };
}

/** As `npm pack` makes it: without running a script of the package. */
function pack(made: StandInPackage): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-pack-'));
  try {
    const files = { ...made.files, 'package.json': JSON.stringify(manifestOf(made)) };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'package', name)), { recursive: true });
      writeFileSync(join(folder, 'package', name), text, { mode: 0o755 });
    }
    const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, join(folder, 'package')];
    // Tests are started by npm, whose settings come with the environment.
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key)));
    const said = JSON.parse(execFileSync('npm', args, { cwd: folder, env, encoding: 'utf8' })) as unknown;
    const [packed] = Object.values(said as Record<string, { readonly filename: string }>);
    if (packed === undefined) throw new Error('npm packed nothing');
    return readFileSync(join(folder, packed.filename.replace('@', '').replace('/', '-')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A server of MCP that needs nothing: its only tool says where it lies, what it was started with, and which version of its
 * dependency it has. `mark`: makes the archive of every run another one, so that no cache of npm knows it.
 */
export function serverFiles(mark: string): Readonly<Record<string, string>> {
  return {
    'bin/server.js': `#!/usr/bin/env node
const { createInterface } = require('node:readline');
const dependency = (() => { try { return require('@stand-in/dependency'); } catch { return null; } })();
const facts = () => ({ file: __filename, args: process.argv.slice(2), dependency, password: process.env.PASSWORD });
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'facts', inputSchema: { type: 'object' } }] }),
  'tools/call': () => ({ content: [{ type: 'text', text: JSON.stringify(facts()) }] }),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method](params) }));
});
`,
    'mark.txt': mark,
  };
}
