// `server.package` and what pins it: exactly this package, with exactly these dependencies.

import { parsePackage } from './package-spec.js';
import type { Finding } from './text.js';
import { stringOf, valueIn, type Tree } from './tree.js';
import type { PinnedPackage } from './types.js';

const PIN = 'secretctl profile pin NAME';
/** What a package needs beside it, and what a command has no use for. */
const BESIDE = ['integrity', 'tree', 'bin'] as const;

/** Undefined where a command stands, or what stands here cannot be started; findings say so. */
export function readPackage(server: Tree | undefined, findings: Finding[]): PinnedPackage | undefined {
  const tree = valueIn(server, 'package');
  if (tree === undefined) {
    noteStray(server, findings);
    return undefined;
  }
  const [spec, integrity, digest] = [tree, valueIn(server, 'integrity'), valueIn(server, 'tree')].map(stringOf);
  const command = valueIn(server, 'command');
  if (command !== undefined)
    findings.push({ at: command.at, message: 'either "command" or "package" says what is started, not both' });
  const wrong = spec === undefined ? undefined : wrongWith(spec);
  if (wrong !== undefined) findings.push({ at: tree.at, ...wrong });
  for (const key of ['integrity', 'tree'] as const) {
    if (valueIn(server, key) !== undefined || wrong !== undefined) continue;
    const message = `"server.${key}" is missing: "${PIN}" writes it`;
    findings.push({ at: tree.at, message, hint: PIN });
  }
  const parts = spec === undefined ? undefined : parsePackage(spec);
  if (spec === undefined || integrity === undefined || digest === undefined || parts === undefined) return undefined;
  const { name, version } = parts;
  if (version === undefined) return undefined;
  return { spec, name, version, integrity, tree: digest, bin: stringOf(valueIn(server, 'bin')) };
}

function wrongWith(spec: string): Omit<Finding, 'at'> | undefined {
  if (spec.startsWith('pypi:')) return { message: 'packages of PyPI are not supported yet: write "command: uvx"' };
  // Of what has neither in front the schema has said so.
  if (!spec.startsWith('npm:')) return undefined;
  const parts = parsePackage(spec);
  if (parts === undefined) return { message: 'this is no package of the npm registry: npm:@scope/name@1.2.3' };
  if (parts.version !== undefined) return undefined;
  return { message: `a package needs its exact version: "${PIN}" looks it up`, hint: PIN };
}

function noteStray(server: Tree | undefined, findings: Finding[]): void {
  for (const key of BESIDE) {
    const stray = valueIn(server, key);
    if (stray !== undefined) findings.push({ at: stray.at, message: `"server.${key}" belongs to "server.package"` });
  }
}
