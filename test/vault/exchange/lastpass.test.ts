import { describe, expect, test } from '@jest/globals';
import { parseImport } from '../../../src/vault/exchange/index.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { csv, PEM, valuesOf } from '../../support/exchange.js';

const PASSWORD = randomPassword();
const HEADER = ['url', 'username', 'password', 'totp', 'extra', 'name', 'grouping', 'fav'];

describe('a CSV of LastPass', () => {
  test('with logins and notes', async () => {
    const rows = [
      ['https://a.example/?b&c', 'app', PASSWORD, 'seed', 'n,\n"x"', 'Shop', 'Work\\My DBs', '1'],
      ['http://sn', '', '', '', 'only text', 'Note', '(none)', '0'],
      ['https://b.example/login', 'me', 'p', '', '', '', '', '0'],
      ['https://c.example', 'me', 'p', '', '', 'shop', 'work/my dbs', '0'],
    ];
    expect(await valuesOf('lastpass-csv', csv(HEADER, ...rows))).toEqual({
      'work/my-dbs/shop': {
        user: 'app',
        password: PASSWORD,
        url: 'https://a.example/?b&c',
        otp: 'seed',
        notes: 'n,\n"x"',
      },
      note: 'only text',
      'b.example': { user: 'me', password: 'p', url: 'https://b.example/login' },
      'work/my-dbs/shop-2': { user: 'me', password: 'p', url: 'https://c.example' },
    });
  });

  test('from before one-time passwords, with CRLF and without quotes', async () => {
    const text = 'url,username,password,extra,name,grouping,fav\r\nhttps://a.example,u,pé,,A,,0\r\n';
    expect(await valuesOf('lastpass-csv', text)).toEqual({
      a: { user: 'u', password: 'pé', url: 'https://a.example' },
    });
  });

  test.each([
    ['an escaped file', ['a&amp;b&lt;c&gt;', '&amp;lt;', '&#39;&quot;'], ['a&b<c>', '&lt;', `'"`]],
    ['a file with a bare &', ['a&b', '&lt;'], ['a&b', '&lt;']],
    ['a file with a bare <', ['a<b', '&amp;'], ['a<b', '&amp;']],
  ])('%s', async (_name, written, read) => {
    const rows = written.map((password) => ['https://x.example/?a&b', '', password, '', '', 'x', '', '0']);
    const { secrets } = await parseImport('lastpass-csv', csv(HEADER, ...rows));
    expect(secrets.map(({ value }) => typeof value !== 'string' && value.get('password'))).toEqual(read);
    expect(secrets.map(({ value }) => typeof value !== 'string' && value.get('url'))).toEqual(
      read.map(() => 'https://x.example/?a&b'),
    );
  });

  test('with notes that have a form', async () => {
    const database = `NoteType:Database\nLanguage:en-US\nType:postgres\nHostname:db.example\nPort:\nUsername:app\nPassword:${PASSWORD}\nNotes:one\nTwo:2`;
    const key = `NoteType:SSH Key\r\nPrivate Key:${PEM.replaceAll('\n', '\r\n')}\r\nDate:,\r\nHostname:h`;
    const rows = [
      ['http://sn', '', '', '', database, 'DB', '', '0'],
      ['http://sn', '', '', '', key, 'Key', '', '0'],
    ];
    expect(await valuesOf('lastpass-csv', csv(HEADER, ...rows))).toEqual({
      db: { type: 'postgres', hostname: 'db.example', username: 'app', password: PASSWORD, notes: 'one\nTwo:2' },
      key: { 'private-key': PEM, hostname: 'h' },
    });
    const { secrets } = await parseImport('lastpass-csv', csv(HEADER, ...rows));
    expect(secrets.map(({ tags }) => tags)).toEqual([['Database'], ['SSH Key']]);
  });

  test('without a value is reported, and what is none is refused', async () => {
    const { skipped } = await parseImport('lastpass-csv', csv(HEADER, ['http://sn', '', '', '', '', 'x', '', '0']));
    expect(skipped).toEqual([{ name: 'x', why: 'it has no value' }]);
    const error = await refusal(() => parseImport('lastpass-csv', 'url,username,password\na,b,c\n'));
    expect(error.message).toBe('this is no CSV export of LastPass: it has no column "name"');
  });
});
