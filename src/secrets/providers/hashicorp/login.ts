// The token for a Vault or OpenBao server: given, or got by AppRole, or the one that its command line keeps.

import { join } from 'node:path';
import { SecretctlError } from '../../../errors.js';
import { readSafeFile } from '../../../system/safe-file.js';
import type { ProviderContext } from '../../provider.js';
import { call, record, type Server, text, variable } from './api.js';

export interface Login {
  readonly token: string;
  /** We made it, and give it back. */
  readonly isOurs: boolean;
  readonly namespace: string | undefined;
}

const MAX_TOKEN_BYTES = 4096;

/** Is there a credential in the environment, which a pin may use? */
export function hasCredential({ env }: Pick<ProviderContext, 'env'>, prefix: Server['prefix']): boolean {
  const has = (name: string): boolean => variable(env, prefix, name) !== undefined;
  return has('TOKEN') || (has('ROLE_ID') && has('SECRET_ID'));
}

/** Throws `locked` where there is no credential, and what the server says. */
export async function logIn(server: Server, context: ProviderContext): Promise<Login> {
  const { env } = context;
  const { prefix } = server;
  const namespace = variable(env, prefix, 'NAMESPACE');
  const given = variable(env, prefix, 'TOKEN');
  if (given !== undefined) return { token: given, isOurs: false, namespace };
  const [role, secret] = [variable(env, prefix, 'ROLE_ID'), variable(env, prefix, 'SECRET_ID')];
  if (role !== undefined && secret !== undefined) {
    return {
      token: await byAppRole(server, { role_id: role, secret_id: secret }, namespace, context.signal),
      isOurs: true,
      namespace,
    };
  }
  const kept = keptToken(context);
  if (kept !== undefined) return { token: kept, isOurs: false, namespace };
  throw new SecretctlError(
    'locked',
    `there is neither ${prefix}_TOKEN nor an AppRole nor ~/.vault-token`,
    'vault login',
  );
}

async function byAppRole(
  server: Server,
  body: { readonly role_id: string; readonly secret_id: string },
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const reply = await call(server, { method: 'POST', path: 'auth/approle/login', namespace, body }, signal);
  const token = text(record(reply.data?.['auth'])?.['client_token']);
  if (token !== undefined) return token;
  const why = `the AppRole was refused (status ${reply.status})`;
  throw new SecretctlError('not-permitted', why, `check ${server.prefix}_ROLE_ID and ${server.prefix}_SECRET_ID`);
}

/** What `vault login` left behind. */
function keptToken({ env, uid }: ProviderContext): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  if (home === undefined) return undefined;
  try {
    const rules = { what: 'token file', maxBytes: MAX_TOKEN_BYTES, forbiddenMode: 0o077, uid };
    return text(readSafeFile(join(home, '.vault-token'), rules).bytes.toString().trim());
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}
