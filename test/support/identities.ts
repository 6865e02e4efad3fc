// Identities for tests: made once per file, because a key of 3,072 bits takes its time. The small ones are 2,048 bits.

import { generateKeyPairSync } from 'node:crypto';
import type { Identity } from '../../src/seal/identity.js';
import { recipientOf } from '../../src/seal/recipient.js';

export function smallIdentity(): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...recipientOf(publicKey, 'a test'), privateKey };
}
