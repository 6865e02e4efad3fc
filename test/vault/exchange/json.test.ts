import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { applyChange, FIELD, NAME } from '../../../src/vault/change.js';
import { changeOf, formatExport, parseImport } from '../../../src/vault/exchange/index.js';
import type { VaultEntry } from '../../../src/vault/entry.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { entry, valuesOf } from '../../support/exchange.js';

const PASSWORD = randomPassword();

const byName = (one: VaultEntry, other: VaultEntry): number => (one.name < other.name ? -1 : 1);

const file = (secrets: unknown): string => JSON.stringify({ secretctl: 1, secrets });

describe('the JSON of secretctl', () => {
  test('is for people too', () => {
    const entries = [
      entry('a/token', 'x', { note: 'n', expires: '2030-01-31T00:00:00.000Z' }),
      entry('db', new Map([['host', 'h']]), { type: 'connection', tags: ['t'] }),
    ];
    expect(JSON.parse(formatExport('json', entries))).toEqual({
      secretctl: 1,
      secrets: {
        'a/token': { value: 'x', type: 'string', tags: [], note: 'n', expires: '2030-01-31T00:00:00.000Z' },
        db: { fields: { host: 'h' }, type: 'connection', tags: ['t'] },
      },
    });
  });

  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const fields = fc.dictionary(fc.oneof(fc.stringMatching(FIELD), fc.constant('__proto__')), text, { minKeys: 1 });
  const expires = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((at) => at.toISOString());
  const someEntry = fc
    .record({
      name: fc.oneof(fc.stringMatching(NAME), fc.constantFrom('constructor', 'secretctl', 'secrets', '1')),
      value: fc.oneof(
        text,
        fields.map((each) => new Map(Object.entries(each))),
      ),
      type: fc.constantFrom('fields' as const, 'connection' as const),
      tags: fc.array(fc.string()),
      note: fc.option(fc.string(), { nil: undefined }),
      expires: fc.option(expires, { nil: undefined }),
    })
    .map(({ name, value, type, tags, note, expires: at }) =>
      entry(name, value, {
        ...(typeof value !== 'string' && { type }),
        tags,
        ...(note !== undefined && { note }),
        ...(at !== undefined && { expires: at }),
      }),
    );

  test('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(someEntry, { selector: ({ name }) => name }), async (entries) => {
        const { secrets, skipped } = await parseImport('json', formatExport('json', entries));
        const stored = secrets.map((secret) =>
          applyChange(secret.name, undefined, changeOf(secret), new Date('2026-01-01T00:00:00.000Z')),
        );
        expect(stored.toSorted(byName)).toEqual(entries.toSorted(byName));
        expect(skipped).toEqual([]);
      }),
    );
  });

  test.each([
    ['another version', '{"secretctl":2,"secrets":{}}', 'not-supported', 'a newer secretctl wrote this file'],
    ['no secrets', '{"secretctl":1}', 'bad-data', 'the file has no object "secrets"'],
    ['a text in place of a secret', file({ a: PASSWORD }), 'bad-data', 'a is no object'],
    ['value and fields', file({ a: { value: 'x', fields: { b: 'x' } } }), 'bad-data', 'a needs either'],
    ['neither', file({ a: { tags: [] } }), 'bad-data', 'a needs either'],
    ['a list of fields', file({ a: { fields: ['x'] } }), 'bad-data', 'a needs either'],
    ['what it does not know', file({ a: { value: 'x', color: 'red' } }), 'bad-data', 'a has "color"'],
    ['another type', file({ a: { value: 'x', type: 'fields' } }), 'bad-data', 'a has a "type"'],
    ['an unknown type', file({ a: { fields: { b: 'x' }, type: 'string' } }), 'bad-data', 'a has a "type"'],
    ['tags that are none', file({ a: { value: 'x', tags: [1] } }), 'bad-data', 'a has "tags"'],
    ['a note that is none', file({ a: { value: 'x', note: 1 } }), 'bad-data', 'a has a "note"'],
    ['a time that is none', file({ a: { value: 'x', expires: null } }), 'bad-data', 'a has a "expires"'],
  ])('with %s is refused', async (_name, json, code, message) => {
    const error = await refusal(() => parseImport('json', json));
    expect([error.code, error.message.slice(0, message.length)]).toEqual([code, message]);
  });
});

describe('any JSON', () => {
  test.each<[string, unknown, unknown]>([
    ['with texts', { GITHUB_TOKEN: PASSWORD, 'a/b': 'x' }, { GITHUB_TOKEN: PASSWORD, 'a/b': 'x' }],
    ['with fields', { db: { user: 'app', port: 5432 } }, { db: { user: 'app', port: '5432' } }],
    ['with a secret of our name', { secretctl: 'x', secrets: { a: 'y' } }, { secretctl: 'x', secrets: { a: 'y' } }],
    ['with nothing', {}, {}],
  ])('%s', async (_name, json, values) => {
    expect(await valuesOf('json', `\uFEFF${JSON.stringify(json, null, 2).replaceAll('\n', '\r\n')}`)).toEqual(values);
  });

  test('reports secrets without a value', async () => {
    const { secrets, skipped } = await parseImport('json', '{"a":"","b":{},"c":{"d":""},"e":{"f":"","g":"x"}}');
    expect(secrets).toEqual([{ name: 'e', value: new Map([['g', 'x']]), tags: [] }]);
    expect(skipped.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['no JSON', `{"a":"${PASSWORD}`, 'the file is no JSON'],
    ['a list', '[]', 'the JSON is no object'],
    ['a name twice', '{"a":"1","b":"2","a":"3"}', 'an object in the JSON names a key twice'],
    ['a field twice', String.raw`{"a":{"b":"1","\u0062":"\":"}}`, 'an object in the JSON names a key twice'],
    ['a list of values', `{"a":["${PASSWORD.slice(0, 4)}"]}`, 'a is no text'],
    ['null', '{"a":null}', 'a is no text'],
    ['an object in a field', '{"a":{"b":{"c":"d"}}}', 'a#b is no text'],
    ['a fraction', '{"a":1.5}', 'a is no text'],
    ['a name that is none', '{"a b":"1"}', '"a b" is no name of a secret'],
    ['a field that is none', '{"a":{"b c":"1"}}', 'a has the field "b c"'],
  ])('with %s is refused', async (_name, json, message) => {
    const error = await refusal(() => parseImport('json', json));
    expect([error.code, error.message.slice(0, message.length)]).toEqual(['bad-data', message]);
  });
});
