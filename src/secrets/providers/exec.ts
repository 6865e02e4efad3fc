// `exec://COMMAND[/ARGUMENT…][?args=a,b&timeout=30&trim=false&env_NAME=V][#FIELD]`: what a command prints (vals' form).
// The command is part of the plan that somebody approved; it is started directly, never by a shell.

import { SecretctlError } from '../../errors.js';
import type { Reference } from '../../profile/types.js';
import { oneByOne, type Provider } from '../provider.js';

const MAX_TIMEOUT_S = 600;

export const execProvider: Provider = {
  hint: ({ body }) => `run "${body}" by hand`,
  refusesPin: () => 'commands are not run under a pin',
  resolve: oneByOne(async (reference, { runTool, signal }) => {
    const { command, args } = commandOf(reference);
    const limit = AbortSignal.any([signal, timeoutOf(reference)]);
    const { status, stdout } = await runTool({ command, args, env: variablesOf(reference), signal: limit });
    if (status !== 0) throw new SecretctlError('unavailable', `the command ended with status ${status}`);
    const text = decoded(stdout);
    return { kind: 'value', value: reference.query?.get('trim') === 'false' ? text : text.trimEnd() };
  }),
};

/** `///usr/bin/program` is a command alone; `//program/a/b%2Fc` a name on the PATH with its arguments. */
function commandOf({ body, query }: Reference): { command: string; args: readonly string[] } {
  const list = query?.get('args');
  const more = list === undefined ? [] : list.split(',').map(percentDecoded);
  if (body.startsWith('/')) return { command: percentDecoded(body), args: more };
  const [command = '', ...args] = body.split('/').map(percentDecoded);
  return { command, args: [...args, ...more] };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SecretctlError('bad-profile', 'this is no percent-encoding');
  }
}

function timeoutOf({ query }: Reference): AbortSignal {
  const text = query?.get('timeout') ?? '30';
  const seconds = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds) || seconds > MAX_TIMEOUT_S) {
    throw new SecretctlError('bad-profile', '"timeout" is a number of seconds, at most 600');
  }
  const controller = new AbortController();
  const late = new SecretctlError('timeout', `the command did not end within ${seconds} s`);
  setTimeout(() => controller.abort(late), seconds * 1000).unref();
  return controller.signal;
}

function variablesOf({ query }: Reference): Record<string, string> {
  const named = [...(query ?? [])].filter(([key]) => key.startsWith('env_'));
  return Object.fromEntries(named.map(([key, value]) => [key.slice('env_'.length), percentDecoded(value)]));
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretctlError('bad-data', 'what the command printed is not UTF-8');
  }
}
