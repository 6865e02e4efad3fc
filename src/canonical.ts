// Canonical bytes of a document: what fingerprints, pins, trust records and seals are computed over.
// Typed and length-delimited, so that no two different documents share their bytes; the order of keys does not matter.

import { createHash } from 'node:crypto';
import { SecretctlError } from './errors.js';

export type Canonical = null | boolean | number | string | readonly Canonical[] | { readonly [key: string]: Canonical };

/** Can it be written canonically? Floats, unsafe integers and what JSON does not know cannot. */
export function isCanonical(value: unknown): value is Canonical {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object') return false;
  return Object.values(value).every(isCanonical);
}

const PREFIX = 'secretctl/canon/1\n';

/**
 * null `n` · booleans `t` `f` · integer `i<decimal>;` · string `s<UTF-8 length>:<bytes>` · list `l<count>:<items>` ·
 * map `m<count>:<key><value>…`, keys in UTF-8 byte order. Floats and unsafe integers are refused; text is not normalised.
 */
export function canonicalBytes(document: Canonical): Buffer {
  const chunks: Buffer[] = [Buffer.from(PREFIX)];
  append(document, chunks);
  return Buffer.concat(chunks);
}

/** `sha256:<64 hex>` over the canonical bytes. */
export function fingerprintOf(document: Canonical): string {
  return `sha256:${createHash('sha256').update(canonicalBytes(document)).digest('hex')}`;
}

function append(node: Canonical, out: Buffer[]): void {
  if (node === null) out.push(Buffer.from('n'));
  else if (typeof node === 'boolean') out.push(Buffer.from(node ? 't' : 'f'));
  else if (typeof node === 'number') out.push(integer(node));
  else if (typeof node === 'string') appendString(node, out);
  else if (isList(node)) appendList(node, out);
  else appendMap(node, out);
}

/** Array.isArray does not narrow read-only arrays. */
function isList(node: Canonical): node is readonly Canonical[] {
  return Array.isArray(node);
}

function integer(value: number): Buffer {
  if (!Number.isSafeInteger(value)) throw new SecretctlError('internal', 'a canonical document holds integers only');
  return Buffer.from(`i${value};`);
}

function appendString(text: string, out: Buffer[]): void {
  const bytes = Buffer.from(text);
  out.push(Buffer.from(`s${bytes.length}:`), bytes);
}

function appendList(items: readonly Canonical[], out: Buffer[]): void {
  out.push(Buffer.from(`l${items.length}:`));
  for (const item of items) append(item, out);
}

function appendMap(map: { readonly [key: string]: Canonical }, out: Buffer[]): void {
  const entries = Object.entries(map).map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
  entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  out.push(Buffer.from(`m${entries.length}:`));
  for (const { key, value } of entries) {
    appendString(key, out);
    append(value, out);
  }
}
