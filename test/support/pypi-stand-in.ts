// A stand-in for PyPI, on the loopback interface: one version each of a few packages, as wheels that Python's own zipfile makes.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PypiStandIn {
  readonly url: string;
  readonly asked: string[];
  /** `name`: with `_`. `needs`: requirements of it. */
  readonly publish: (name: string, version: string, module: string, needs?: readonly string[]) => void;
  /** The index goes on saying the old digest. */
  readonly replaceArchives: () => void;
  readonly close: () => Promise<void>;
}

const MAKE = `
import json, sys, zipfile
path, files = sys.argv[1], json.load(sys.stdin)
with zipfile.ZipFile(path, 'w') as wheel:
    for name, text in files.items():
        wheel.writestr(name, text)
`;

export async function pypiStandIn(): Promise<PypiStandIn> {
  const files = new Map<string, { bytes: Buffer; readonly digest: string }>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const file = files.get(path.replace('/files/', ''));
    const name = /^\/simple\/([a-z0-9-]+)\/$/.exec(path)?.[1]?.replaceAll('-', '_');
    const links = [...files].filter(([key]) => key.startsWith(`${name}-`));
    const html = links.map(([key, { digest }]) => `<a href="/files/${key}#sha256=${digest}">${key}</a>`).join('');
    if (file !== undefined) response.end(file.bytes);
    else if (html === '') response.writeHead(404).end();
    else
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><html><body>${html}</body></html>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    asked,
    publish(name, version, module, needs = []) {
      const bytes = wheelOf(name, version, module, needs);
      files.set(`${name}-${version}-py3-none-any.whl`, { bytes, digest: digestOf(bytes) });
    },
    replaceArchives() {
      for (const file of files.values()) file.bytes = Buffer.concat([file.bytes, Buffer.alloc(1)]);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function wheelOf(name: string, version: string, module: string, needs: readonly string[]): Buffer {
  const info = `${name}-${version}.dist-info`;
  const required = needs.map((need) => `Requires-Dist: ${need}\n`).join('');
  const contents = {
    [`${name}/__init__.py`]: module,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${required}`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/entry_points.txt`]: `[console_scripts]\n${name.replaceAll('_', '-')} = ${name}:main\n`,
    [`${info}/RECORD`]: '',
  };
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-wheel-'));
  try {
    execFileSync('python3', ['-c', MAKE, join(folder, 'x.whl')], { input: JSON.stringify(contents) });
    return readFileSync(join(folder, 'x.whl'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
