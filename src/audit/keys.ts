// The keys of the audit log: one for each UTC day, stepped one way at midnight, and one for the index.

import { createHmac } from 'node:crypto';
import { deriveKey, hmac } from '../system/crypto.js';

/** Labels under which the vault gives its keys. */
export type AuditKeyLabel = `audit|${string}` | 'audit-index';
export type DeriveKey = (label: AuditKeyLabel) => Buffer;

export const INDEX_KEY = 'audit-index';

/** The key of a day; HKDF of the vault's master key. */
export function dayKey(derive: DeriveKey, day: string): Buffer {
  return derive(`audit|${day}`);
}

/** The key of the next day: whoever takes a key later opens no earlier day. */
export function stepped(key: Buffer): Buffer {
  return deriveKey(key, 'audit-next');
}

/** Name of the folder of one vault key: 16 hexadecimal digits that say nothing of the key. */
export function folderOf(indexKey: Buffer): string {
  return hmac(indexKey, 'folder').toString('hex').slice(0, 16);
}

export function utcDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

export function nextDay(day: string): string {
  return utcDay(new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3600 * 1000));
}

/** The JSON object with its last member `hmac`: HMAC-SHA256 over the text without that member. */
export function authenticated(body: string, key: Buffer): string {
  return `${body.slice(0, -1)},"hmac":"${macOf(body, key)}"}`;
}

/** The text that the MAC of a line covers, when it is the right one; undefined otherwise. */
export function bodyOf(line: string, key: Buffer): string | undefined {
  const [, rest, mac] = /^(\{.*),"hmac":"([0-9a-f]{64})"\}$/su.exec(line) ?? [];
  if (rest === undefined || mac === undefined) return undefined;
  const body = `${rest}}`;
  return macOf(body, key) === mac ? body : undefined;
}

function macOf(body: string, key: Buffer): string {
  return createHmac('sha256', key).update(body).digest('hex');
}
