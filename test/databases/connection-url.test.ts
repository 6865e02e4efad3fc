import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { connectionUrlOf, parseConnectionUrl } from '../../src/databases/connection-url.js';
import { refusal } from '../support/errors.js';

/** Put together here, so that nothing in this file looks like a credential in a URL. */
const url = (scheme: string, rest: string): string => [scheme, rest].join('://');
const PASSWORD = 'p@s:s/w0rd#7%Kq&9 "x';

const fieldsOf = (text: string): Record<string, string> => Object.fromEntries(parseConnectionUrl(text) ?? []);

describe('a database URL', () => {
  test.each<[string, string, Record<string, string>]>([
    [
      'with all parts',
      url('postgres', 'app:pw@db.example:6432/shop?sslmode=require&connect_timeout=5'),
      {
        engine: 'postgres',
        host: 'db.example',
        port: '6432',
        user: 'app',
        password: 'pw',
        database: 'shop',
        params: 'sslmode=require&connect_timeout=5',
      },
    ],
    [
      'of postgres takes port and database by default',
      url('postgresql', 'app:pw@h'),
      { engine: 'postgres', host: 'h', port: '5432', user: 'app', password: 'pw', database: 'app' },
    ],
    [
      'without a host is a local one',
      url('postgres', '/shop'),
      { engine: 'postgres', host: 'localhost', port: '5432', database: 'shop' },
    ],
    [
      'of mysql',
      url('mysql', 'u:p@h/d'),
      { engine: 'mysql', host: 'h', port: '3306', user: 'u', password: 'p', database: 'd' },
    ],
    ['of mariadb', url('MariaDB', 'u@h'), { engine: 'mariadb', host: 'h', port: '3306', user: 'u' }],
    [
      'of redis, without a user',
      url('rediss', ':p@h/0'),
      { engine: 'rediss', host: 'h', port: '6379', password: 'p', database: '0' },
    ],
    [
      'of SQL Server',
      url('mssql', 'u:p@h'),
      { engine: 'sqlserver', host: 'h', port: '1433', user: 'u', password: 'p' },
    ],
    ['of clickhouse', url('clickhouse', 'h'), { engine: 'clickhouse', host: 'h', port: '9000' }],
    [
      'of mongodb with several hosts',
      url('mongodb', 'u:p@a:1,b:2/d?replicaSet=r'),
      { engine: 'mongodb', host: 'a:1,b:2', user: 'u', password: 'p', database: 'd', params: 'replicaSet=r' },
    ],
    [
      'of mongodb by DNS',
      url('mongodb+srv', 'u:p@c.example'),
      { engine: 'mongodb+srv', host: 'c.example', user: 'u', password: 'p' },
    ],
    [
      'with IPv6',
      url('postgres', 'u:p@[::1]:5433/d'),
      { engine: 'postgres', host: '::1', port: '5433', user: 'u', password: 'p', database: 'd' },
    ],
    [
      'with a socket folder',
      url('postgres', 'u@%2Frun%2Fpg/d'),
      { engine: 'postgres', host: '/run/pg', port: '5432', user: 'u', database: 'd' },
    ],
    [
      'with escapes',
      url('mysql', 'a%40b:p%2Fq%25@h/x%20y'),
      { engine: 'mysql', host: 'h', port: '3306', user: 'a@b', password: 'p/q%', database: 'x y' },
    ],
    [
      'with an @ in the parameters',
      url('mysql', 'u:p@h/d?mail=a@b.example'),
      { engine: 'mysql', host: 'h', port: '3306', user: 'u', password: 'p', database: 'd', params: 'mail=a@b.example' },
    ],
    [
      'with an empty query',
      url('mysql', 'u:p@h/d?'),
      { engine: 'mysql', host: 'h', port: '3306', user: 'u', password: 'p', database: 'd' },
    ],
  ])('%s', (_name, text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  test.each([
    PASSWORD,
    '@',
    '@@h',
    'a/b',
    'a?b',
    'a#b',
    '?a=b',
    '100%',
    '%zz',
    '%ff',
    ':',
    '12/3',
    '12?x',
    '&=',
    '\u00e9\u{1F600}',
  ])('with the password %s as it is', (password) => {
    expect(fieldsOf(url('postgres', `app:${password}@db.example:5433/shop?sslmode=require`))).toEqual({
      engine: 'postgres',
      host: 'db.example',
      port: '5433',
      user: 'app',
      password,
      database: 'shop',
      params: 'sslmode=require',
    });
  });
});

test.each([
  'plain text',
  '',
  'postgres',
  'postgres:',
  'postgres:/x',
  'postgres:x@h/d',
  url('https', 'u:p@example.com/x'),
  url('postgresx', 'u:p@h'),
  url('postgres', 'u:p@h:port/d'),
  url('postgres', 'u:p@ho st/d'),
  url('postgres', 'u:p@h/d\nmore'),
  `see ${url('postgres', 'u:p@h/d')}`,
  url('postgres', `u:${'x'.repeat(9000)}@h/d`),
  url('postgres', 'u:p@h/d#x'),
])('%j is no connection', (text) => {
  expect(parseConnectionUrl(text)).toBeUndefined();
});

describe('user and password among the parameters', () => {
  test.each<[string, string, Record<string, string>]>([
    [
      'become fields',
      'h/d?user=a%40b&sslmode=require&password=p%2Fq',
      { user: 'a@b', password: 'p/q', params: 'sslmode=require' },
    ],
    ['one of them too', 'u@h/d?password=p', { user: 'u', password: 'p' }],
    [
      'leave the user that the URL begins with',
      'u:p@h/d?user=other',
      { user: 'u', password: 'p', params: 'user=other' },
    ],
  ])('%s', (_name, rest, fields) => {
    const {
      engine: _engine,
      host: _host,
      port: _port,
      database: _database,
      ...found
    } = fieldsOf(url('postgres', rest));
    expect(found).toEqual(fields);
  });

  test('the user names the database of postgres', () => {
    expect(fieldsOf(url('postgres', 'h?user=app'))).toMatchObject({ user: 'app', database: 'app' });
  });
});

describe('a URL is refused, and its text not shown,', () => {
  test.each([
    ['when the password may end in two places', 'app:12?34=x@h'],
    ['the same with a password among the parameters', 'app:12?password=x@h'],
    ['with a second password among the parameters', 'u:p@h/d?password=undercover'],
    ['with a password twice among the parameters', 'u@h/d?password=p&password=undercover'],
    ['with another credential there', 'u:p@h/d?sslpassword=undercover'],
    ['with a token there', 'u:p@h/d?x=1&accessToken=undercover'],
    ['with a port past the last one', 'u:p@h:65536/d'],
    ['with a port of many digits', 'u:p@h:567890/d'],
    ['with the port zero', 'u:p@h:0/d'],
    ['with such a port at one of its hosts', 'u:p@a:1,b:99999/d'],
  ])('%s', async (_name, rest) => {
    const error = await refusal(() => parseConnectionUrl(url('postgres', rest)));
    expect(error).toMatchObject({ code: 'bad-data', hint: expect.any(String) });
    expect(`${error.message} ${error.hint}`).not.toMatch(/undercover|12|34/);
  });
});

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !/\p{Cs}/u.test(value));
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.constant('a:1,b:2'), fc.constant('/run/a b'));

