// `vault://MOUNT/PATH[?version=N&ns=NAMESPACE&kv=1|2]#FIELD`: HashiCorp Vault, and `bao://` for OpenBao. Secrets that the
// server makes for us (database users) are renewed while the child runs, and revoked at its end.

import type { Reference } from '../../profile/types.js';
import { type Answer, asFailure, type Provider, type ProviderContext, type Release } from '../provider.js';
import { call, type Server, serverOf } from './hashicorp/api.js';
import { hasCredential, logIn } from './hashicorp/login.js';
import { type Lease, namespaceOf, readSecret, type Session } from './hashicorp/read.js';

export const vaultServerProvider = providerFor('VAULT');
export const baoServerProvider = providerFor('BAO');

function providerFor(prefix: Server['prefix']): Provider {
  const command = prefix === 'BAO' ? 'bao' : 'vault';
  return {
    hint: ({ body }) => `${command} kv put ${body} KEY=-`,
    refusesPin: (context) =>
      hasCredential(context, prefix)
        ? undefined
        : `under a pin the server is asked only with ${prefix}_TOKEN, or ${prefix}_ROLE_ID and ${prefix}_SECRET_ID`,
    async resolve(references, context) {
      const server = serverOf(context.env, prefix);
      const session = { server, login: await logIn(server, context) };
      const answers = await Promise.all(references.map((reference) => ask(session, reference, context)));
      // After the leases, which hang on it.
      if (session.login.isOurs) context.onEnd({ run: (signal) => revokeToken(session, signal), last: true });
      return answers;
    },
  };
}

async function ask(session: Session, reference: Reference, context: ProviderContext): Promise<Answer> {
  try {
    const found = await readSecret(session, reference, context.signal);
    if (found?.lease !== undefined) context.onEnd(releaseOf(session, reference, found.lease));
    return found?.secret;
  } catch (error) {
    return asFailure(error, reference.scheme);
  }
}

/** Milliseconds: renewed at half of its time. */
function halfOf(seconds: number): number {
  return Math.max(1000, seconds * 500);
}

function releaseOf(session: Session, reference: Reference, lease: Lease): Release {
  const { server, login } = session;
  const namespace = namespaceOf(reference, session);
  const request = (path: string) =>
    ({ method: 'PUT', path, token: login.token, namespace, body: { lease_id: lease.id } }) as const;
  const renew = async (signal: AbortSignal): Promise<number | undefined> => {
    const { status, data } = await call(server, request('sys/leases/renew'), signal);
    const seconds = data?.['lease_duration'];
    return status === 200 && typeof seconds === 'number' && data?.['renewable'] === true ? halfOf(seconds) : undefined;
  };
  return {
    ...(lease.renewable && { renew: { afterMs: halfOf(lease.seconds), run: renew } }),
    run: async (signal) => void (await call(server, request('sys/leases/revoke'), signal)),
  };
}

async function revokeToken({ server, login }: Session, signal: AbortSignal): Promise<void> {
  const { token, namespace } = login;
  await call(server, { method: 'POST', path: 'auth/token/revoke-self', token, namespace, body: {} }, signal);
}
