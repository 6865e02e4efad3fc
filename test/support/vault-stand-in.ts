// A stand-in for a Vault or OpenBao server: KV of both versions, AppRole, namespaces, database users with leases. It answers
// as the documented API does, and refuses wrong methods, tokens and namespaces. The client library hvac accepts it, too.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface VaultStandIn {
  readonly address: string;
  readonly rootToken: string;
  readonly roleId: string;
  readonly secretId: string;
  /** By path: `kv2/app`; each write adds a version. */
  readonly write: (path: string, ...versions: Readonly<Record<string, unknown>>[]) => void;
  /** Each request: `GET kv2/data/app`. */
  readonly requests: string[];
  /** Leases that are alive, and how often each was renewed. */
  readonly leases: ReadonlyMap<string, number>;
  /** Tokens that are alive but for the root's. */
  readonly tokens: ReadonlySet<string>;
  /** What the next requests are answered with, in place of an answer. */
  readonly failures: number[];
  /** Seconds of a lease. */
  leaseSeconds: number;
  sealed: boolean;
  /** The question about a mount is forbidden. */
  mountsAreHidden: boolean;
  readonly close: () => Promise<void>;
}

const ROLE = 'readonly';

export async function vaultStandIn(namespace?: string): Promise<VaultStandIn> {
  const secrets = new Map<string, Readonly<Record<string, unknown>>[]>();
  const leases = new Map<string, number>();
  const tokens = new Set<string>();
  const [rootToken, roleId, secretId] = ['t', 'r', 's'].map(
    (letter) => `${letter}-${randomBytes(12).toString('hex')}`,
  ) as [string, string, string];
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const state: VaultStandIn = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rootToken,
    roleId,
    secretId,
    write: (path, ...versions) => void secrets.set(path, versions),
    requests: [],
    leases,
    tokens,
    failures: [],
    leaseSeconds: 3600,
    sealed: false,
    mountsAreHidden: false,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://x');
    const path = decodeURIComponent(url.pathname.replace(/^\/v1\//, ''));
    const body = JSON.parse((await text(request)) || '{}') as Record<string, string>;
    state.requests.push(`${request.method} ${path}`);
    const send = (status: number, data: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(data === undefined ? undefined : JSON.stringify(data));
    };
    const failure = state.failures.shift();
    if (failure !== undefined) return send(failure, { errors: ['not now'] });
    if (state.sealed) return send(503, { errors: ['Vault is sealed'] });
    if (request.headers['x-vault-namespace'] !== namespace) return send(403, { errors: ['permission denied'] });
    if (path === 'auth/approle/login') return request.method === 'POST' ? logIn(body, send) : send(405, { errors: [] });
    const token = request.headers['x-vault-token'];
    if (token !== rootToken && !tokens.has(String(token))) return send(403, { errors: ['permission denied'] });
    if (request.method === 'GET') return read(path, url.searchParams.get('version'), send);
    if (path === 'sys/leases/renew' || path === 'sys/leases/revoke')
      return lease(path, request.method ?? '', body, send);
    if (path === 'auth/token/revoke-self' && request.method === 'POST') {
      tokens.delete(String(token));
      return send(204, undefined);
    }
    send(405, { errors: ['unsupported operation'] });
  }

  function logIn({ role_id: role, secret_id: secret }: Record<string, string>, send: Send): void {
    if (role !== roleId || secret !== secretId) return send(400, { errors: ['invalid role or secret ID'] });
    const token = `a-${randomBytes(12).toString('hex')}`;
    tokens.add(token);
    send(200, { auth: { client_token: token, lease_duration: 3600, renewable: true, policies: ['default'] } });
  }

  function read(path: string, version: string | null, send: Send): void {
    const mount = /^sys\/internal\/ui\/mounts\/([^/]+)/.exec(path)?.[1];
    if (mount !== undefined) return mountOf(mount, send);
    if (path === 'auth/token/lookup-self') return send(200, { data: { id: 'x', policies: ['root'] } });
    if (path === `database/creds/${ROLE}`) return makeUser(send);
    const [engine = '', ...rest] = path.split('/');
    const versions = secrets.get([engine, ...(engine === 'kv2' ? rest.slice(1) : rest)].join('/'));
    if (versions === undefined || (engine === 'kv2' && rest[0] !== 'data')) return send(404, { errors: [] });
    if (engine !== 'kv2') return send(200, { lease_id: '', lease_duration: 2_764_800, data: versions.at(-1) });
    const data = version === null ? versions.at(-1) : versions[Number(version) - 1];
    if (data === undefined) return send(404, { errors: [] });
    send(200, { data: { data, metadata: { version: Number(version ?? versions.length) } } });
  }

  function mountOf(mount: string, send: Send): void {
    if (state.mountsAreHidden) return send(403, { errors: ['permission denied'] });
    if (mount === 'kv2') return send(200, { data: { path: 'kv2/', type: 'kv', options: { version: '2' } } });
    if (mount === 'kv1') return send(200, { data: { path: 'kv1/', type: 'kv', options: null } });
    if (mount === 'database') return send(200, { data: { path: 'database/', type: 'database', options: null } });
    send(403, { errors: ['preflight capability check returned 403'] });
  }

  function makeUser(send: Send): void {
    const id = `database/creds/${ROLE}/${randomBytes(6).toString('hex')}`;
    leases.set(id, 0);
    const data = { username: `v-${ROLE}-1`, password: randomBytes(12).toString('base64url') };
    send(200, { lease_id: id, lease_duration: state.leaseSeconds, renewable: true, data });
  }

  function lease(path: string, method: string, { lease_id: id = '' }: Record<string, string>, send: Send): void {
    if (method !== 'PUT' && method !== 'POST') return send(405, { errors: [] });
    const renewed = leases.get(id);
    if (renewed === undefined) return send(400, { errors: ['lease not found'] });
    if (path === 'sys/leases/revoke') {
      leases.delete(id);
      return send(204, undefined);
    }
    leases.set(id, renewed + 1);
    send(200, { lease_id: id, lease_duration: state.leaseSeconds, renewable: true });
  }
}

type Send = (status: number, data: unknown) => void;
