// What the cases of `npm run bench:relay` run in: one temporary folder with a vault, a profile with three secrets, and the files
// in which peers look for theirs. The values are made up when it runs.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENV_FILE, SCHEMA_FILE } from './relay-peers.mjs';

const bundle = fileURLToPath(new URL('../dist/secretctl.cjs', import.meta.url));
const PROFILE = 'bench';

/** `place`: folder and environment of every case. `secretctl`: its case. `remove` cannot wait: it is called at the exit, too. */
export function makeHome(server) {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'secretctl-bench-')));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  try {
    // Nothing of the caller's environment: NODE_EXTRA_CA_CERTS alone would make Node start twice as slowly.
    const place = { cwd: path, env: { PATH: process.env.PATH ?? '', HOME: path } };
    const values = secretValues();
    writeFiles(path, values);
    return { place, secretctl: secretctlCase(path, place, values, server), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

const randomText = (bytes) => randomBytes(bytes).toString('base64url');

function secretValues() {
  return {
    DB_PASSWORD: randomText(18),
    DB_URL: ['postgres', `://app:${randomText(15)}@db.example.net:5432/shop`].join(''),
    API_KEY: `key-${randomText(30)}`,
  };
}

/** Both peers that redact read the same values; one of them wants to be told that they are secret. */
function writeFiles(path, values) {
  const names = Object.keys(values);
  const file = (name, lines) => writeFileSync(join(path, name), `${lines.join('\n')}\n`, { mode: 0o600 });
  file(
    ENV_FILE,
    names.map((name) => `${name}="${values[name]}"`),
  );
  file(SCHEMA_FILE, ['# @defaultSensitive=true', '# ---', ...names.map((name) => `${name}=`)]);
}

function secretctlCase(path, place, values, server) {
  const env = { ...place.env, SECRETCTL_HOME: path };
  const secretctl = (args, input = '') =>
    execFileSync(process.execPath, [bundle, ...args], { cwd: path, env, input, stdio: ['pipe', 'pipe', 'pipe'] });
  mkdirSync(join(path, 'profiles'), { mode: 0o700 });
  secretctl(['init', '--key-file']);
  secretctl(['set', 'bench/db', '--field', 'password'], values.DB_PASSWORD);
  secretctl(['set', 'bench/url', '--as', 'string'], values.DB_URL);
  secretctl(['set', 'bench/api'], values.API_KEY);
  writeFileSync(join(path, 'profiles', `${PROFILE}.yaml`), profileOf(server), { mode: 0o600 });
  const { pin } = JSON.parse(secretctl(['profile', 'check', PROFILE, '--json']).toString());
  return {
    name: 'secretctl',
    env: { SECRETCTL_HOME: path, SECRETCTL_TRUST: pin },
    // The profile names the server.
    command: () => [process.execPath, bundle, 'mcp-launch', PROFILE],
  };
}

function profileOf([command, ...args]) {
  return `secretctl: 1
name: ${PROFILE}
server:
  command: ${JSON.stringify(command)}
  args: ${JSON.stringify(args)}
secrets:
  db: secret://bench/db
  url: secret://bench/url
  api: secret://bench/api
env:
  DB_PASSWORD: \${db.password}
  DB_URL: \${url}
  API_KEY: \${api}
`;
}
