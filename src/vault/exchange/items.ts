// Items of password managers become secrets with fields. Their notes become a field too: there they are encrypted and
// often hold recovery codes, while a note of this vault is shown to everyone. Old passwords and favourites stay behind.

import { fieldNameOf, namesOnce, secretNameOf, wordOf } from './foreign-names.js';
import type { Imported, ImportResult, Skipped } from './imported.js';

export interface Item {
  readonly title: string;
  /** Levels are separated by `/` or `\`. */
  readonly folder?: string;
  /** Names as the other program has them. The first of two with one name keeps it; those without a text are left out. */
  readonly fields: readonly (readonly [name: string, text: string])[];
  readonly tags?: readonly string[];
  /** Why the item is left out. */
  readonly skip?: string;
  /** What the vault cannot hold of it; the rest of the item is taken. */
  readonly lost?: string;
}

export function secretsOf(items: readonly Item[]): ImportResult {
  const once = namesOnce('secret');
  const secrets: Imported[] = [];
  const skipped: Skipped[] = [];
  for (const item of items) {
    const title = titleOf(item);
    const fields = item.fields.filter(([, text]) => text !== '');
    const why = item.skip ?? (fields.length === 0 ? 'it has no value' : item.lost);
    if (why !== undefined) skipped.push({ name: title, why });
    if (item.skip !== undefined || fields.length === 0) continue;
    const name = once(secretNameOf(item.folder ?? '', wordOf(title) === '' ? 'unnamed' : title));
    secrets.push({ name, value: valueOf(fields), tags: tagsOf(item), ...noteOf(item) });
  }
  return { secrets, skipped };
}

/** Without a title that can stand in a name, an item goes by the host of its URL. */
function titleOf({ title, fields }: Item): string {
  if (wordOf(title) !== '') return title;
  const url = fields.find(([name]) => name === 'url')?.[1] ?? '';
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@]+)/i.exec(url)?.[1];
  return host ?? (title.trim() === '' ? 'unnamed' : title);
}

/** A text is a value of its own when there is nothing but notes. */
function valueOf(fields: Item['fields']): Imported['value'] {
  const [only] = fields;
  if (fields.length === 1 && only?.[0] === 'notes') return only[1];
  const once = namesOnce('field');
  return new Map(fields.map(([name, text]) => [once(fieldNameOf(name)), text]));
}

function tagsOf({ tags = [] }: Item): readonly string[] {
  return [...new Set(tags.map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** Of a title in other letters little or nothing is left in a name. */
function noteOf({ title }: Item): { note?: string } {
  return /[^\x20-\x7E]/.test(title) ? { note: title } : {};
}

/** `url`, and when there are more of them `url`, `url`: their names become different later. */
export function urlsOf(urls: readonly string[]): Item['fields'] {
  return urls.map((url) => ['url', url]);
}
