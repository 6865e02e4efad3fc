// Files of other programs and entries of the vault, put together for tests; and results as plain objects to compare.

import type { SecretType, SecretValue, VaultEntry } from '../../src/vault/entry.js';
import { parseImport, type ImportFormat } from '../../src/vault/exchange/index.js';

/** A block with a header; put together here, so that nothing in a file looks like a key. */
export const PEM = ['BEGIN', 'END']
  .map((word) => `-----${[word, 'PRIVATE', 'KEY'].join(' ')}-----`)
  .join('\nProc-Type: 4,ENCRYPTED\nAbC=\n');

/** Every cell in quotes, as all of these programs can. */
export function csv(...rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
}

/** Name → text or fields. */
export async function valuesOf(format: ImportFormat, text: string): Promise<Record<string, unknown>> {
  const { secrets } = await parseImport(format, text);
  return Object.fromEntries(secrets.map(({ name, value }) => [name, plain(value)]));
}

export function plain(value: SecretValue): unknown {
  return typeof value === 'string' ? value : Object.fromEntries(value);
}

export function entry(name: string, value: SecretValue, meta: Partial<VaultEntry['meta']> = {}): VaultEntry {
  const type: SecretType = typeof value === 'string' ? 'string' : 'fields';
  const created = '2026-01-01T00:00:00.000Z';
  return { name, value, meta: { type, tags: [], ...meta }, restrictions: {}, version: 1, created, history: [] };
}
