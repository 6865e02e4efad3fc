// A value from stdin.

import type { Readable } from 'node:stream';
import { SecretctlError } from '../errors.js';

/** More than any value may have. */
const MAX_BYTES = 1024 * 1024;

/** All of stdin as text, without one newline at its end: `echo` adds one, and no credential ends in one. */
export async function readPiped(stdin: Readable, maxBytes = MAX_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes)
      throw new SecretctlError('bad-data', `more than ${maxBytes / 1024 / 1024} MiB came from stdin`);
  }
  return decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretctlError('bad-data', 'what came from stdin is not UTF-8', 'base64-encode binary values first');
  }
}