describe('fields and URL', () => {
  test('go round, whatever the password is', () => {
    const connections = fc.record(
      {
        engine: fc.constantFrom('postgres', 'mysql', 'mongodb', 'redis', 'sqlserver', 'clickhouse', 'cockroachdb'),
        host,
        port: fc.integer({ min: 1, max: 65_535 }).map(String),
        user: text,
        password: text,
        database: text,
        params: fc.constantFrom('a=b', 'sslmode=require&x=y', 'mail=a@b'),
      },
      { requiredKeys: ['engine', 'host', 'port', 'database'] },
    );
    fc.assert(
      fc.property(connections, (fields) => {
        // Without a user before it, a port may be a password that ends at the @ of the parameters: refused.
        fc.pre(fields.user !== undefined || !(fields.params ?? '').includes('@'));
        const { port, ...rest } = fields;
        // Several hosts carry their ports with them.
        const stored = new Map<string, string>(Object.entries(fields.host.includes(',') ? rest : { ...rest, port }));
        const written = connectionUrlOf(stored);
        expect(parseConnectionUrl(written)).toEqual(stored);
        if (!/,|%/.test(fields.host) && fields.host !== '/run/a b')
          expect(decodeURIComponent(new URL(written).password)).toBe(fields.password ?? '');
      }),
    );
  });

  test('never take long', () => {
    for (const unit of ['?a=', '@', '/', 'a,', '%', ':', '?', '[:', '=&']) {
      for (const prefix of ['', 'u:p@']) parseConnectionUrl(url('postgres', prefix + unit.repeat(8000 / unit.length)));
    }
  });

  test('a connection needs an engine', async () => {
    expect((await refusal(() => connectionUrlOf(new Map([['host', 'h']])))).code).toBe('bad-data');
  });
});
