// Looking into JSON that another program wrote. No message holds what was read.

import { SecretctlError } from '../../errors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Throws `bad-data`, also for an object that names a key twice: one of both would be lost. */
export function parseJson(text: string): unknown {
  const json = withoutMark(text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new SecretctlError('bad-data', 'the file is no JSON');
  }
  if (keysIn(json) === keysOf(parsed)) return parsed;
  throw new SecretctlError('bad-data', 'an object in the JSON names a key twice');
}

/** Editors on Windows put a byte order mark first. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none when it is no list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Numbers and truth values as they are written; empty for anything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Of valid JSON: there a string before a colon is a key, and no quote is outside a string. */
function keysIn(json: string): number {
  let count = 0;
  for (const [, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon !== undefined) count += 1;
  return count;
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value).reduce<number>((sum, child) => sum + keysOf(child), 0);
  return Array.isArray(value) ? below : below + Object.keys(value).length;
}
