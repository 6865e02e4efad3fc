// What is put in a credential's place. ASCII without quotes and backslashes, so that it needs no escaping anywhere; and
// never a text in which a known value would be found again.

import { SecretctlError } from '../errors.js';
import { openField } from './field.js';
import type { Form } from './needle.js';
import type { Range } from './sequence.js';

export interface Masks {
  readonly text: string;
  /** For URIs: brackets in the authority would be taken for an IPv6 address. */
  readonly uri: string;
  /** Base64 without padding that decodes to the text form; its length is a multiple of 4. */
  readonly base64: string;
  readonly hex: string;
}

export interface Edit extends Range {
  readonly mask: string;
}

const URI_WORDS = ['REDACTED', 'MASKED', 'HIDDEN', 'XXXXXXXX', '--------'];
const NEAR = 300;
const USERINFO_BEFORE = /(?::|%3A)(?:\/|%2F){2}(?:[^\s/@"'<>]{0,256}(?::|%3A))?$/i;
const QUERY_BEFORE = /(?:[?&;]|%3F|%26)[A-Za-z_.-]{1,40}(?:=|%3D)$/i;

/** The first of several spellings in which `isFree` finds no value. Throws `scrub-failed` when there is none. */
export function masksOf(name: string, isFree: (text: string) => boolean): Masks {
  const words = [
    `[REDACTED:${asciiName(name)}]`,
    '[REDACTED]',
    '[MASKED]',
    '(hidden)',
    '********',
    '########',
    '--------',
  ];
  const first = (candidates: readonly string[]): string => {
    const free = candidates.find(isFree);
    if (free === undefined) throw new SecretctlError('scrub-failed', `no placeholder is free of the value of ${name}`);
    return free;
  };
  return {
    text: first(words),
    uri: first(URI_WORDS),
    base64: first(words.map((word) => Buffer.from(padded(word)).toString('base64'))),
    hex: first(words.map((word) => Buffer.from(word).toString('hex'))),
  };
}

function asciiName(name: string): string {
  return name.replace(/[^A-Za-z0-9._/-]/g, '_');
}

function padded(word: string): string {
  return word.padEnd(Math.ceil(word.length / 3) * 3, '.');
}

/**
 * Chooses the masks for one text, so that what surrounds them stays readable: a URI, a base64 field, a hexadecimal field.
 * An edit may be wider than its range. The text as a whole is looked at once, however many spans it has. `plain`: without
 * brackets everywhere.
 */
export function editsIn(text: string, plain = false): (range: Range, form: Form, masks: Masks) => Edit {
  let hex: boolean | undefined;
  let base64: boolean | undefined;
  return (range, form, masks) => {
    const { start, end } = range;
    if (form === 'hex' && (hex ??= isWholeHex(text))) return { start, end, mask: masks.hex };
    if (form === 'base64') return base64Edit(text, range, (base64 ??= openField(text) !== undefined), masks);
    return { start, end, mask: plain || (form === 'characters' && inUri(text, range)) ? masks.uri : masks.text };
  };
}

/** A field that is base64 all over, or a data URI (RFC 2397), stays decodable: whole groups of four are replaced. */
function base64Edit(text: string, { start, end }: Range, isWhole: boolean, masks: Masks): Edit {
  const origin = text.slice(Math.max(0, start - 8), start) === ';base64,' ? start : isWhole ? 0 : -1;
  if (origin < 0) return { start, end, mask: masks.text };
  if (isWhole && /\s/.test(text)) return { start: 0, end: text.length, mask: masks.base64 };
  const missing = (4 - ((end - origin) % 4)) % 4;
  const rest = /^[A-Za-z0-9+/_=-]*/.exec(text.slice(end, end + missing))?.[0].length ?? 0;
  return { start: start - ((start - origin) % 4), end: end + rest, mask: masks.base64 };
}

function isWholeHex(text: string): boolean {
  return /^(?:\\x|0x)?[0-9a-fA-F]+$/.test(text);
}

function inUri(text: string, { start, end }: Range): boolean {
  const before = text.slice(Math.max(0, start - NEAR), start);
  return (/^(?:@|%40)/.test(text.slice(end, end + 3)) && USERINFO_BEFORE.test(before)) || QUERY_BEFORE.test(before);
}
