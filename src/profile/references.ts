// References: `scheme://body#field` instead of a secret (RFC 3986's generic syntax, with rules of our own).

import { closest } from '../system/closest.js';
import { FIELD_NAME, SECRET_NAME } from './names.js';
import type { Reference } from './types.js';

/** Schemes that resolve today. */
export const SCHEMES = ['secret'] as const;

/** Schemes of other tools and stores: known, so that none of them is ever taken for plain text. */
const LATER: ReadonlySet<string> = new Set([
  'op',
  'vault',
  'bao',
  'openbao',
  'awssm',
  'awsps',
  'gcsm',
  'akv',
  'keyring',
  'pass',
  'gopass',
  'kdbx',
  'age',
  'sops',
  'bws',
  'env',
  'file',
  'exec',
  'awssecrets',
  'awsssm',
  'gcpsecrets',
  'azurekeyvault',
  'keychain',
  'onepasswordconnect',
  'envsubst',
  'se',
  'protonpass',
  'bw',
  'doppler',
  'infisical',
  'keeper',
]);

const KNOWN: ReadonlySet<string> = new Set([...SCHEMES, ...LATER]);

export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string };

/** `secret://NAME[#FIELD]`. Messages name the scheme, never the rest: what stands there may be a pasted secret. */
export function parseReference(text: string): ParsedReference {
  if (text.startsWith('ENC[')) return refused('sealed values (ENC[…]) are not supported yet');
  if (/^(?:secret)?ref\+/i.test(text)) return refused('references with the prefix "ref+" are not supported yet');
  const scheme =
    /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? (/^kdbx:/i.test(text) ? 'kdbx' : undefined);
  if (scheme === undefined) {
    return refused('this is not a reference: store the value with "secretctl set NAME" and write secret://NAME here');
  }
  if (LATER.has(scheme)) return refused(`${scheme} references are not supported yet: only secret://NAME is`);
  if (scheme !== 'secret') return unknownScheme(scheme);
  return secretReference(text, scheme);
}

function schemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
}

function unknownScheme(scheme: string): ParsedReference {
  const near = closest(scheme, SCHEMES) ?? closest(scheme, KNOWN);
  const message = `there is no kind of reference "${scheme}://"`;
  if (near !== undefined) return { ok: false, message, suggestion: `${near}://` };
  return refused(`${message}: store the value with "secretctl set NAME" and write secret://NAME here`);
}

function secretReference(text: string, scheme: string): ParsedReference {
  const rest = text.slice(scheme.length + 3);
  const hash = rest.indexOf('#');
  const written = hash === -1 ? rest : rest.slice(0, hash);
  const field = hash === -1 ? undefined : rest.slice(hash + 1);
  if (written.includes('?') || field?.includes('?') === true)
    return refused('a secret:// reference has no query ("?")');
  if (field?.startsWith('/') === true) return refused('JSON pointers ("#/…") are not supported yet: write #FIELD');
  if (field !== undefined && !FIELD_NAME.test(field)) return refused('after "#" stands the name of one field');
  // Nothing is decoded: what a person reads in a plan is the name that is looked up.
  if (!SECRET_NAME.test(written)) {
    return refused('after secret:// stands a secret\'s name: letters, digits, ".", "_", "/" and "-", at most 128');
  }
  return { ok: true, reference: { text, scheme, body: written, ...(field === undefined ? {} : { field }) } };
}

function refused(message: string): ParsedReference {
  return { ok: false, message };
}

/** Says as what kind of reference a text starts (`op://…`), for a message; undefined for anything else, URLs included. */
export function referenceKind(text: string): string | undefined {
  if (text.startsWith('ENC[')) return 'ENC[…]';
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
