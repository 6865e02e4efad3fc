// What people read: errors, warnings, tables. Everything passes through `safe`, and nothing but data goes to stdout.

import { SecretctlError } from '../errors.js';
import type { Host } from '../system/host.js';
import { safe, safeJson } from '../system/safe-text.js';

/** Prints what stopped a command, and returns the exit status. Of an error that is not ours only its kind is shown. */
export function printError(host: Host, error: unknown): number {
  if (!(error instanceof SecretctlError)) {
    // Message and stack of a foreign error may hold anything, also a value.
    const kind = error instanceof Error ? error.name : typeof error;
    host.stderr.write(`secretctl: a bug in secretctl stopped it (${safe(kind)}${placeOf(error)})\n`);
    return 70;
  }
  host.stderr.write(`secretctl: ${safeLines(error.message)}\n`);
  if (error.hint !== undefined) host.stderr.write(`${dim(host, 'hint:')} ${safeLines(error.hint)}\n`);
  return error.exitStatus;
}

export function printWarning(host: Host, message: string): void {
  host.stderr.write(`secretctl: warning: ${safeLines(message)}\n`);
}

/** One line for people, on stderr. */
export function say(host: Host, message: string): void {
  host.stderr.write(`${safeLines(message)}\n`);
}

/** The same value to every reader of JSON. */
export function printJson(host: Host, value: unknown): void {
  host.stdout.write(`${safeJson(JSON.stringify(value, null, 2))}\n`);
}

/** Rows in columns that line up; data, so on stdout. */
export function printTable(host: Host, rows: readonly (readonly string[])[]): void {
  const cells = rows.map((row) => row.map(safe));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells) {
    host.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

/** Colour where a person looks (https://no-color.org; FORCE_COLOR as in Node). */
export function dim(host: Host, text: string): string {
  return usesColor(host) ? `\u001b[2m${text}\u001b[22m` : text;
}

export function usesColor(host: Host): boolean {
  if ((host.env['NO_COLOR'] ?? '') !== '') return false;
  if ((host.env['FORCE_COLOR'] ?? '') !== '') return true;
  return host.stderr.isTTY === true;
}

/** `safe`, but for the ends of lines. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n');
}

/** File and line of the first frame, without its folders: enough to find a bug, and no value. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // The stack begins with the message, which may have lines of its own.
  const frames = (error.stack ?? '').split(error.message).at(-1) ?? '';
  const frame = /^ {4}at .*?([^\s/\\():]+:\d+:\d+)\)?$/m.exec(frames)?.[1];
  return frame === undefined ? '' : `, ${safe(frame)}`;
}
