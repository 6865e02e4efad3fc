import { describe, expect, test } from '@jest/globals';
import { parseImport } from '../../../src/vault/exchange/index.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { csv, plain, valuesOf } from '../../support/exchange.js';

const PASSWORD = `${randomPassword()},\n"é\u{1F600} `;
const HEADER = ['Title', 'Url', 'Username', 'Password', 'OTPAuth', 'Favorite', 'Archived', 'Tags', 'Notes'];
const OTP = ['otpauth', '//totp/x?secret=' + 'A'.repeat(16)].join(':');

describe('a CSV of 1Password', () => {
  const row = ['GitHub (work)', 'https://github.com', 'me', PASSWORD, OTP, 'true', 'false', 'dev;two words', 'line\n2'];
  const fields = { user: 'me', password: PASSWORD, url: 'https://github.com', otp: OTP, notes: 'line\n2' };

  test.each([
    ['as it is', csv(HEADER, row)],
    ['with a byte order mark', `\uFEFF${csv(HEADER, row)}`],
    ['with CRLF', `${csv(HEADER).trimEnd()}\r\n${csv(row).trimEnd()}\r\n`],
    ['with empty lines', `${csv(HEADER)}\n${csv(row)}\n\n`],
    [
      'with columns in other letters and order',
      csv(
        HEADER.toReversed().map((name) => name.toUpperCase()),
        row.toReversed(),
      ),
    ],
  ])('%s', async (_name, text) => {
    const { secrets, skipped } = await parseImport('1password-csv', text);
    expect(secrets.map((secret) => ({ ...secret, value: plain(secret.value) }))).toEqual([
      { name: 'github-work', value: fields, tags: ['dev', 'two words'] },
    ]);
    expect(skipped).toEqual([]);
  });

  test('names each item once, and all fields', async () => {
    const header = ['Title', 'Username', 'Password', 'Notes', 'Url', 'API Key', 'user'];
    const rows = [
      ['One', '', 'p1', '', '', 'k', 'other'],
      ['one', 'u', '', '', '', '', ''],
      ['Note', '', '', 'text', '', '', ''],
      ['', '', 'p2', '', 'https://me@db.example:8443/x', '', ''],
      ['', '', 'p3', '', '', '', ''],
      ['密码', '', 'p4', '', '', '', ''],
    ];
    expect(await valuesOf('1password-csv', csv(header, ...rows))).toEqual({
      one: { password: 'p1', 'api-key': 'k', user: 'other' },
      'one-2': { user: 'u' },
      note: 'text',
      'db.example': { password: 'p2', url: 'https://me@db.example:8443/x' },
      unnamed: { password: 'p3' },
      'unnamed-2': { password: 'p4' },
    });
    const { secrets } = await parseImport('1password-csv', csv(header, ...rows));
    expect(secrets.map(({ note }) => note).filter((note) => note !== undefined)).toEqual(['密码']);
  });

  test('reports items without a value, and marks the archived', async () => {
    const { secrets, skipped } = await parseImport(
      '1password-csv',
      csv(HEADER, ['Empty', '', '', '', '', '', '', '', ''], ['Old', '', '', 'p', '', '', 'true', '', '']),
    );
    expect(secrets.map(({ name, tags }) => [name, tags])).toEqual([['old', ['archived']]]);
    expect(skipped).toEqual([{ name: 'Empty', why: 'it has no value' }]);
  });

  test.each([
    ['nothing', '', 'it has no column "title"'],
    ['another export', 'name,login\nx,y\n', 'it has no column "title"'],
    ['a row that is too short', `${csv(HEADER)}"x","${PASSWORD.replaceAll('"', '""')}"\n`, 'line 3 cannot be read'],
    ['an open quote', `${csv(HEADER)}"${PASSWORD.replaceAll('"', '')}`, 'cannot be read'],
    ['a quote in the middle', `Title,Username,Password\nx,y,pw"pw\n`, 'line 2 cannot be read'],
  ])('of %s is refused', async (_name, text, message) => {
    const error = await refusal(() => parseImport('1password-csv', text));
    expect([error.code, error.message]).toEqual(['bad-data', expect.stringContaining(message)]);
    expect(`${error.message}${String(error.cause)}`).not.toMatch(/pw"pw/);
    expect(error.message).not.toContain(PASSWORD.slice(0, 5));
  });

  test('with a column twice is refused', async () => {
    const error = await refusal(() => parseImport('1password-csv', 'Title,Username,Password,password\na,b,c,d\n'));
    expect(error.message).toBe('the CSV has two columns with one name ("password")');
  });
});

const field = (label: string, value: string | undefined, more: object = {}): object => ({
  id: `id-${label}`,
  type: 'STRING',
  label,
  ...(value !== undefined && { value }),
  reference: `op://Private/x/${label}`,
  ...more,
});

describe('JSON of op', () => {
  const login = {
    id: 'a1',
    title: 'GitHub',
    tags: ['dev', 'dev', ''],
    version: 2,
    vault: { id: 'v1', name: 'My Work' },
    category: 'LOGIN',
    urls: [{ label: 'website', primary: true, href: 'https://github.com' }, { href: 'https://gh.example' }],
    sections: [{ id: 's1', label: 'API' }],
    fields: [
      field('password', 'old', { section: { id: 's1', label: 'API' } }),
      field('username', 'me', { purpose: 'USERNAME' }),
      field('password', PASSWORD, { type: 'CONCEALED', purpose: 'PASSWORD', password_details: { strength: 'GOOD' } }),
      field('notesPlain', undefined, { purpose: 'NOTES' }),
      field('one-time password', OTP, { type: 'OTP', totp: '123456' }),
      field('Access Token', 't', { section: { id: 's1', label: 'API' } }),
      field('', 'by id'),
    ],
  };
  const values = {
    'my-work/github': {
      user: 'me',
      password: PASSWORD,
      'password-2': 'old',
      otp: OTP,
      'access-token': 't',
      id: 'by id',
      url: 'https://github.com',
      'url-2': 'https://gh.example',
    },
  };
  const pretty = JSON.stringify(login, null, 2);

  test.each([
    ['one item', pretty],
    ['a list', JSON.stringify([login])],
    ['with a byte order mark and CRLF', `\uFEFF${pretty.replaceAll('\n', '\r\n')}`],
  ])('%s', async (_name, text) => {
    expect(await valuesOf('1password-json', text)).toEqual(values);
    expect((await parseImport('1password-json', text)).secrets[0]?.tags).toEqual(['dev']);
  });

  test.each([
    ['indented', `${pretty}\n${pretty}\n`],
    ['on one line each', `${JSON.stringify(login)}\r\n${JSON.stringify(login)}`],
  ])('items one after another, %s', async (_name, text) => {
    expect(await valuesOf('1password-json', text)).toEqual({
      ...values,
      'my-work/github-2': values['my-work/github'],
    });
  });

  test('of an item list has no values, and says so', async () => {
    const { secrets, skipped } = await parseImport('1password-json', '[{"id":"1","title":"X"}]');
    expect(secrets).toEqual([]);
    expect(skipped).toEqual([{ name: 'X', why: expect.stringContaining('"op item get" writes them') }]);
  });

  test.each([
    ['no JSON', '{"title"', 'the file is no JSON'],
    ['an empty list', '[]', 'this is no JSON of 1Password'],
    ['fields only', '[{"id":"password","value":"x"}]', 'this is no JSON of 1Password'],
    ['a key twice', '{"title":"a","fields":[],"title":"b"}', 'an object in the JSON names a key twice'],
  ])('of %s is refused', async (_name, text, message) => {
    expect((await refusal(() => parseImport('1password-json', text))).message).toBe(message);
  });
});
