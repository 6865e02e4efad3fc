// What a call refuses with, so that a test compares codes and texts instead of catching by hand.

import { SecretctlError } from '../../src/errors.js';

/** A test that cannot run here says so. */
export function notRun(why: string): void {
  process.stderr.write(`not run: ${why}\n`);
}

/** The SecretctlError of a call that must fail; any other end fails the test. */
export async function refusal(work: () => unknown): Promise<SecretctlError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SecretctlError) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}
