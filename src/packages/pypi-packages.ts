// Packages of PyPI, through uv: wheels only, since the archive of sources runs code to be built. The environment has its own
// folder and no place written into its programs, so that it can be renamed.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import type { PinnedPackage } from '../profile/types.js';
import type { Ecosystem, Fetching, Resolved, Wanted } from './ecosystem.js';
import { PYTHON, PYTHON_FOLDER } from './program.js';
import { parseRequirements } from './requirements.js';
import { runUv } from './uv.js';

const REQUIREMENTS = 'requirements.txt';
const WHEELS_ONLY = ['--only-binary', ':all:'];
/** Not --compile-bytecode: it starts the Python of the new environment, and with it what packages hook into its start. */
const INSTALL = ['pip', 'install', '--require-hashes', '--no-deps', '--link-mode=copy', ...WHEELS_ONLY];

export const PYPI_PACKAGES: Ecosystem = {
  lockEnding: '.lock.txt',
  readLock(text, pinned, { what, hint }) {
    const requirements = parseRequirements(text, what, hint);
    if (requirements.tree !== pinned.tree) {
      throw new SecretctlError('bad-data', `${what} is not the one that the profile was pinned with`, hint);
    }
    if (requirements.versions.get(pinned.name) !== pinned.version) {
      throw new SecretctlError('bad-data', `${what} does not hold ${pinned.spec}`, hint);
    }
    return {
      size: requirements.versions.size,
      async fetch(fetching) {
        const { folder } = fetching;
        await writeFile(join(folder, REQUIREMENTS), requirements.text);
        await runUv(['venv', '--relocatable', '--no-project', join(folder, PYTHON_FOLDER)], fetching);
        const where = ['--python', join(folder, PYTHON), '-r', join(folder, REQUIREMENTS)];
        await runUv([...INSTALL, ...where], fetching);
      },
      countIn: (folder) => distributionsIn(folder).length,
    };
  },
  programsIn,
  resolve: resolvePackage,
};

/** The console scripts of the package itself (https://packaging.python.org/en/latest/specifications/entry-points/). */
function programsIn(folder: string, { spec, name }: PinnedPackage): ReadonlyMap<string, string> {
  const own = distributionsIn(folder).find((path) => normal(path.split(/[/\\]/).at(-1)?.split('-')[0] ?? '') === name);
  if (own === undefined) throw new SecretctlError('bad-data', `the archive of ${spec} holds another package`);
  const scripts = sectionOf(textIn(join(own, 'entry_points.txt')), 'console_scripts').map(
    (line) => line.split('=')[0]?.trim() ?? '',
  );
  const files = scripts.filter((script) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(script));
  const paths = files.map((script) => [script, `${PYTHON_FOLDER}/bin/${script}`] as const);
  return new Map(
    paths.filter(([, path]) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true),
  );
}

/** Folders `NAME-VERSION.dist-info`. */
function distributionsIn(folder: string): string[] {
  const libraries = join(folder, PYTHON_FOLDER, 'lib');
  return namesIn(libraries).flatMap((python) => {
    const site = join(libraries, python, 'site-packages');
    return namesIn(site).flatMap((entry) => (entry.endsWith('.dist-info') ? [join(site, entry)] : []));
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textIn(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path, 'utf8');
}

function sectionOf(ini: string, section: string): string[] {
  const [, after = ''] = `\n${ini}`.split(`\n[${section}]`);
  const [lines = ''] = after.split('\n[');
  return lines.split('\n').filter((line) => line.includes('='));
}

/** PEP 503. */
function normal(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

async function resolvePackage(fetching: Fetching, wanted: Wanted): Promise<Resolved> {
  const { folder, spec } = fetching;
  const { name, wanted: version } = wanted.package;
  await writeFile(join(folder, 'wanted.txt'), `${name}${version === undefined ? '' : `==${version}`}\n`);
  const form = ['--generate-hashes', '--universal', '--no-annotate', '--no-header', ...WHEELS_ONLY];
  await runUv(['pip', 'compile', ...form, 'wanted.txt', '--output-file', REQUIREMENTS], fetching);
  const lock = parseRequirements(await readFile(join(folder, REQUIREMENTS), 'utf8'), "uv's lock file");
  const exact = lock.versions.get(name);
  if (exact === undefined) throw new SecretctlError('bad-data', `${spec} is not in what uv resolved it to`);
  return {
    version: exact,
    integrity: undefined,
    tree: lock.tree,
    lockText: lock.text,
    size: lock.versions.size,
    scripted: [],
  };
}
