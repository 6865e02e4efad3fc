// 1Password, File → Export → CSV: logins and passwords, one row each.

import { rowsOf } from './csv.js';
import { secretsOf } from './items.js';
import type { ImportResult } from './imported.js';

const KNOWN = ['title', 'url', 'username', 'password', 'otpauth', 'favorite', 'archived', 'tags', 'notes'];

export async function fromOnePasswordCsv(text: string): Promise<ImportResult> {
  const rows = await rowsOf('1Password', text, ['title', 'username', 'password']);
  const items = rows.map(({ cell, others }) => ({
    title: cell('title'),
    fields: [
      ['user', cell('username')],
      ['password', cell('password')],
      ['url', cell('url')],
      ['otp', cell('otpauth')],
      ['notes', cell('notes')],
      ...others(...KNOWN),
    ] as const,
    tags: [...cell('tags').split(/[;,]/), ...(cell('archived').toLowerCase() === 'true' ? ['archived'] : [])],
  }));
  return secretsOf(items);
}
