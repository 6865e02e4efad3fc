// References: `scheme://body?query#field` instead of a secret (RFC 3986's generic syntax, with rules of our own).

import { closest } from '../system/closest.js';
import { FIELD_NAME } from './names.js';
import { schemeNamed, SCHEMES, type Scheme } from './schemes.js';
import { parseSealed } from './sealed-text.js';
import type { Reference } from './types.js';

/** Schemes of other tools and stores: known, so that none of them is ever taken for plain text. */
const LATER: ReadonlySet<string> = new Set([
  'awssm',
  'awsps',
  'gcsm',
  'akv',
  'gopass',
  'kdbx',
  'age',
  'sops',
  'bws',
  'awssecrets',
  'awsssm',
  'gcpsecrets',
  'azurekeyvault',
  'onepasswordconnect',
  'envsubst',
  'se',
  'protonpass',
  'bw',
  'doppler',
  'infisical',
  'keeper',
]);

const KNOWN: ReadonlySet<string> = new Set([...Object.keys(SCHEMES), ...LATER]);

export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string };

/**
 * `scheme://body[?query][#fragment]`, the same behind `ref+` (vals) or `secretref+`, or a sealed value `ENC[…]`.
 * Messages name the scheme, never the rest: what stands there may be a pasted secret.
 */
export function parseReference(text: string): ParsedReference {
  if (text.startsWith('ENC[')) return sealedReference(text);
  if (text.startsWith('SEAL[')) return refused('this value is not sealed yet: secretctl seal PATH');
  const prefix = /^(?:secret)?ref\+/i.exec(text)?.[0] ?? '';
  // At the end of a reference in a longer text vals writes a "+".
  const plain = prefix === '' ? text : fromVals(text.slice(prefix.length));
  const scheme = schemeOf(plain) ?? (/^kdbx:/i.test(plain) ? 'kdbx' : undefined);
  if (scheme === undefined) {
    return refused('this is not a reference: store the value with "secretctl set NAME" and write secret://NAME here');
  }
  if (LATER.has(scheme)) return refused(`${scheme} references are not supported yet`);
  const rules = schemeNamed(scheme);
  if (rules === undefined) return unknownScheme(scheme);
  return readBody(text, plain.slice(scheme.length + 3), scheme, rules);
}

/** vals decodes `op` references too, which are written as they are elsewhere. */
function fromVals(text: string): string {
  const plain = text.replace(/\+$/, '');
  return schemeOf(plain) === 'op' ? (decoded(plain) ?? plain) : plain;
}

function schemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
}

function sealedReference(text: string): ParsedReference {
  const parsed = parseSealed(text);
  if (typeof parsed === 'string') return refused(parsed);
  return { ok: true, reference: { text, scheme: 'ENC', body: parsed.bytes.toString('base64') } };
}

function unknownScheme(scheme: string): ParsedReference {
  const near = closest(scheme, Object.keys(SCHEMES)) ?? closest(scheme, KNOWN);
  const message = `there is no kind of reference "${scheme}://"`;
  if (near !== undefined) return { ok: false, message, suggestion: `${near}://` };
  return refused(`${message}: store the value with "secretctl set NAME" and write secret://NAME here`);
}

interface Parts {
  readonly body: string;
  readonly query?: ReadonlyMap<string, string>;
  readonly field?: string;
}

function readBody(text: string, rest: string, written: string, rules: Scheme): ParsedReference {
  const parts = partsOf(rest, written, rules);
  if (typeof parts === 'string') return refused(parts);
  if (!rules.body.test(parts.body)) return refused(`after ${written}:// stands ${rules.says}`);
  return { ok: true, reference: { text, scheme: rules.aliasOf ?? written, ...parts } };
}

