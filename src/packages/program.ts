// Which program of a package is started: the package's own `bin` decides
// (https://docs.npmjs.com/cli/configuring-npm/package-json#bin).

import { SecretctlError } from '../errors.js';
import type { PinnedPackage } from '../profile/types.js';

/** In the folder of a package of PyPI: its environment, and the Python of it. */
export const PYTHON_FOLDER = 'python';
export const PYTHON = `${PYTHON_FOLDER}/bin/python`;

/** What is written in a profile, or the only one, or the one with the package's name, as npx does. Throws `bad-data`. */
export function chooseProgram(
  programs: ReadonlyMap<string, string>,
  { spec, name, bin }: Pick<PinnedPackage, 'spec' | 'name' | 'bin'>,
): string {
  const files = new Set(programs.values());
  const only = files.size === 1 ? [...files][0] : undefined;
  const chosen = bin === undefined ? (only ?? programs.get(unscoped(name))) : programs.get(bin);
  if (chosen !== undefined) return chosen;
  const names = [...programs.keys()].join(', ');
  if (programs.size === 0) throw new SecretctlError('bad-data', `${spec} has no program that can be started`);
  if (bin !== undefined) {
    throw new SecretctlError('bad-data', `${spec} has no program "${bin}" that can be started; it has ${names}`);
  }
  const hint = `write the one that is meant into the profile, as in "bin: ${[...programs.keys()][0]}"`;
  throw new SecretctlError('bad-data', `${spec} has several programs: ${names}`, hint);
}

/** Name → file as the package writes it, for `bin` as a text and as a map. */
export function programsOf(manifest: unknown, name: string): Map<string, string> {
  if (typeof manifest !== 'object' || manifest === null || !('bin' in manifest)) return new Map();
  const { bin } = manifest;
  if (typeof bin === 'string') return new Map([[unscoped(name), bin]]);
  if (typeof bin !== 'object' || bin === null) return new Map();
  return new Map(
    Object.entries(bin).flatMap(([key, file]) => (typeof file === 'string' && PROGRAM.test(key) ? [[key, file]] : [])),
  );
}

const PROGRAM = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** `start`: the first bytes of the file. */
export function isForNode(start: Buffer): boolean {
  if (start.subarray(0, 2).toString('latin1') !== '#!') return !start.includes(0);
  const [line = ''] = start.toString('latin1').split('\n');
  return /[/\s]node(?:js)?(?:\s|$)/.test(line);
}

function unscoped(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
