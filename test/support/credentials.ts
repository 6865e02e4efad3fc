// Passwords made at run time, and the judge of every leak test: it knows the forms a value may come back in,
// and shares no code with the scrubber that it judges.

import { randomBytes } from 'node:crypto';

/** A new password with characters that JSON, URLs, shells and SQL each treat in their own way. */
export function randomPassword(): string {
  const letters = randomBytes(24).toString('base64url').replace(/[-_]/g, '');
  return `${letters.slice(0, 5)}/${letters.slice(5, 9)}"${letters.slice(9, 12)}+%${letters.slice(12, 15)}`;
}

export interface Form {
  readonly name: string;
  readonly text: string;
}

/** Every form of `secret` that a reader could turn back into it at sight. */
export function formsOf(secret: string): readonly Form[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const forms = [
    { name: 'plain', text: secret },
    { name: 'JSON-escaped', text: json },
    { name: 'JSON-escaped twice', text: JSON.stringify(json).slice(1, -1) },
    { name: 'percent-encoded', text: percent },
    { name: 'percent-encoded', text: percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()) },
    { name: 'hex', text: Buffer.from(secret).toString('hex') },
    { name: 'hex', text: Buffer.from(secret).toString('hex').toUpperCase() },
    // As a Buffer in JSON: bare, on one line, and indented as rows of a database are.
    ...[',', ', ', `,\n${' '.repeat(8)}`].map((between) => ({
      name: 'bytes',
      text: Array.from(Buffer.from(secret)).join(between),
    })),
    ...[0, 1, 2].map((offset) => ({ name: 'base64', text: base64Core(secret, offset) })),
  ];
  const urlSafe = forms.filter(({ name }) => name === 'base64');
  forms.push(...urlSafe.map(({ name, text }) => ({ name, text: text.replaceAll('+', '-').replaceAll('/', '_') })));
  return forms.filter((form, index) => forms.findIndex(({ text }) => text === form.text) === index);
}

/** The base64 characters that depend on the secret alone when it starts `offset` bytes into a group of three. */
function base64Core(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const text = bytes.toString('base64').replace(/=+$/, '');
  const start = Math.ceil((offset * 8) / 6);
  return text.slice(start, Math.floor((bytes.length * 8) / 6));
}

export interface Leak {
  readonly name: string;
  readonly index: number;
  readonly length: number;
}

/** Where `text` holds `secret` in one of its forms, in order and without overlaps. */
export function leaksIn(text: string, secret: string): readonly Leak[] {
  const found = formsOf(secret).flatMap(({ name, text: form }) =>
    occurrences(text, form).map((index) => ({ name, index, length: form.length })),
  );
  found.sort((a, b) => a.index - b.index || b.length - a.length);
  const leaks: Leak[] = [];
  for (const leak of found) {
    const last = leaks.at(-1);
    if (last === undefined || leak.index >= last.index + last.length) leaks.push(leak);
  }
  return leaks;
}

function occurrences(text: string, form: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) places.push(at);
  return places;
}

/** All strings of a value, keys too: what a model reads of a message, without the escapes of the wire. */
export function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsOf(item)]);
}