/** A text says what is wrong. */
function partsOf(rest: string, scheme: string, rules: Scheme): Parts | string {
  if (rules.spelling === 'raw') return { body: rest };
  const [front = '', ...fragments] = rest.split('#');
  const fragment = fragments.length === 0 ? undefined : fragments.join('#');
  if (fragment?.includes('?') === true) return 'the query ("?") stands before the field ("#")';
  const mark = front.indexOf('?');
  const query = mark === -1 ? undefined : queryOf(front.slice(mark + 1), scheme, rules);
  if (typeof query === 'string') return query;
  const field = fragment === undefined ? undefined : fieldOf(fragment, scheme, rules);
  if (field !== undefined && !field.ok) return field.message;
  // Of our own names nothing is decoded: what a person reads in a plan is the name that is looked up. A command is
  // decoded where its arguments are told apart.
  const written = mark === -1 ? front : front.slice(0, mark);
  const body = rules.spelling === 'written' ? written : decoded(written);
  if (body === undefined) return 'this is no percent-encoding';
  return { body, ...(query !== undefined && { query }), ...(field !== undefined && { field: field.name }) };
}

function queryOf(
  text: string,
  scheme: string,
  { query: keys = [], spelling }: Scheme,
): ReadonlyMap<string, string> | string {
  if (keys.length === 0) return `a ${scheme}:// reference has no query ("?")`;
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    const [key = '', ...value] = pair.split('=');
    const isKnown = keys.some((known) => (known.endsWith('*') ? key.startsWith(known.slice(0, -1)) : known === key));
    if (!isKnown) return `after "?" of a ${scheme}:// reference stand ${keys.join(', ')}`;
    const written = value.join('=');
    const plain = spelling === 'written' ? written : decoded(written);
    if (plain === undefined || query.has(key)) return 'the query is malformed, or names a key twice';
    query.set(key, plain);
  }
  return query;
}

type FieldResult = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly message: string };

function fieldOf(fragment: string, scheme: string, { fragment: kind }: Scheme): FieldResult {
  if (kind === 'none') return { ok: false, message: `a ${scheme}:// reference has no field ("#")` };
  const name = decoded(fragment);
  if (name?.startsWith('/') === true) {
    if (kind === 'pointer') return { ok: true, name };
    return { ok: false, message: `JSON pointers ("#/…") are not for ${scheme}:// references: write #FIELD` };
  }
  if (name === undefined || !(FIELD_NAME.test(name) || (kind !== 'field' && FOREIGN_NAME.test(name))))
    return { ok: false, message: 'after "#" stands the name of one field' };
  return { ok: true, name };
}

/** Names that other stores give to fields. */
const FOREIGN_NAME = /^[A-Za-z0-9_][\w. -]{0,127}$/;

/** Undefined for what is no percent-encoding of UTF-8 (RFC 3986 §2.1). */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refused(message: string): ParsedReference {
  return { ok: false, message };
}

/** Says as what kind of reference a text starts (`op://…`), for a message; undefined for anything else, URLs included. */
export function referenceKind(text: string): string | undefined {
  if (text.startsWith('ENC[')) return 'ENC[…]';
  if (text.startsWith('SEAL[')) return 'SEAL[…]';
  if (/^(?:secret)?ref\+/i.test(text)) return 'ref+…';
  if (/^kdbx:/i.test(text)) return 'kdbx:…';
  const scheme = schemeOf(text);
  return scheme !== undefined && KNOWN.has(scheme) ? `${scheme}://…` : undefined;
}

/**
 * Does text that is meant literally look like a reference that nobody will resolve? Says which.
 * Of `--token=op://…` the part after `=` is a value of its own. `{env:…}` and `{file:…}` are expanded by some MCP
 * clients, and one that does not would hand them to the server as they are.
 */
export function looksLikeReference(text: string): string | undefined {
  const trimmed = text.trimStart();
  const braces = /(?<!\$)\{(env|file):[^{}]*\}/.exec(text)?.[1];
  return (
    referenceKind(trimmed) ??
    referenceKind(trimmed.replace(/^[-\w.]+=\s*/, '')) ??
    (braces === undefined ? undefined : `{${braces}:…}`)
  );
}

/** `scheme://user:password@host` anywhere in the text: RFC 3986 §3.2.1 calls the password form deprecated for good reason. */
export function holdsUrlPassword(text: string): boolean {
  // Not anchored at the scheme's start: a search that begins at every letter takes quadratic time.
  return /:\/\/[^\s/?#@:]*:[^\s/?#@]+@/.test(text);
}
