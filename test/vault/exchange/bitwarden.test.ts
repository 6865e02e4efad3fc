import { describe, expect, test } from '@jest/globals';
import { parseImport } from '../../../src/vault/exchange/index.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { csv, PEM, valuesOf } from '../../support/exchange.js';

const PASSWORD = `${randomPassword()},'\n`;

const LOGIN = ['login_uri', 'login_username', 'login_password', 'login_totp'];
const HEADER = ['folder', 'favorite', 'type', 'name', 'notes', 'fields', 'reprompt', ...LOGIN];

describe('a CSV of Bitwarden', () => {
  test('with logins and notes', async () => {
    const rows = [
      ['Work/Servers', '1', 'login', 'Shop DB', '', '', '0', 'https://a.example', 'app', PASSWORD, 'seed'],
      ['', '', 'note', 'Codes', 'one\ntwo', '', '0', '', '', '', ''],
      ['', '', 'login', 'Shop DB', 'n', '', '0', '', '', 'p', ''],
    ];
    expect(await valuesOf('bitwarden-csv', `\uFEFF${csv(HEADER, ...rows)}`)).toEqual({
      'work/servers/shop-db': { user: 'app', password: PASSWORD, url: 'https://a.example', otp: 'seed' },
      codes: 'one\ntwo',
      'shop-db': { password: 'p', notes: 'n' },
    });
  });

  test('with fields of its own', async () => {
    const cell = `API Key: a: b\nempty: \nlinked: null\nkey: ${PEM}\n: nameless\npassword: other`;
    expect(
      await valuesOf('bitwarden-csv', csv(HEADER, ['', '', 'login', 'x', '', cell, '0', '', '', 'p', ''])),
    ).toEqual({
      x: { password: 'p', 'api-key': 'a: b', key: PEM, field: 'nameless', 'password-2': 'other' },
    });
  });

  test('of an organisation', async () => {
    const header = ['collections', ...HEADER.slice(2)];
    const text = csv(header, ['Dev,Ops', 'login', 'x', '', '', '0', '', '', 'p', '']);
    expect((await parseImport('bitwarden-csv', text)).secrets[0]?.tags).toEqual(['Dev', 'Ops']);
  });

  test('without a value is reported, and what is none is refused', async () => {
    const empty = csv(HEADER, ['', '', 'login', 'x', '', 'linked: null', '0', '', '', '', '']);
    expect(await parseImport('bitwarden-csv', empty)).toEqual({
      secrets: [],
      skipped: [{ name: 'x', why: 'it has no value' }],
    });
    const error = await refusal(() => parseImport('bitwarden-csv', csv(['name', 'password'], ['x', PASSWORD])));
    expect(error.message).toBe('this is no CSV export of Bitwarden: it has no column "login_username"');
  });
});

const vault = (...items: readonly object[]): string =>
  JSON.stringify({ encrypted: false, folders: [{ id: 'f1', name: 'Work/DBs' }], items }, null, '  ');

describe('JSON of Bitwarden', () => {
  const base = { organizationId: null, folderId: null, reprompt: 0, notes: null, favorite: false, collectionIds: null };

  test('with items of every type', async () => {
    const items = [
      {
        ...base,
        folderId: 'f1',
        type: 1,
        name: 'Shop',
        notes: 'n',
        fields: [
          { name: 'API Key', value: 'k', type: 1, linkedId: null },
          { name: 'on', value: 'true', type: 2, linkedId: null },
          { name: 'linked', value: null, type: 3, linkedId: 100 },
          { name: null, value: 'nameless', type: 0 },
        ],
        login: {
          uris: [{ match: null, uri: 'https://a.example' }, { uri: 'https://b.example' }],
          username: 'app',
          password: PASSWORD,
          totp: 'seed',
          fido2Credentials: [],
        },
      },
      { ...base, type: 2, name: 'Note', notes: 'text', secureNote: { type: 0 } },
      { ...base, type: 3, name: 'Card', card: { cardholderName: 'A B', number: '1', expMonth: null, code: '2' } },
      { ...base, type: 4, name: 'Me', identity: { firstName: 'A', address1: 'x', ssn: null } },
      { ...base, type: 5, name: 'Key', sshKey: { privateKey: PEM, publicKey: 'pub', keyFingerprint: 'fp' } },
    ];
    expect(await valuesOf('bitwarden-json', vault(...items))).toEqual({
      'work/dbs/shop': {
        user: 'app',
        password: PASSWORD,
        url: 'https://a.example',
        'url-2': 'https://b.example',
        otp: 'seed',
        notes: 'n',
        'api-key': 'k',
        on: 'true',
        field: 'nameless',
      },
      note: 'text',
      card: { 'cardholder-name': 'A B', number: '1', code: '2' },
      me: { 'first-name': 'A', address1: 'x' },
      key: { 'private-key': PEM, 'public-key': 'pub', 'key-fingerprint': 'fp' },
    });
  });

  test('of an organisation has its collections as tags', async () => {
    const item = { ...base, type: 1, name: 'x', collectionIds: ['c1', 'gone'], login: { password: 'p', uris: null } };
    const text = JSON.stringify({ encrypted: false, collections: [{ id: 'c1', name: 'Ops' }], items: [item] });
    expect((await parseImport('bitwarden-json', text)).secrets).toEqual([
      { name: 'x', value: new Map([['password', 'p']]), tags: ['Ops'] },
    ]);
  });

  test('reports what is left out', async () => {
    const login = { password: 'p', fido2Credentials: [{ keyValue: 'x' }] };
    const items = [
      { ...base, type: 1, name: 'Empty', login: { uris: [], username: null, password: null, totp: null } },
      { ...base, type: 1, name: 'Gone', login, deletedDate: '2026-01-01T00:00:00.000Z' },
      { ...base, type: 1, name: 'Pass', login },
    ];
    const { secrets, skipped } = await parseImport('bitwarden-json', vault(...items));
    expect(secrets.map(({ name }) => name)).toEqual(['pass']);
    expect(skipped).toEqual([
      { name: 'Empty', why: 'it has no value' },
      { name: 'Gone', why: 'it is in the trash' },
      { name: 'Pass', why: 'its passkey stays behind, the rest was taken' },
    ]);
  });

  test.each([
    ['an encrypted file', '{"encrypted":true,"data":"2.x"}', 'not-supported', 'this export of Bitwarden is encrypted'],
    ['another file', '{"secrets":[]}', 'bad-data', 'this is no JSON export of Bitwarden: it has no list "items"'],
    ['no JSON', PASSWORD, 'bad-data', 'the file is no JSON'],
  ])('of %s is refused', async (_name, text, code, message) => {
    expect(await refusal(() => parseImport('bitwarden-json', text))).toMatchObject({ code, message });
  });
});
