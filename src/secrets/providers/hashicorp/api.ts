// HTTP to a Vault or OpenBao server (https://developer.hashicorp.com/vault/api-docs): JSON both ways, no redirects, a limit.

import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { SecretctlError, systemCode } from '../../../errors.js';
import type { Environment } from '../../../system/host.js';

export interface Server {
  /** With which its variables begin: `VAULT` or `BAO`. */
  readonly prefix: 'VAULT' | 'BAO';
  readonly address: URL;
  readonly ca: Buffer | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** After `/v1/`. */
  readonly path: string;
  readonly token?: string;
  readonly namespace?: string | undefined;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  /** Undefined for what is no JSON object. */
  readonly data: Readonly<Record<string, unknown>> | undefined;
}

const MAX_BYTES = 1024 * 1024;
const TRIES = 3;
const PAUSE_MS = 150;

/** `BAO_…` first for OpenBao, then the `VAULT_…` that it understands too. */
export function variable(env: Environment, prefix: Server['prefix'], name: string): string | undefined {
  const found = (prefix === 'BAO' ? env[`BAO_${name}`] : undefined) ?? env[`VAULT_${name}`];
  return found === '' ? undefined : found;
}

/** Throws `config`. */
export function serverOf(env: Environment, prefix: Server['prefix']): Server {
  const name = `${prefix}_ADDR`;
  const written = variable(env, prefix, 'ADDR');
  const hint = `export ${name}=https://vault.example:8200`;
  if (written === undefined) throw new SecretctlError('config', `${name} does not say where the server is`, hint);
  const address = parsed(written);
  if (address === undefined || !/^https?:$/.test(address.protocol)) {
    throw new SecretctlError('config', `${name} is no http(s) address`, hint);
  }
  const isLoopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address.hostname);
  if (address.protocol === 'http:' && !isLoopback) {
    throw new SecretctlError('config', `${name} is not https: the token would cross the network in the open`, hint);
  }
  return { prefix, address, ca: certificates(variable(env, prefix, 'CACERT'), prefix) };
}

/** Repeats what a busy or starting server refused. Throws `unavailable`, `locked`, `not-permitted`, `bad-data`. */
export async function call(server: Server, request: Call, signal: AbortSignal): Promise<Reply> {
  for (let tries = 1; ; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const reply = await once(server, request, signal).catch((error: unknown) => failed(error, signal, tries));
    if (reply !== undefined && !(isPassing(reply.status) && tries < TRIES)) return judged(reply);
    // oxlint-disable-next-line no-await-in-loop -- the same
    await pause(PAUSE_MS * tries * (1 + Math.random()), signal);
  }
}

function isPassing(status: number): boolean {
  return status === 429 || status === 412 || (status >= 500 && status !== 503);
}

/** A text of the server is never repeated: who knows what it quotes. */
function judged(reply: Reply): Reply {
  const { status } = reply;
  if (status === 403)
    throw new SecretctlError(
      'not-permitted',
      'the server refuses: the token is wrong or its policy forbids it',
      'vault token lookup',
    );
  if (status === 503) throw new SecretctlError('locked', 'the server is sealed', 'vault status');
  if (status >= 300 && status < 400)
    throw new SecretctlError(
      'unavailable',
      'the server sends us elsewhere, and we do not go there with a token',
      'set the address to the active server',
    );
  if (status >= 500 || status === 429)
    throw new SecretctlError('unavailable', `the server answered with status ${status}`, 'vault status');
  return reply;
}

function failed(error: unknown, signal: AbortSignal, tries: number): undefined {
  signal.throwIfAborted();
  if (error instanceof SecretctlError) throw error;
  if (tries < TRIES) return undefined;
  throw new SecretctlError(
    'unavailable',
    `the server cannot be reached (${systemCode(error) ?? 'unknown error'})`,
    'vault status',
  );
}

async function once({ address, ca }: Server, request: Call, signal: AbortSignal): Promise<Reply> {
  const { request: open } = address.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const base = address.pathname.replace(/\/$/, '');
  const url = new URL(`${base}/v1/${request.path}`, address);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = {
    'X-Vault-Request': 'true',
    ...(request.token !== undefined && { 'X-Vault-Token': request.token }),
    ...(request.namespace !== undefined && { 'X-Vault-Namespace': request.namespace }),
    ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const sent = open(url, { method: request.method, headers, signal, ...(ca !== undefined && { ca }) }, (response) => {
      collect(response).then((bytes) => resolve({ status: response.statusCode ?? 0, data: objectOf(bytes) }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) throw new SecretctlError('bad-data', 'the server sent more than 1 MiB');
  }
  return Buffer.concat(chunks);
}

function objectOf(bytes: Buffer): Reply['data'] {
  try {
    return record(JSON.parse(bytes.toString()));
  } catch {
    return undefined;
  }
}

/** Undefined for anything but an object. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value)) : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

function certificates(path: string | undefined, prefix: string): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch {
    throw new SecretctlError('config', `${prefix}_CACERT cannot be read`, `ls -l "$${prefix}_CACERT"`);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal.addEventListener('abort', stop, { once: true });
  });
}
