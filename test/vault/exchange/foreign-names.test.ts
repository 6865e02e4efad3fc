import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FIELD, NAME } from '../../../src/vault/change.js';
import { fieldNameOf, namesOnce, secretNameOf, wordOf } from '../../../src/vault/exchange/foreign-names.js';
import { secretsOf } from '../../../src/vault/exchange/items.js';

describe('names of other programs', () => {
  test.each([
    ['', 'GitHub (work)', 'github-work'],
    ['', '  --Café  №1!  ', 'cafe-no1'],
    ['', 'https://a.example/b?c', 'https-a.example-b-c'],
    ['', '.env', 'env'],
    ['Work/Servers', 'db', 'work/servers/db'],
    ['Work\\My Servers\\', 'a/b', 'work/my-servers/a-b'],
    ['密码', 'x', 'x'],
  ])('%j, %j: %s', (folder, title, name) => {
    expect(secretNameOf(folder, title)).toBe(name);
  });

  test.each([
    ['API Key', 'api-key'],
    ['SECRET_ACCESS_KEY', 'secret_access_key'],
    ['密码', 'field'],
    ['', 'field'],
  ])('the field %j: %s', (text, field) => {
    expect(fieldNameOf(text)).toBe(field);
  });

  test('each is given once', () => {
    const once = namesOnce('field');
    expect(['a', 'a', 'b', 'a', 'a-2'].map(once)).toEqual(['a', 'a-2', 'b', 'a-3', 'a-2-2']);
  });

  test('are always valid and never the same', () => {
    const title = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'A', 'b/c', 'x'.repeat(200)));
    const item = fc.record({
      title,
      folder: title,
      fields: fc.array(fc.tuple(title, fc.constant('x')), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const { secrets } = secretsOf(items);
        const names = secrets.map(({ name }) => name);
        expect(names.filter((name) => !NAME.test(name))).toEqual([]);
        expect(new Set(names).size).toBe(items.length);
        for (const [index, { value }] of secrets.entries()) {
          const fields = typeof value === 'string' ? [] : [...value.keys()];
          expect(fields.filter((field) => !FIELD.test(field))).toEqual([]);
          if (typeof value !== 'string') expect(fields).toHaveLength(items[index]?.fields.length ?? 0);
        }
      }),
    );
  });

  test('are made in linear time', () => {
    for (const unit of ['-', '._-', '-a', ' ', 'é']) wordOf(`a${unit.repeat(100_000)}a`);
  });
});
