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
  const needed = spec?.startsWith('pypi:') === true ? (['tree'] as const) : (['integrity', 'tree'] as const);
  for (const key of needed) {
    if (valueIn(server, key) !== undefined || wrong !== undefined) continue;
    const message = `"server.${key}" is missing: "${PIN}" writes it`;
    findings.push({ at: tree.at, message, hint: PIN });
  }
  const parts = spec === undefined ? undefined : parsePackage(spec);
  if (spec === undefined || digest === undefined || parts?.version === undefined) return undefined;
  const { registry, name, version } = parts;
  return { spec, registry, name, version, integrity, tree: digest, bin: stringOf(valueIn(server, 'bin')) };
}

function wrongWith(spec: string): Omit<Finding, 'at'> | undefined {
  // Of what has no registry in front the schema has said so.
  if (!/^(?:npm|pypi):/.test(spec)) return undefined;
  const parts = parsePackage(spec);
  if (parts === undefined)
    return { message: 'this is no package of a registry: npm:@scope/name@1.2.3, pypi:name@1.2.3' };
  if (parts.version !== undefined) return undefined;
  return { message: `a package needs its exact version: "${PIN}" looks it up`, hint: PIN };
}

function noteStray(server: Tree | undefined, findings: Finding[]): void {
  for (const key of BESIDE) {
    const stray = valueIn(server, key);
    if (stray !== undefined) findings.push({ at: stray.at, message: `"server.${key}" belongs to "server.package"` });
  }
}
