// Weak values are masked where something says that they are credentials, and nowhere else; medium ones where they stand
// alone. What is sought as a password here are ordinary words.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber, knownValuesOf } from '../../src/scrub/core.js';
import { MEDIUM, WEAK } from './values.js';

const json = (node: unknown): string => JSON.stringify(node);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const scrub = (node: unknown, value = 'postgres'): string =>
  createScrubber([{ name: 'x', value }])
    .message(Buffer.from(json(node)))
    .bytes.toString();

/** `@` stands for the value. */
const CREDENTIALS = [
  'mysql://app:¤@db.test/shop',
  'redis://:¤@db.test',
  'url=mysql%3A%2F%2Fapp%3A¤%40db.test',
  'host=db password=¤ user=app',
  `password='¤' user=app`,
  'DB_PASSWORD=¤',
  'PGPASSWORD: ¤',
  'export MYSQL_PWD="¤"',
  '"password": "¤"',
  `{'db_pass': '¤'}`,
  'password => ¤,',
  'client.secret = "¤";',
  '<password>¤</password>',
  '?user=u&password=¤&x=1',
  'Driver={x};Pwd={¤};',
  `CREATE ROLE app LOGIN PASSWORD '¤'`,
  `alter user app identified by '¤'`,
  'psql --password ¤ -h db',
  'sshpass -p ¤ ssh x',
  'db.test:5432:shop:app:¤',
  'a\n*:*:*:app:¤\nb',
  `Authorization: Basic ${base64('app:¤')}`,
];

describe.each(Object.entries(WEAK))('weak: %s', (_, value) => {
  const withValue = (text: string): string =>
    text.startsWith('Authorization') ? `Authorization: Basic ${base64(`app:${value}`)}` : text.replace('¤', value);
  // Base64 of fewer characters is nothing that could be told from chance.
  const isLong = value.length > 5;

  test.each(CREDENTIALS.filter((form) => isLong || !form.startsWith('Authorization')))(
    'goes from %s, at every depth of JSON',
    (form) => {
      for (let text = withValue(form), depth = 0; depth < 3; depth++, text = json({ note: text })) {
        const out = scrub({ result: { text } }, value);
        expect(out).toContain('REDACTED');
        expect(out).not.toContain(value);
        expect(out).not.toContain(base64(`app:${value}`));
      }
    },
  );

  test.each([
    ['a member', { password: value }],
    ['a member in quotes', { DB_PASS: ` '${value}' ` }],
    ...(isLong ? [['a member, as base64', { password: base64(value) }] as const] : []),
    ['a member, as hexadecimal', { passwd: `\\x${hex(value)}` }],
    ['a blob', { blob: base64(`password=${value}\n`) }],
  ] as const)('goes from %s', (_name, node) => {
    const out = scrub({ result: node }, value);
    expect(out).not.toBe(json({ result: node }));
    for (const form of [value, base64(value), hex(value)]) expect(out).not.toContain(form);
  });

  test.each([
    ['a row', { user: value, name: value, database: value }],
    ['text', { text: `the ${value} server; ${value}: ready (${value}) "${value}"` }],
    ['a user', { text: `postgres://${value}@db/${value} user=${value} ${value}://x ${base64(`${value}:y`)}` }],
    ['a key', { [value]: 1 }],
    ['base64 and hexadecimal', { rows: [base64(value), base64(`select * from ${value}`), hex(value)] }],
    ['other names', { password_hint: `not ${value}`, passwordPolicy: value, compass: value, text: `bypass=${value}` }],
    ['a longer word', { password: `${value}-2 is not it`, text: `password=${value}ql password=x${value}` }],
    ['an assignment that goes on', { text: `password=${value}.example.com/x` }],
  ])('stays in %s', (_name, node) => {
    expect(scrub({ result: node }, value)).toBe(json({ result: node }));
  });
});

test('a password of few digits, as a number', () => {
  expect(scrub({ result: { password: 4711, port: 4711, rows: [4711] } }, '4711')).toBe(
    json({ result: { password: 0, port: 4711, rows: [4711] } }),
  );
});

test('the pair of the own connection, and a password that is the name of the user or of the database', () => {
  const scrubber = createScrubber(knownValuesOf('db', ['mysql', '://shopkeeper:shopkeeper@db.test/shop'].join('')));
  const message = (node: unknown): string => scrubber.message(Buffer.from(json(node))).bytes.toString();
  for (const text of [
    'shopkeeper:shopkeeper',
    'password=shopkeeper',
    'x://y:shopkeeper@z',
    base64('shopkeeper:shopkeeper'),
  ])
    expect(message([text])).not.toBe(json([text]));
  for (const text of ['a shopkeeper', 'shopkeeper', 'user=shopkeeper']) expect(message([text])).toBe(json([text]));
});

describe.each(Object.entries(MEDIUM))('medium: %s', (_, value) => {
  test.each([
    ['base64 at every alignment', [0, 1, 2].map((at) => base64(`${'('.repeat(at)}${value})`))],
    ['a pair in base64', [base64(`app:${value}`)]],
    ['hexadecimal', [hex(value), `\\x${hex(`(${value})`)}`]],
    ['escapes', [value.replace(/^./, (first) => `\\u00${hex(first)}`), `%${hex(value.slice(0, 1))}${value.slice(1)}`]],
  ])('goes from %s', (_name, texts) => {
    for (const text of texts) {
      const out = scrub({ result: { rows: [text, `x ${text} y`] } }, value);
      expect(out).not.toContain(text);
    }
  });

  test.each([
    ['base64', [base64(`x${value}`), base64(`${value}y and more`)]],
    ['hexadecimal', [hex(`x${value}`), `${hex(value)}${hex('y')}`]],
  ])('stays as a part of a longer word in %s', (_name, texts) => {
    for (const text of texts) {
      const line = { result: { rows: [text, `= ${text} =`] } };
      expect(scrub(line, value)).toBe(json(line));
    }
  });
});

test('a weak word is never masked twice, nor by its mask', () => {
  const piece = fc.constantFrom(
    'postgres',
    ' ',
    'password=',
    '"',
    ':',
    '//',
    '@',
    'REDACTED',
    '[',
    ']',
    'secret: ',
    `'`,
    '\\',
    '\n',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom('postgres', 'REDACTED', 'secret'),
      (pieces, value) => {
        const by = createScrubber([{ name: 'x', value }]);
        const { bytes } = by.message(
          Buffer.from(json({ result: { text: pieces.join(''), password: pieces.join('') } })),
        );
        expect(by.message(bytes).bytes).toBe(bytes);
      },
    ),
    { numRuns: 500 },
  );
});
