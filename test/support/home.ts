// A private home of secretctl for one test file or the demo: a vault that a key file opens, own profiles, their pins.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanEnv, secretctl } from './cli.js';
import { parseJson, textAt } from './data.js';
import { temporaryFolder } from './leave-nothing.js';
import { connect, type Session } from './mcp.js';
import { bundle } from './project.js';

export interface Home {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command that must succeed; its stdout. */
  readonly demand: (args: readonly string[], input?: string) => Promise<string>;
  /** Writes a profile into the user's folder and returns the pin of its plan. */
  readonly addProfile: (name: string, text: string) => Promise<string>;
  /** The SDK's client on `secretctl mcp-launch NAME`, with the pin in place of a person's approval. */
  readonly launch: (name: string, pin: string) => Promise<Session>;
  readonly remove: () => Promise<void>;
}

export async function newHome(prefix?: string): Promise<Home> {
  const folder = await temporaryFolder(prefix);
  const { path } = folder;
  const env = cleanEnv(path);
  const demand = async (args: readonly string[], input = ''): Promise<string> => {
    const { status, stdout, stderr } = await secretctl(args, { env, input });
    if (status !== 0) throw new Error(`secretctl ${args.join(' ')} ended with status ${String(status)}\n${stderr}`);
    return stdout;
  };
  await mkdir(join(path, 'profiles'), { mode: 0o700 });
  await demand(['init', '--key-file']);
  return {
    path,
    env,
    demand,
    async addProfile(name, text) {
      await writeFile(join(path, 'profiles', `${name}.yaml`), text, { mode: 0o600 });
      return textAt(parseJson(await demand(['profile', 'check', name, '--json'])), 'pin');
    },
    launch: (name, pin) =>
      connect({
        command: process.execPath,
        args: [bundle, 'mcp-launch', name],
        env: { ...env, SECRETCTL_TRUST: pin },
        cwd: path,
      }),
    remove: folder.remove,
  };
}

/** A profile that starts a Node program by path; `env` is the YAML of both `secrets` and `env`. */
export function nodeProfile(name: string, args: readonly string[], rest: string): string {
  return `secretctl: 1
name: ${name}
server:
  command: ${JSON.stringify(process.execPath)}
  args: ${JSON.stringify(args)}
${rest}`;
}

/** The connection `db` in the variables that server-postgres reads. */
export function postgresVariables(reference: string): string {
  return `secrets:
  db: ${reference}
env:
  PGHOST: \${db.host}
  PGPORT: \${db.port}
  PGUSER: \${db.user}
  PGPASSWORD: \${db.password}
  PGDATABASE: \${db.database}
`;
}
