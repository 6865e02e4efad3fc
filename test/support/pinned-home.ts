// A home of secretctl with a profile that is pinned, and the stand-in for the registry that it is pinned from.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, type Run, secretctl } from './cli.js';
import { randomPassword } from './credentials.js';
import { temporaryFolder } from './leave-nothing.js';
import { type RegistryStandIn, registryStandIn, serverFiles } from './registry-stand-in.js';

export const SERVER = '@stand-in/server';
export const HEAD = '# mine\nsecretctl: 1\nname: shop\nserver:\n';

/** A profile that starts the package through npx. */
export function npxProfile(name = SERVER): string {
  return `${HEAD}  command: npx # later\n  # what it is told\n  args: ['-y', '${name}', 'one']\n`;
}

/** The server `name` 1.2.3, whose scripts leave a mark, or fail, when they run. */
export function publishServer(
  registry: RegistryStandIn,
  name = SERVER,
  manifest: Readonly<Record<string, unknown>> = {},
): void {
  const scripts = { postinstall: `node -e "require('fs').writeFileSync('SCRIPT-RAN', '')"`, install: 'exit 1' };
  const dependencies = { '@stand-in/dependency': '^1.0.0' };
  const whole = { bin: { server: 'bin/server.js' }, dependencies, scripts, ...manifest };
  registry.publish({ name, version: '1.2.3', manifest: whole, files: serverFiles(randomPassword()) });
}

export function publishDependency(registry: RegistryStandIn, version: string): void {
  const files = { 'index.js': `module.exports = '${version}'; // ${randomPassword()}\n` };
  registry.publish({ name: '@stand-in/dependency', version, files });
}

/** The stand-in for the registry, with the server and what it needs. */
export async function publishedRegistry(): Promise<RegistryStandIn> {
  const registry = await registryStandIn();
  publishServer(registry);
  publishDependency(registry, '1.0.0');
  return registry;
}

export interface PinnedHome {
  readonly path: string;
  readonly profile: string;
  readonly lock: string;
  readonly env: Record<string, string>;
  readonly command: (...args: string[]) => Promise<Run>;
  /** A command that must succeed. */
  readonly demand: (...args: string[]) => Promise<Run>;
  readonly text: () => string;
  readonly write: (text: string) => void;
  readonly pin: (text?: string) => Promise<Run>;
  /** What is left where packages are installed. */
  readonly installed: () => readonly string[];
  readonly packages: string;
  readonly remove: () => Promise<void>;
}

export async function pinnedHome(registry: RegistryStandIn): Promise<PinnedHome> {
  const folder = await temporaryFolder();
  const { path } = folder;
  const [profile, lock] = ['shop.yaml', 'shop.lock.json'].map((name) => join(path, 'profiles', name)) as [
    string,
    string,
  ];
  const packages = join(path, 'cache', 'pkg');
  const env: Record<string, string> = { ...cleanEnv(path), npm_config_registry: registry.url };
  mkdirSync(join(path, 'profiles'), { mode: 0o700 });
  const command = (...args: string[]): Promise<Run> => secretctl(args, { env, deadline: 60_000 });
  const demand = async (...args: string[]): Promise<Run> => {
    const run = await command(...args);
    if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${String(run.status)}\n${run.stderr}`);
    return run;
  };
  const write = (text: string): void => writeFileSync(profile, text, { mode: 0o600 });
  return {
    path,
    profile,
    lock,
    env,
    command,
    demand,
    write,
    packages,
    text: () => readFileSync(profile, 'utf8'),
    async pin(text = npxProfile()) {
      write(text);
      return demand('profile', 'pin', 'shop');
    },
    installed: () => (existsSync(packages) ? readdirSync(packages) : []),
    remove: folder.remove,
  };
}

/** The file that `prefetch` names. */
export function fileIn({ stderr }: Run): string {
  return stderr.trim().split(' ').at(-1) ?? '';
}
