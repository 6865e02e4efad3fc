// Against a stand-in (no real server is at hand), which the client library hvac accepts where it is installed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startLeases } from '../../src/launch/leases.js';
import { parseReference } from '../../src/profile/references.js';
import type { ProviderContext, Release } from '../../src/secrets/provider.js';
import { baoServerProvider, vaultServerProvider } from '../../src/secrets/providers/hashicorp.js';
import { PROVIDERS } from '../../src/secrets/providers/index.js';
import { resolveSecrets } from '../../src/secrets/resolve.js';
import { randomPassword } from '../support/credentials.js';
import { notRun, refusal } from '../support/errors.js';
import { providerContext } from '../support/provider-context.js';
import { type VaultStandIn, vaultStandIn } from '../support/vault-stand-in.js';

const PASSWORD = randomPassword();
let server: VaultStandIn;
beforeEach(async () => {
  server = await vaultStandIn();
  server.write(
    'kv2/app',
    { password: 'old' },
    { password: PASSWORD, port: 5432, host: 'h', deep: { a: ['x', PASSWORD] } },
  );
  server.write('kv1/team/app', { password: PASSWORD });
});
afterEach(() => server.close());

const withToken = (): Record<string, string> => ({ VAULT_ADDR: server.address, VAULT_TOKEN: server.rootToken });
const withRole = (): Record<string, string> => ({
  VAULT_ADDR: server.address,
  VAULT_ROLE_ID: server.roleId,
  VAULT_SECRET_ID: server.secretId,
});

function resolve(references: readonly string[], env: Record<string, string>, more: Partial<ProviderContext> = {}) {
  const sources = references.map((reference) => {
    const parsed = parseReference(reference);
    if (!parsed.ok) throw new Error(parsed.message);
    return [reference, { kind: 'reference' as const, reference: parsed.reference }] as const;
  });
  // A home without a token.
  return resolveSecrets(
    new Map(sources),
    PROVIDERS,
    providerContext({ ...more, env: { HOME: '/nonexistent', ...env } }),
  );
}
const values = async (references: readonly string[], env = withToken()): Promise<unknown[]> =>
  [...(await resolve(references, env)).values()].map(({ value }) => value);
const failure = async (reference: string, env: Record<string, string> = withToken()) => {
  const error = await refusal(() => resolve([reference], env));
  expect(`${error.message} ${error.hint}`).not.toMatch(
    new RegExp(`${PASSWORD.slice(0, 4)}|${server.rootToken}|${server.secretId}`),
  );
  return error;
};

describe('a key-value store', () => {
  test('of either version gives fields, by name and by pointer', async () => {
    const wanted = [
      'vault://kv2/app#password',
      'vault://kv2/app#/deep/a/1',
      'vault://kv2/app#port',
      'vault://kv1/team/app#password',
    ];
    expect(await values(wanted)).toEqual([PASSWORD, PASSWORD, '5432', PASSWORD]);
    expect(server.requests.filter((request) => request.includes('kv2/data'))).toEqual(['GET kv2/data/app']);
    const fields = (await resolve(['vault://kv2/app'], withToken())).get('vault://kv2/app')?.fields;
    expect(fields?.get('password')).toEqual({ value: PASSWORD, secret: true });
    expect(fields?.get('host')).toEqual({ value: 'h', secret: false });
  });

  test('of version 2 gives an earlier version, too', async () => {
    expect(await values(['vault://kv2/app?version=1#password'])).toEqual(['old']);
  });

  test('is found where the server does not say what is mounted', async () => {
    server.mountsAreHidden = true;
    expect(await values(['vault://kv2/app#password', 'vault://kv1/team/app#password'])).toEqual([PASSWORD, PASSWORD]);
    server.requests.length = 0;
    expect(await values(['vault://kv1/team/app?kv=1#password'])).toEqual([PASSWORD]);
    expect(server.requests).toEqual(['GET kv1/team/app']);
  });

  test('in a namespace', async () => {
    const inTeam = await vaultStandIn('team/a');
    try {
      inTeam.write('kv2/app', { password: PASSWORD });
      const env = { VAULT_ADDR: inTeam.address, VAULT_TOKEN: inTeam.rootToken };
      expect(await values(['vault://kv2/app?ns=team%2Fa#password'], env)).toEqual([PASSWORD]);
      expect(await values(['vault://kv2/app#password'], { ...env, VAULT_NAMESPACE: 'team/a' })).toEqual([PASSWORD]);
      expect((await failure('vault://kv2/app#password', env)).code).toBe('not-permitted');
    } finally {
      await inTeam.close();
    }
  });
});

