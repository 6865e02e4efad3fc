// The shape of a test vector of sealed profiles: a file in test/vectors/seal/, beside `identities.json`.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from '../../src/seal/identity.js';
import { recipientOf } from '../../src/seal/recipient.js';
import { root } from './project.js';

export const SEAL_VECTORS = join(root, 'test/vectors/seal');

export interface SealVector {
  readonly about: string;
  /**
   * `ok`, or the stage at which a reader must stop: `profile` before anything is opened, `recipient` because the identity is
   * not named, `seal` when key or mac do not fit, `value` at a single value.
   */
  readonly expect: 'ok' | 'profile' | 'recipient' | 'seal' | 'value';
  /** Whose identity reads it. */
  readonly as: string;
  readonly profile: string;
  /** For `ok`: JSON pointer → value. */
  readonly values?: Readonly<Record<string, string>>;
}

/** `identities.json`: name → PKCS#8 DER in hexadecimal, in pieces, so that nobody takes it for a key in use. */
export function readIdentities(): Readonly<Record<string, Identity>> {
  const text = readFileSync(join(SEAL_VECTORS, 'identities.json'), 'utf8');
  const pieces = JSON.parse(text) as Record<string, string[]>;
  return Object.fromEntries(
    Object.entries(pieces).map(([name, hex]) => {
      const der = Buffer.from(hex.join(''), 'hex');
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      return [name, { ...recipientOf(createPublicKey(privateKey), name), privateKey }];
    }),
  );
}
