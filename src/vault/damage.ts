// What a reader says about a vault that it refuses, and at which stage it stopped.

import { SecretctlError } from '../errors.js';

export type Stage = 'header' | 'slot' | 'mac' | 'entry' | 'limit';

export function damaged(stage: Stage, what: string): SecretctlError {
  return new SecretctlError('vault-damaged', `the vault is refused (${stage}): ${what}`);
}
