// What a profile starts through npx or uvx, so that it can be pinned: the package, its program, and the arguments for it.

import { parseNpmSpec, parsePackage, parsePypiSpec, type PackageSpec } from './package-spec.js';
import type { ProfileDocument } from './types.js';

export interface ToPin {
  readonly package: PackageSpec;
  /** Which program of it, where that is said. */
  readonly bin: string | undefined;
  /** How many of the arguments are the runner's own. */
  readonly ownArgs: number;
}

/** How a runner is told what to run. */
interface Runner {
  readonly parse: (written: string) => PackageSpec | undefined;
  /** Options that mean nothing for a package that is installed. */
  readonly flags: ReadonlySet<string>;
  /** The option that names the package, and then the program is what follows. */
  readonly from: RegExp;
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  npx: {
    parse: parseNpmSpec,
    flags: new Set(['-y', '--yes', '-q', '--quiet', '--']),
    from: /^(?:-p|--package)(?:=(.*))?$/,
  },
  uvx: { parse: parsePypiSpec, flags: new Set(['-q', '--quiet', '--']), from: /^--from(?:=(.*))?$/ },
};

/** What can be pinned, or why it cannot. */
export function findPackage(document: ProfileDocument): ToPin | string {
  const server = new Map(Object.entries(document['server'] ?? {}));
  const [written, command, args, bin] = ['package', 'command', 'args', 'bin'].map((key) => server.get(key));
  if (typeof written === 'string') {
    const found = parsePackage(written);
    if (found === undefined) return `"${written}" is no package of a registry`;
    return { package: found, bin: typeof bin === 'string' ? bin : undefined, ownArgs: 0 };
  }
  const program = typeof command === 'string' ? command : '';
  const name = /(?:^|[/\\])(npx|uvx)(?:\.cmd|\.exe)?$/.exec(program)?.[1] ?? '';
  const runner = RUNNERS[name];
  if (runner === undefined) return `it starts "${program}", and only what npx or uvx starts can be pinned`;
  return parseCall(name, runner, Array.isArray(args) ? args.map(String) : []);
}

/** The arguments up to the package (`-y @scope/name@1.2.3`), or up to the program (`-p @scope/name program`). */
function parseCall(name: string, { parse, flags, from }: Runner, args: readonly string[]): ToPin | string {
  let named: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    const value = from.exec(argument);
    if (value !== null && named !== undefined) return `${name} is given several packages`;
    if (value !== null) named = value[1] ?? args[++index];
    else if (!argument.startsWith('-')) {
      const found = parse(named ?? argument);
      if (found === undefined) return `"${named ?? argument}" is no package of a registry`;
      return { package: found, bin: named === undefined ? undefined : argument, ownArgs: index + 1 };
    } else if (!flags.has(argument))
      return `the option ${argument} of ${name} has no meaning for a package that is installed`;
  }
  return `${name} is given no package`;
}
