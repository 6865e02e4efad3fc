// `--expires 30d`.

import { SecretctlError } from '../errors.js';

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24 };

const HINT = 'use 30d, 12h, 2w or 2030-01-31';

/** `12h`, `30d`, `2w` from now, or a date or time of ISO 8601; gives ISO 8601, UTC. Throws `usage`, also for the past. */
export function expiryOf(text: string, now: Date): string {
  const span = /^([1-9]\d{0,4})([hdw])$/.exec(text);
  if (span !== null) {
    const hours = Number(span[1]) * (HOURS[span[2] ?? ''] ?? 0);
    return new Date(now.getTime() + hours * 3_600_000).toISOString();
  }
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SecretctlError('usage', `"${text}" is no time`, HINT);
  if (time <= now.getTime()) throw new SecretctlError('usage', `the time "${text}" is in the past`, HINT);
  return new Date(time).toISOString();
}
