import { describe, expect, test } from '@jest/globals';
import type { VaultEntry } from '../../../src/vault/entry.js';
import { changeOf, mergePlan, type Imported } from '../../../src/vault/exchange/index.js';
import { refusal } from '../../support/errors.js';
import { entry } from '../../support/exchange.js';

const HOST = new Map([['host', 'h']]);
const VAULT = new Map(
  [
    entry('text', 'one', { tags: ['t'], note: 'n', expires: '2030-01-31T00:00:00.000Z' }),
    entry('fields', HOST),
    entry('db', HOST, { type: 'connection' }),
  ].map((each): [string, VaultEntry] => [each.name, each]),
);
const existing = (name: string): VaultEntry | undefined => VAULT.get(name);
const imported = (name: string, value: Imported['value'], more: Partial<Imported> = {}): Imported => ({
  name,
  value,
  tags: [],
  ...more,
});

describe('the plan of an import', () => {
  test.each<[string, Imported, string]>([
    ['a new secret', imported('new', 'x'), 'create'],
    ['the same value', imported('text', 'one'), 'same'],
    ['the same with its tags', imported('text', 'one', { tags: ['t'], note: 'n' }), 'same'],
    ['another value', imported('text', 'two'), 'replace'],
    ['other tags', imported('text', 'one', { tags: ['t', 'u'] }), 'replace'],
    ['another note', imported('text', 'one', { note: '' }), 'replace'],
    ['another expiry', imported('text', 'one', { expires: '2031-01-31T00:00:00.000Z' }), 'replace'],
    ['fields in place of a text', imported('text', HOST), 'replace'],
    ['the same fields', imported('fields', new Map(HOST)), 'same'],
    ['the same fields for a connection', imported('db', new Map(HOST)), 'same'],
    ['fields that become a connection', imported('fields', HOST, { isConnection: true }), 'replace'],
    ['more fields', imported('fields', new Map([...HOST, ['user', 'u']])), 'replace'],
  ])('for %s: %s', (_name, secret, action) => {
    expect(mergePlan(existing, [secret], 'replace')).toEqual([{ name: secret.name, action }]);
  });

  const CONFLICTS = [imported('text', 'two'), imported('fields', 'x'), imported('new', 'x'), imported('db', HOST)];

  test('leaves out what differs', () => {
    expect(mergePlan(existing, CONFLICTS, 'skip').map(({ action }) => action)).toEqual([
      'skip',
      'skip',
      'create',
      'same',
    ]);
  });

  test('fails with all conflicts at once, and only with those', async () => {
    expect(await refusal(() => mergePlan(existing, CONFLICTS, 'fail'))).toMatchObject({
      code: 'bad-data',
      message: 'the vault has other values already for text, fields; nothing was imported',
    });
    expect(mergePlan(existing, CONFLICTS.slice(2), 'fail').map(({ action }) => action)).toEqual(['create', 'same']);
  });

  test('a change names only what the file says', () => {
    expect(changeOf(imported('a', 'x'))).toEqual({ value: 'x' });
    expect(changeOf(imported('a', HOST, { tags: ['t'], note: 'n', isConnection: true }))).toEqual({
      value: HOST,
      type: 'connection',
      tags: ['t'],
      note: 'n',
    });
  });
});