describe('failures are told apart', () => {
  test.each<[string, string, string]>([
    ['vault://kv2/nope#x', 'secret-not-found', 'kv put'],
    ['vault://kv2/app#nope', 'secret-not-found', ''],
    ['vault://kv2/app?version=9#password', 'secret-not-found', ''],
    ['vault://kv2/app?version=x#password', 'bad-profile', ''],
    ['vault://kv2/app?kv=3#password', 'bad-profile', ''],
    ['vault://auth/token/lookup-self#id', 'not-permitted', ''],
    ['vault://sys/wrapping/lookup?kv=1#x', 'not-permitted', ''],
  ])('%s: %s', async (reference, code, hint) => {
    const error = await failure(reference);
    expect([error.code, error.hint ?? '']).toEqual([code, expect.stringContaining(hint)]);
  });

  test('the server', async () => {
    expect((await failure('vault://kv2/app#x', {})).hint).toContain('VAULT_ADDR');
    expect((await failure('vault://kv2/app#x', { VAULT_ADDR: 'http://vault.example:8200' })).message).toContain(
      'not https',
    );
    expect((await failure('vault://kv2/app#x', { VAULT_ADDR: server.address })).code).toBe('locked');
    expect((await failure('vault://kv2/app#x', { ...withToken(), VAULT_TOKEN: 'x' })).code).toBe('not-permitted');
    expect((await failure('vault://kv2/app#x', { ...withRole(), VAULT_ROLE_ID: 'x' })).code).toBe('not-permitted');
    expect((await failure('vault://kv2/app#x', { ...withToken(), VAULT_ADDR: 'http://127.0.0.1:9' })).code).toBe(
      'unavailable',
    );
    server.sealed = true;
    expect((await failure('vault://kv2/app#password')).message).toContain('sealed');
    server.sealed = false;
    server.failures.push(307, 307, 307);
    expect((await failure('vault://kv2/app#password')).code).toBe('unavailable');
  });

  test('a busy server is asked again', async () => {
    server.failures.push(500, 429);
    expect(await values(['vault://kv2/app?kv=2#password'])).toEqual([PASSWORD]);
  });
});

