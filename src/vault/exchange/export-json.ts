// The export that loses nothing but earlier values: `fromJson` reads it back.

import type { VaultEntry } from '../entry.js';
import { JSON_VERSION } from './json.js';

export function toJson(entries: readonly VaultEntry[]): string {
  const secrets = Object.fromEntries(entries.map((entry) => [entry.name, plainOf(entry)]));
  return `${JSON.stringify({ secretctl: JSON_VERSION, secrets }, null, 2)}\n`;
}

function plainOf({ value, meta: { type, tags, note, expires } }: VaultEntry): Record<string, unknown> {
  const content = typeof value === 'string' ? { value } : { fields: Object.fromEntries(value) };
  return { ...content, type, tags, note, expires };
}
