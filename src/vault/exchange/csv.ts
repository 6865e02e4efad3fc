// CSV as password managers write it. The parser is loaded here and nowhere else: only this needs it. Its messages quote
// what they stumble over, so that none of them is passed on.

import { SecretctlError } from '../../errors.js';
import type { Item } from './items.js';

/** Cells by the name of their column in lower case; a cell that a file does not have is empty. */
export interface Row {
  readonly cell: (column: string) => string;
  /** Every column but these, named as in the file. */
  readonly others: (...columns: readonly string[]) => Item['fields'];
}

/** Throws `bad-data` for anything but a CSV with these columns, in any order and letter case. */
export async function rowsOf(product: string, text: string, needed: readonly string[]): Promise<readonly Row[]> {
  const [header = [], ...records] = await recordsOf(product, text);
  const columns = header.map((name) => name.trim().toLowerCase());
  const missing = needed.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    throw new SecretctlError('bad-data', `this is no CSV export of ${product}: it has no column "${missing}"`);
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new SecretctlError('bad-data', `the CSV has two columns with one name ("${twice}")`);
  return records.map((record) => ({
    cell: (column) => record[columns.indexOf(column)] ?? '',
    others: (...known) =>
      header.flatMap((name, index) =>
        known.includes(columns[index] ?? '') ? [] : [[name, record[index] ?? ''] as const],
      ),
  }));
}

async function recordsOf(product: string, text: string): Promise<readonly string[][]> {
  const { parse } = await import('csv-parse/sync');
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    throw new SecretctlError('bad-data', `this is no CSV export of ${product}: ${placeOf(error)} cannot be read`);
  }
}

function placeOf(error: unknown): string {
  const hasLine = typeof error === 'object' && error !== null && 'lines' in error && typeof error.lines === 'number';
  return hasLine ? `line ${String(error.lines)}` : 'it';
}
