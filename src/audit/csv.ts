// Records as CSV (RFC 4180): one column for each member, in one order for all.

import { safe } from '../system/safe-text.js';
import type { StoredRecord } from './read.js';

/** A list of texts is joined by blanks; other lists and objects are JSON. */
export const CSV_COLUMNS = [
  't',
  'log',
  'seq',
  'mono',
  'ev',
  'profile',
  'fp',
  'gate',
  'code',
  'action',
  'factor',
  'secrets',
  'references',
  'to',
  'tool',
  'outcome',
  'ms',
  'found',
  'more',
  'scrubbed',
  'dropped',
  'cause',
  'status',
  'truncated',
] as const;

/** With the line of the names; lines end in CR LF. */
export function csvOf(records: readonly StoredRecord[]): string {
  const rows = records.map(({ members }) => CSV_COLUMNS.map((column) => cellOf(members[column])));
  return [CSV_COLUMNS, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a spreadsheet would take for a formula begins with an apostrophe, behind which it takes it for text. */
function quoted(cell: string): string {
  const shown = safe(cell);
  const text = /^[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
