// What other programs write, and what they can read: one file each. Pure: text in, values out.

import type { VaultEntry } from '../entry.js';
import { fromBitwardenCsv } from './bitwarden-csv.js';
import { fromBitwardenJson } from './bitwarden-json.js';
import { fromEnv } from './env.js';
import { fromEyaml } from './eyaml.js';
import { toEnv } from './export-env.js';
import { toJson } from './export-json.js';
import type { ImportResult } from './imported.js';
import { fromJson } from './json.js';
import { fromLastPassCsv } from './lastpass-csv.js';
import { fromOnePasswordCsv } from './onepassword-csv.js';
import { fromOnePasswordJson } from './onepassword-json.js';

export { changeOf, type Imported, type ImportResult, type Skipped } from './imported.js';
export { mergePlan, type ConflictRule, type Planned } from './merge-plan.js';

export const IMPORT_FORMATS = {
  env: fromEnv,
  json: fromJson,
  '1password-csv': fromOnePasswordCsv,
  '1password-json': fromOnePasswordJson,
  'bitwarden-csv': fromBitwardenCsv,
  'bitwarden-json': fromBitwardenJson,
  'lastpass-csv': fromLastPassCsv,
  eyaml: fromEyaml,
} as const satisfies Record<string, (text: string, key?: string) => ImportResult | Promise<ImportResult>>;

export const EXPORT_FORMATS = {
  env: toEnv,
  json: toJson,
} as const satisfies Record<string, (entries: readonly VaultEntry[]) => string>;

export type ImportFormat = keyof typeof IMPORT_FORMATS;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/**
 * Names are unique, and valid in the vault. `key`: what opens a format that is encrypted. Throws `bad-data`, `usage` or
 * `not-supported`; no text of it holds a value.
 */
export async function parseImport(format: ImportFormat, text: string, key?: string): Promise<ImportResult> {
  return IMPORT_FORMATS[format](text, key);
}

/** Throws `bad-data` for what the format cannot hold; no text of it holds a value. */
export function formatExport(format: ExportFormat, entries: readonly VaultEntry[]): string {
  return EXPORT_FORMATS[format](entries);
}
