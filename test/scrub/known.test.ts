import { describe, expect, test } from '@jest/globals';
import { createScrubber, knownValuesOf, strengthOf } from '../../src/scrub/scrubber.js';
import { MEDIUM, randomText, STRONG, WEAK } from './values.js';

const parts = (value: string, name = 'db'): readonly string[] =>
  knownValuesOf(name, value).map((known) => `${known.name}=${known.value}`);

describe('parts of a value', () => {
  const pw = randomText(14);
  test.each([
    ['plain', `  ${pw}\n`, [`db=${pw}`]],
    ['blank', ' \n', []],
    ['user and password', `postgres://app:${pw}@h:5432/d`, [`db.password=${pw}`]],
    ['percent-encoded password', `postgres://app:${pw}%40%2f@h/d`, [`db.password=${pw}@/`, `db.password=${pw}%40%2f`]],
    ['form-encoded password', `postgres://app:${pw}+x@h/d`, [`db.password=${pw}+x`, `db.password=${pw} x`]],
    ['raw @ in the password', `postgres://app:${pw}@!@h/d`, [`db.password=${pw}@!`]],
    ['raw / and ? in the password', `postgres://app:a/${pw}?b@h/d`, [`db.password=a/${pw}?b`]],
    ['malformed escape', `postgres://app:${pw}%zz@h/d`, [`db.password=${pw}%zz`]],
    ['empty user', `redis://:${pw}@h`, [`db.password=${pw}`]],
    ['several hosts', `mongodb+srv://app:${pw}@h1:1,h2:2/d`, [`db.password=${pw}`]],
    ['token as user', `https://${pw}${pw}@h/d`, [`db.token=${pw}${pw}`]],
    [
      'query',
      `postgresql:///d?host=h&password=${pw}&sslpassword=${pw}2`,
      [`db.password=${pw}`, `db.sslpassword=${pw}2`],
    ],
    ['JDBC', `jdbc:sqlserver://h:1;user=u;password=${pw};x=1`, [`db.password=${pw}`]],
    ['libpq', `host=h user=u password='${pw} \\'x' dbname=d`, [`db.password=${pw} 'x`]],
    ['ODBC', `Driver={x};Server=h;Pwd={${pw};1};`, [`db.pwd=${pw};1`]],
    ['ODBC, a brace doubled', `Driver={x};PWD={ab}}${pw}};Server=h`, [`db.pwd=ab}${pw}`, `db.pwd=ab}}${pw}`]],
    ['ADO.NET, quoted', `Server=h;Password="ab;""${pw}";x=1`, [`db.password=ab;"${pw}`]],
    [
      'libpq, where a double quote is a character',
      `password="${pw} options="x"`,
      [`db.password=${pw} options=`, `db.password="${pw}`],
    ],
    ['a quote doubled', `host=h password='it''s-${pw}' user=u`, [`db.password=it's-${pw}`]],
    ['MySQL driver of Go', `app:${pw}@/x@tcp(db.test:3306)/shop`, [`db.password=${pw}@/x`]],
    ['Oracle', `scott/${pw}@//h.test:1521/svc`, [`db.password=${pw}`]],
    ['Oracle, JDBC', `jdbc:oracle:thin:scott/${pw}@h.test:1521:x`, [`db.password=${pw}`]],
    ['a URL without a credential', 'https://h.test/a@b?c=d', []],
    ['a time is no password', 'https://h.test/at/12:30@noon', []],
  ])('%s', (_, value, expected) => {
    const found = parts(value);
    const own = found.filter((part) => part !== `db=${value.trim()}` || expected.includes(part));
    expect(own).toEqual(expected);
  });

  test('settings of an INI or YAML file, where their name says that they are credentials', () => {
    const value = randomText(40);
    const file = `[default]\naws_secret_access_key = ${value}\nregion = eu-central-1-of-many\n  password: "${pw}"\n`;
    const found = parts(file);
    expect(found).toContain(`db.aws_secret_access_key=${value}`);
    expect(found).toContain(`db.password=${pw}`);
    expect(found).not.toContain('db.region=eu-central-1-of-many');
  });

  test('a short password brings the pair of Basic authentication along', () => {
    expect(parts('redis://app:x7Qz@h')).toContain('db.userinfo=app:x7Qz');
    const header = `Basic ${Buffer.from('app:x7Qz').toString('base64')}`;
    const { bytes } = createScrubber(knownValuesOf('db', 'redis://app:x7Qz@h')).text(Buffer.from(header));
    expect(bytes.toString()).toBe('Basic [REDACTED:db.userinfo]');
  });

  test('lines and the joined body of a PEM block, with real and with written line ends', () => {
    const [one, two] = [randomText(64), randomText(20, undefined, 9)];
    const label = ['PRIVATE', 'KEY'].join(' ');
    for (const end of ['\n', '\r\n', '\\n']) {
      const pem = [`-----BEGIN ${label}-----`, one, two, `-----END ${label}-----`, ''].join(end);
      expect(parts(pem).slice(1)).toEqual([`db=${one}`, `db=${two}`, `db=${one}${two}`]);
      const by = createScrubber(knownValuesOf('key', pem));
      for (const text of [pem, one, two, one + two, `${one}\\n${two}`])
        expect(by.text(Buffer.from(text)).bytes.toString()).not.toContain(one.slice(0, 12));
    }
  });

  test('leaves of a document, but for those that name a place or a person', () => {
    const key = randomText(30);
    const document = {
      type: 'service_account',
      client_email: 'someone@project.test',
      private_key_id: key,
      nested: [{ token: key }],
      auth_uri: 'https://h/a',
    };
    expect(parts(JSON.stringify(document)).slice(1)).toEqual([`db.nested.0.token=${key}`.replace('.0', '')]);
  });

  test('containers count as a whole only', () => {
    const by = createScrubber(knownValuesOf('db', `postgresql://app:${pw}@db.example.test:5432/shop`));
    const text = 'postgresql://app@db.example.test:5432/shop';
    expect(by.text(Buffer.from(text)).bytes.toString()).toBe(text);
  });
});

describe('strength', () => {
  test.each(Object.entries(STRONG))('strong: %s', (_, value) => {
    expect(strengthOf(value)).toBe('strong');
  });
  test.each(Object.entries(MEDIUM))('medium: %s', (_, value) => {
    expect(strengthOf(value)).toBe('medium');
  });
  test.each([
    ...Object.values(WEAK),
    'admin',
    'Password',
    'postgres1',
    'password123',
    'aaaaaaaaaaaaaaaa',
    '12345',
    'changeme!',
  ])('weak: %s', (value) => {
    expect(strengthOf(value)).toBe('weak');
  });
});
