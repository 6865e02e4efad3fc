// The plaintext of an entry: JSON `{name,value,meta,restrictions,version,created,history}`, nothing less and nothing more.

import type { EntryMeta, EntryVersion, SecretType, SecretValue, VaultEntry } from './entry.js';

type Shape = Readonly<Record<string, unknown>>;

export function encodeEntry(entry: VaultEntry): Buffer {
  const { name, value, meta, restrictions, version, created, history } = entry;
  const plain = {
    name,
    value: plainValue(value),
    meta,
    restrictions,
    version,
    created,
    history: history.map((past) => ({ value: plainValue(past.value), version: past.version, created: past.created })),
  };
  return Buffer.from(JSON.stringify(plain));
}

/** Undefined for any other shape: a field that this version does not know would be lost at the next write. */
export function decodeEntry(bytes: Buffer): VaultEntry | undefined {
  const plain = parseJson(bytes);
  if (!isShape(plain, ['name', 'value', 'meta', 'restrictions', 'version', 'created', 'history'])) return undefined;
  const { name, restrictions, history } = plain;
  const latest = versionOf(plain);
  const meta = metaOf(plain['meta']);
  if (typeof name !== 'string' || latest === undefined || meta === undefined) return undefined;
  if (!isRecord(restrictions) || !Array.isArray(history)) return undefined;
  const past = history.map((version) =>
    isShape(version, ['value', 'version', 'created']) ? versionOf(version) : undefined,
  );
  if (!past.every((version) => version !== undefined)) return undefined;
  return { name, ...latest, meta, restrictions, history: past };
}

function plainValue(value: SecretValue): string | Record<string, string> {
  return typeof value === 'string' ? value : Object.fromEntries(value);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function versionOf(plain: Shape): EntryVersion | undefined {
  const { version, created } = plain;
  const value = valueOf(plain['value']);
  if (value === undefined || typeof created !== 'string') return undefined;
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) return undefined;
  return { value, version, created };
}

function valueOf(plain: unknown): SecretValue | undefined {
  if (typeof plain === 'string') return plain;
  if (!isRecord(plain)) return undefined;
  const fields = Object.entries(plain);
  return fields.every(isTextField) ? new Map(fields) : undefined;
}

function isTextField(field: [string, unknown]): field is [string, string] {
  return typeof field[1] === 'string';
}

function metaOf(plain: unknown): EntryMeta | undefined {
  if (!isShape(plain, ['type', 'tags'], ['note', 'expires'])) return undefined;
  const { type, tags, note, expires } = plain;
  if (!isType(type) || !Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) return undefined;
  if (!isOptionalText(note) || !isOptionalText(expires)) return undefined;
  return { type, tags, ...(note !== undefined && { note }), ...(expires !== undefined && { expires }) };
}

function isType(value: unknown): value is SecretType {
  return value === 'string' || value === 'fields' || value === 'connection';
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isShape(value: unknown, needed: readonly string[], allowed: readonly string[] = []): value is Shape {
  if (!isRecord(value)) return false;
  return (
    needed.every((key) => Object.hasOwn(value, key)) &&
    Object.keys(value).every((key) => [...needed, ...allowed].includes(key))
  );
}

function isRecord(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
