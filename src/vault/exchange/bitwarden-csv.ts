// Bitwarden, Export vault → .csv: logins and notes. An organisation's has `collections` in place of `folder`.

import { rowsOf } from './csv.js';
import { secretsOf, type Item } from './items.js';
import type { ImportResult } from './imported.js';
import { fieldsOfLines } from './lines.js';

const LOGIN = ['login_uri', 'login_username', 'login_password', 'login_totp'];
const KNOWN = ['folder', 'collections', 'favorite', 'type', 'name', 'notes', 'fields', 'reprompt', ...LOGIN];

export async function fromBitwardenCsv(text: string): Promise<ImportResult> {
  const rows = await rowsOf('Bitwarden', text, ['name', 'login_username', 'login_password']);
  const items = rows.map(({ cell, others }) => ({
    title: cell('name'),
    folder: cell('folder'),
    fields: [
      ['user', cell('login_username')],
      ['password', cell('login_password')],
      ['url', cell('login_uri')],
      ['otp', cell('login_totp')],
      ['notes', cell('notes')],
      ...customFields(cell('fields')),
      ...others(...KNOWN),
    ] as const,
    tags: cell('collections').split(','),
  }));
  return secretsOf(items);
}

/** Bitwarden writes `null` for a field without a value. */
function customFields(cell: string): Item['fields'] {
  return fieldsOfLines(cell, /^(.*?): (.*)$/).filter(([, text]) => text !== 'null');
}
