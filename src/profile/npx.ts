// What a profile starts through npx, so that it can be pinned: the package, its program, and the arguments for it.

import { parseNpmSpec, parsePackage, type PackageSpec } from './package-spec.js';
import type { ProfileDocument } from './types.js';

export interface ToPin {
  readonly package: PackageSpec;
  /** As written: `npm:@scope/name@latest`, `@scope/name`. */
  readonly written: string;
  /** Which program of it, where that is said. */
  readonly bin: string | undefined;
  /** How many of the arguments are npx's own. */
  readonly ownArgs: number;
}

/** What can be pinned, or why it cannot. */
export function findPackage(document: ProfileDocument): ToPin | string {
  const server = new Map(Object.entries(document['server'] ?? {}));
  const [written, command, args, bin] = ['package', 'command', 'args', 'bin'].map((key) => server.get(key));
  if (typeof written === 'string') {
    const found = parsePackage(written);
    if (found === undefined) return `"${written}" is no package of the npm registry`;
    return { package: found, written, bin: typeof bin === 'string' ? bin : undefined, ownArgs: 0 };
  }
  const program = typeof command === 'string' ? command : '';
  if (!/(?:^|[/\\])npx(?:\.cmd)?$/.test(program))
    return `it starts "${program}", and only what npx starts can be pinned`;
  return parseNpx(Array.isArray(args) ? args.map(String) : []);
}

const FLAGS = new Set(['-y', '--yes', '-q', '--quiet', '--']);

/** The arguments of npx up to the package (`-y @scope/name@1.2.3`), or up to the program (`-p @scope/name program`). */
function parseNpx(args: readonly string[]): ToPin | string {
  let named: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    const value = /^(?:-p|--package)(?:=(.*))?$/.exec(argument);
    if (value !== null && named !== undefined) return 'npx is given several packages';
    if (value !== null) named = value[1] ?? args[++index];
    else if (argument.startsWith('-')) {
      if (!FLAGS.has(argument)) return `the option ${argument} of npx has no meaning for a package that is installed`;
    } else return callOf(named ?? argument, named === undefined ? undefined : argument, index + 1);
  }
  return 'npx is given no package';
}

function callOf(written: string, bin: string | undefined, ownArgs: number): ToPin | string {
  const found = parseNpmSpec(written);
  return found === undefined
    ? `"${written}" is no package of the npm registry`
    : { package: found, written, bin, ownArgs };
}
