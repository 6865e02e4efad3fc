// 1Password, `op item get --format json`: one item, a list of them, or one after another as `op item get -` writes them.

import { SecretctlError } from '../../errors.js';
import { secretsOf, urlsOf, type Item } from './items.js';
import type { ImportResult } from './imported.js';
import { isObject, objectsOf, parseJson, textOf, type JsonObject } from './json-values.js';

const PURPOSES = new Map([
  ['USERNAME', 'user'],
  ['PASSWORD', 'password'],
  ['NOTES', 'notes'],
]);

export function fromOnePasswordJson(text: string): ImportResult {
  // A line break in JSON is never inside a string: between two objects without a comma, a new document begins.
  const parsed = parseJson(`[${text.replace(/^\uFEFF/, '').replaceAll(/\}[^\S\n]*\n\s*\{/g, '},{')}]`);
  const items = objectsOf(Array.isArray(parsed) ? parsed.flat() : parsed);
  if (items.length > 0 && items.every(({ title }) => typeof title === 'string')) return secretsOf(items.map(itemOf));
  throw new SecretctlError('bad-data', 'this is no JSON of 1Password', 'op item get NAME --format json');
}

function itemOf(item: JsonObject): Item {
  const { title, vault, tags, urls, fields } = item;
  return {
    title: textOf(title),
    folder: isObject(vault) ? textOf(vault['name']) : '',
    fields: [...loginFirst(objectsOf(fields)).map(fieldOf), ...urlsOf(objectsOf(urls).map(({ href }) => textOf(href)))],
    tags: Array.isArray(tags) ? tags.map(textOf) : [],
    // What `op item list` says.
    ...(fields === undefined && { skip: 'the file does not have its fields: "op item get" writes them' }),
  };
}

/** So that a field that only has the same label does not take the name of the real password. */
function loginFirst(fields: readonly JsonObject[]): readonly JsonObject[] {
  return [...fields.filter(isOfLogin), ...fields.filter((field) => !isOfLogin(field))];
}

function isOfLogin({ purpose }: JsonObject): boolean {
  return PURPOSES.has(textOf(purpose));
}

/** The `totp` of a field is the code of that moment; its value is what codes are made from. */
function fieldOf({ id, label, purpose, type, value }: JsonObject): readonly [string, string] {
  const known = PURPOSES.get(textOf(purpose)) ?? (type === 'OTP' ? 'otp' : undefined);
  return [known ?? (textOf(label) || textOf(id)), textOf(value)];
}
