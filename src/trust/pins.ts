// `SECRETCTL_TRUST`: pins of plans that may run where nobody can be asked.

import { SecretctlError } from '../errors.js';

const PIN = /^sha256:[0-9a-f]{64}$/;

/** Comma-separated `sha256:<64 hex>`; anything else is refused, because a typing mistake would look like a missing pin. */
export function parsePins(text: string): string[] {
  const pins = text
    .split(',')
    .map((pin) => pin.trim())
    .filter((pin) => pin !== '');
  for (const pin of pins) {
    if (!PIN.test(pin)) {
      throw new SecretctlError(
        'config',
        'SECRETCTL_TRUST holds something that is no pin',
        'secretctl profile check NAME --json',
      );
    }
  }
  return pins;
}
