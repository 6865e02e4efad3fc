// LastPass, Advanced → Export: one row for a login, and for a note, which has the URL `http://sn`.

import { rowsOf, type Row } from './csv.js';
import { secretsOf, type Item } from './items.js';
import type { ImportResult } from './imported.js';
import { fieldsOfLines } from './lines.js';

const KNOWN = ['url', 'username', 'password', 'totp', 'extra', 'name', 'grouping', 'fav'];
const NOTE = 'http://sn';
const ENTITIES = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&#039;', "'"],
]);
const ENTITY = /&(?:amp|lt|gt|quot|#0?39);/g;
const BARE = /[<>]|&(?!(?:amp|lt|gt|quot|#0?39);)/;

export async function fromLastPassCsv(text: string): Promise<ImportResult> {
  const rows = await rowsOf('LastPass', text, ['name', 'username', 'password', 'extra']);
  const isEscaped = !rows.some((row) => KNOWN.slice(1).some((column) => BARE.test(row.cell(column))));
  return secretsOf(rows.map((row) => itemOf(isEscaped ? decoded(row) : row)));
}

/**
 * Some versions escape a file as HTML and others do not, and no file says which. One that holds a bare `&` or `<` was
 * not escaped. URLs are no witness: they are full of `&`, and not every version escapes them.
 */
function decoded({ cell, others }: Row): Row {
  return {
    cell: (column) => (column === 'url' && BARE.test(cell(column)) ? cell(column) : decode(cell(column))),
    others: (...known) => others(...known).map(([name, text]) => [name, decode(text)]),
  };
}

function decode(text: string): string {
  return text.replaceAll(ENTITY, (entity) => ENTITIES.get(entity) ?? entity);
}

function itemOf({ cell, others }: Row): Item {
  const { fields, tags } = noteOf(cell('extra'));
  return {
    title: cell('name'),
    folder: cell('grouping') === '(none)' ? '' : cell('grouping'),
    fields: [
      ['user', cell('username')],
      ['password', cell('password')],
      ['url', cell('url') === NOTE ? '' : cell('url')],
      ['otp', cell('totp')],
      ...fields,
      ...others(...KNOWN),
    ],
    tags,
  };
}

/** A note with a form (`NoteType:Database`) has a line for each field, `Notes` at the end. The type becomes a tag. */
function noteOf(extra: string): { fields: Item['fields']; tags: readonly string[] } {
  if (!extra.startsWith('NoteType:')) return { fields: [['notes', extra]], tags: [] };
  const [, form = extra, notes = ''] = /^(.*?)(?:\nNotes:(.*))?$/s.exec(extra.replaceAll('\r\n', '\n')) ?? [];
  const [[, type] = ['', ''], ...lines] = fieldsOfLines(form, /^([^:]{1,64}):(.*)$/);
  const fields = lines.filter(([name, text]) => name !== 'Language' && !/^,*$/.test(text));
  return { fields: [...fields, ['notes', notes]], tags: [type] };
}
