// One secret of a Vault or OpenBao server: from a key-value store of either version, or made for us by any other engine.

import { SecretctlError } from '../../../errors.js';
import type { Reference } from '../../../profile/types.js';
import { isSecretField } from '../../../vault/entry.js';
import type { ProvidedSecret } from '../../provider.js';
import type { ResolvedField } from '../../secret.js';
import { type Call, call, record, type Reply, type Server, text } from './api.js';
import type { Login } from './login.js';

export interface Session {
  readonly server: Server;
  readonly login: Login;
}

export interface Lease {
  readonly id: string;
  readonly seconds: number;
  readonly renewable: boolean;
}

export interface Found {
  readonly secret: ProvidedSecret;
  /** Of a dynamic secret. */
  readonly lease: Lease | undefined;
}

/** Where a path's engine is mounted; `kv` without a version is not known. */
interface Mount {
  readonly path: string;
  readonly version: '1' | '2' | 'none' | undefined;
}

/** Undefined when there is none. Throws what the server says, and `bad-profile` for a query that makes no sense. */
export async function readSecret(
  session: Session,
  reference: Reference,
  signal: AbortSignal,
): Promise<Found | undefined> {
  if (/^(?:auth|sys)\//.test(reference.body)) {
    throw new SecretctlError('not-permitted', 'what stands under auth/ and sys/ would hand on our own token');
  }
  const mount = await mountOf(session, reference, signal);
  if (mount.version === '2') return readVersion2(session, reference, mount.path, signal);
  if (mount.version !== undefined) return readPlain(session, reference, signal);
  return (await readVersion2(session, reference, mount.path, signal)) ?? readPlain(session, reference, signal);
}

export function namespaceOf({ query }: Reference, { login }: Session): string | undefined {
  return query?.get('ns') ?? query?.get('namespace') ?? login.namespace;
}

async function mountOf(session: Session, reference: Reference, signal: AbortSignal): Promise<Mount> {
  const [first = ''] = reference.body.split('/');
  const named = reference.query?.get('kv');
  if (named === '1' || named === '2') return { path: first, version: named };
  if (named !== undefined) throw new SecretctlError('bad-profile', '"kv" is 1 or 2');
  try {
    const reply = await get(session, reference, `sys/internal/ui/mounts/${pathOf(reference.body)}`, signal);
    const data = record(reply.data?.['data']);
    const path = text(data?.['path'])?.replace(/\/$/, '');
    if (path === undefined || !reference.body.startsWith(`${path}/`)) return { path: first, version: undefined };
    const version = text(record(data?.['options'])?.['version']);
    if (data?.['type'] !== 'kv') return { path, version: 'none' };
    return { path, version: version === '2' ? '2' : '1' };
  } catch (error) {
    // A policy may forbid the question: then both are tried.
    if (error instanceof SecretctlError && error.code === 'not-permitted') return { path: first, version: undefined };
    throw error;
  }
}

async function readVersion2(
  session: Session,
  reference: Reference,
  mount: string,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const version = reference.query?.get('version');
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version))
    throw new SecretctlError('bad-profile', '"version" is a number from 1 on');
  const rest = reference.body.slice(mount.length + 1);
  const path = `${pathOf(mount)}/data/${pathOf(rest)}${version === undefined ? '' : `?version=${version}`}`;
  const reply = await get(session, reference, path, signal);
  const data = record(record(reply.data?.['data'])?.['data']);
  return data === undefined ? undefined : { secret: fieldsOf(data), lease: undefined };
}

async function readPlain(session: Session, reference: Reference, signal: AbortSignal): Promise<Found | undefined> {
  const reply = await get(session, reference, pathOf(reference.body), signal);
  const data = record(reply.data?.['data']);
  return data === undefined ? undefined : { secret: fieldsOf(data), lease: leaseOf(reply) };
}

async function get(session: Session, reference: Reference, path: string, signal: AbortSignal): Promise<Reply> {
  const { server, login } = session;
  const request: Call = { method: 'GET', path, token: login.token, namespace: namespaceOf(reference, session) };
  const reply = await call(server, request, signal);
  if (reply.status === 400) throw new SecretctlError('bad-profile', 'the server does not understand this path');
  return reply.status === 200 ? reply : { status: reply.status, data: undefined };
}

function leaseOf({ data }: Reply): Lease | undefined {
  const id = text(data?.['lease_id']);
  const seconds = data?.['lease_duration'];
  if (id === undefined || typeof seconds !== 'number') return undefined;
  return { id, seconds, renewable: data?.['renewable'] === true };
}

/** What is no text becomes its JSON. */
function fieldsOf(data: Readonly<Record<string, unknown>>): ProvidedSecret {
  const fields = Object.entries(data).map(([name, value]): [string, ResolvedField] => [
    name,
    { value: typeof value === 'string' ? value : JSON.stringify(value), secret: isSecretField(name) },
  ]);
  return { kind: 'fields', fields: new Map(fields) };
}

/** Each part percent-encoded; `..` leads nowhere. */
function pathOf(path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new SecretctlError('bad-profile', 'a path of a server has no empty parts, and no ".."');
  return parts.map(encodeURIComponent).join('/');
}