describe('credentials', () => {
  test('an AppRole logs in once, and its token is given back', async () => {
    const releases: Release[] = [];
    const onEnd = (release: Release): void => void releases.push(release);
    await resolve(['vault://kv2/app#password', 'vault://kv1/team/app#password'], withRole(), { onEnd });
    expect(server.requests.filter((request) => request.includes('login'))).toHaveLength(1);
    expect(server.tokens.size).toBe(1);
    await startLeases(releases, () => undefined).end();
    expect(server.tokens.size).toBe(0);
  });

  test('what "vault login" left is used, but not under a pin', async () => {
    const home = mkdtempSync(join(tmpdir(), 'secretctl-home-'));
    try {
      writeFileSync(join(home, '.vault-token'), `${server.rootToken}\n`, { mode: 0o600 });
      const env = { HOME: home, VAULT_ADDR: server.address };
      expect(await values(['vault://kv2/app#password'], env)).toEqual([PASSWORD]);
      expect(vaultServerProvider.refusesPin(providerContext({ env }))).toContain('VAULT_TOKEN');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
    expect(vaultServerProvider.refusesPin(providerContext({ env: withRole() }))).toBeUndefined();
  });

  test('bao:// has variables of its own, and takes the others', async () => {
    const env = {
      BAO_ADDR: server.address,
      BAO_TOKEN: server.rootToken,
      VAULT_ADDR: 'https://other.example',
      VAULT_TOKEN: 'x',
    };
    expect(await values(['bao://kv2/app#password'], env)).toEqual([PASSWORD]);
    expect(await values(['openbao://kv2/app#password'])).toEqual([PASSWORD]);
    expect(baoServerProvider.refusesPin(providerContext({ env }))).toBeUndefined();
  });
});

async function lease(env = withToken()) {
  const releases: Release[] = [];
  const onEnd = (release: Release): void => void releases.push(release);
  const wanted = ['vault://database/creds/readonly#username', 'vault://database/creds/readonly#password'];
  const secrets = await resolve(wanted, env, { onEnd });
  return { secrets, releases };
}

describe('a secret that is made for us', () => {
  test('is one, however many of its fields are wanted', async () => {
    const { secrets } = await lease();
    expect(server.leases.size).toBe(1);
    const [user, password] = [...secrets.values()];
    expect([user?.plain, password?.plain, password?.value]).toEqual([
      true,
      undefined,
      expect.stringMatching(/^\S{16}$/),
    ]);
  });

  test('is renewed while it is used, and revoked at the end, before the token that made it', async () => {
    server.leaseSeconds = 1;
    const { releases } = await lease(withRole());
    const leases = startLeases(releases, (message) => expect(message).toBe(''));
    await sleep(1300);
    expect([...server.leases.values()][0]).toBeGreaterThanOrEqual(1);
    await leases.end();
    expect([server.leases.size, server.tokens.size]).toEqual([0, 0]);
    expect(server.requests.slice(-2)).toEqual(['PUT sys/leases/revoke', 'POST auth/token/revoke-self']);
  });

  test('that cannot be renewed or revoked is told, and stops nothing', async () => {
    server.leaseSeconds = 1;
    const { releases } = await lease();
    const warnings: string[] = [];
    const leases = startLeases(releases, (message) => void warnings.push(message));
    server.sealed = true;
    await sleep(1300);
    await leases.end();
    expect(warnings).toEqual([expect.stringContaining('renewed'), expect.stringContaining('revoked')]);
  });
});

test('the stand-in is accepted by hvac', async () => {
  const program = `
import hvac, sys
client = hvac.Client(url=sys.argv[1])
client.auth.approle.login(role_id=sys.argv[2], secret_id=sys.argv[3])
print(client.secrets.kv.v2.read_secret_version(path='app', mount_point='kv2')['data']['data']['port'])
print(client.secrets.kv.v1.read_secret(path='team/app', mount_point='kv1')['data']['password'] == sys.argv[4])
creds = client.secrets.database.generate_credentials(name='readonly')
client.sys.renew_lease(lease_id=creds['lease_id'])
client.sys.revoke_lease(lease_id=creds['lease_id'])
client.logout(revoke_token=True)
`;
  const python = await pythonWithHvac();
  if (python === undefined) return notRun('hvac for Python is not installed');
  const args = [server.address, server.roleId, server.secretId, PASSWORD];
  const child = spawn(python, ['-W', 'ignore', '-c', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect([stdout, stderr]).toEqual(['5432\nTrue\n', '']);
  expect([server.leases.size, server.tokens.size]).toEqual([0, 0]);
});

async function pythonWithHvac(): Promise<string | undefined> {
  for (const python of [process.env['HVAC_PYTHON'] ?? '', '/usr/bin/python3', 'python3'].filter(
    (path) => path !== '',
  )) {
    const check = spawn(python, ['-c', 'import hvac'], { stdio: 'ignore' });
    // oxlint-disable-next-line no-await-in-loop -- the first that has it will do
    const hasIt = await new Promise((done) =>
      check.once('error', () => done(false)).once('exit', (code) => done(code === 0)),
    );
    if (hasIt === true) return python;
  }
  return undefined;
}
