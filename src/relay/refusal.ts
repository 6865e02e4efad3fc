// How a launch that cannot happen tells the client: a JSON-RPC error for its first request, so that it neither waits nor guesses.

import type { Readable, Writable } from 'node:stream';
import type { SecretctlError } from '../errors.js';
import { errorAnswer } from '../scrub/answers.js';
import { envelopesOf } from './envelope.js';
import { createFramer, type Line } from './frames.js';

/** How long the client may take to ask something, in milliseconds. */
const PATIENCE = 2000;

/** Writes at most one line; `code` is the exit status, `message` names the cause and the fix. Resolves when the client has it. */
export async function refuse(client: { stdin: Readable; stdout: Writable }, error: SecretctlError): Promise<void> {
  const id = await firstRequestId(client.stdin);
  if (id === undefined) return;
  const fix = error.hint === undefined ? '' : `; to fix it: ${error.hint}`;
  const line = `${errorAnswer(id, error.exitStatus, `${error.message}${fix}`)}\n`;
  await new Promise<void>((resolve) => {
    client.stdout.once('error', () => resolve());
    client.stdout.write(line, () => resolve());
  });
}

/** Raw JSON text of the first id that is asked with: notifications are skipped, of a batch the first request counts. */
function firstRequestId(stdin: Readable): Promise<string | undefined> {
  return new Promise((resolve) => {
    const framer = createFramer();
    const finish = (id: string | undefined): void => {
      clearTimeout(timer);
      stdin.off('data', onData).off('end', onEnd).off('error', onEnd);
      stdin.pause();
      resolve(id);
    };
    const look = (lines: readonly Line[]): boolean => {
      const id = lines.flatMap(envelopesOf).find(({ kind }) => kind === 'request')?.id;
      if (id !== undefined) finish(id);
      return id !== undefined;
    };
    const onData = (chunk: Buffer): void => void look(framer.push(chunk));
    const onEnd = (): void => {
      if (!look(framer.end())) finish(undefined);
    };
    const timer = setTimeout(() => finish(undefined), PATIENCE);
    stdin.on('data', onData).on('end', onEnd).on('error', onEnd);
  });
}
