// The official SDK's client at the client's end, with everything that reached it kept for the leak tests.

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { at } from './data.js';

export interface Session {
  readonly client: Client;
  /** Every message of the server, in the order of arrival. */
  readonly received: readonly JSONRPCMessage[];
  /** Everything the server's command wrote to stderr. */
  readonly stderr: () => string;
  /** Process id of the server's command. */
  readonly pid: number;
  readonly close: () => Promise<void>;
}

/** Starts `server` and connects; when that fails, its stderr is in the error. */
export async function connect(server: Omit<StdioServerParameters, 'stderr'>): Promise<Session> {
  const transport = new StdioClientTransport({ ...server, stderr: 'pipe' });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const received: JSONRPCMessage[] = [];
  const client = new Client({ name: 'secretctl-test', version: '1.0.0' });
  try {
    await client.connect(recording(transport, received));
  } catch (error) {
    await client.close();
    throw new Error(`the server did not connect: ${String(error)}\n${stderr}`, { cause: error });
  }
  const pid = transport.pid ?? 0;
  return { client, received, pid, stderr: () => stderr, close: () => client.close() };
}

/** The client installs its listeners on the outer transport; the inner one passes each message by the record. */
function recording(inner: StdioClientTransport, record: JSONRPCMessage[]): Transport {
  const outer: Transport = {
    start: () => inner.start(),
    send: (message) => inner.send(message),
    close: () => inner.close(),
  };
  // Transports of the SDK are no event targets.
  /* oxlint-disable unicorn/prefer-add-event-listener */
  inner.onmessage = (message) => {
    record.push(message);
    outer.onmessage?.(message);
  };
  inner.onclose = () => outer.onclose?.();
  inner.onerror = (error) => outer.onerror?.(error);
  /* oxlint-enable unicorn/prefer-add-event-listener */
  return outer;
}

/** What a call gave: its result, or the error that the server answered with, as plain data that can be compared. */
export async function answerOf(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: { code: at(error, 'code'), message: error.message, data: at(error, 'data') } };
  }
}
