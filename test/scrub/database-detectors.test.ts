// Detectors of database forms, keys, headers and named values, each on its own: on texts as they are, and in JSON in JSON.

import { describe, expect, test } from '@jest/globals';
import { DATABASE_DETECTORS } from '../../src/scrub/detectors/database.js';
import type { Detector } from '../../src/scrub/detectors/detector.js';
import { samplePassword, sampleText } from '../../src/scrub/detectors/sample-password.js';
import { TABLE_DETECTORS } from '../../src/scrub/detectors/tables.js';
import { TEXT_DETECTORS } from '../../src/scrub/detectors/text.js';
import { isPlaceholder } from '../../src/scrub/detectors/value-placeholder.js';
import type { Range } from '../../src/scrub/sequence.js';
import { benignText } from './benign-text.js';

const ALL = [...DATABASE_DETECTORS, ...TEXT_DETECTORS];

/** Every range that the detectors find at their anchors, as the engine calls them. */
function rangesOf(detectors: readonly Detector[], text: string): readonly (Range & { readonly name: string })[] {
  return detectors.flatMap((detector) => {
    const subject = detector.anyCase === true ? text.toLowerCase() : text;
    const found: (Range & { readonly name: string })[] = [];
    for (const anchor of detector.anchors) {
      for (let at = subject.indexOf(anchor); at >= 0; at = subject.indexOf(anchor, at + 1)) {
        const ranges = detector.find(text, at, anchor) ?? [];
        for (const range of 'start' in ranges ? [ranges] : ranges) found.push({ ...range, name: detector.name });
      }
    }
    return found;
  });
}

function masked(detectors: readonly Detector[], text: string): string {
  const characters = text.split('');
  for (const { start, end } of rangesOf(detectors, text))
    for (let at = start; at < end; at++) characters[at] = '\u2588';
  return characters.join('');
}

/** In a JSON document, and in one that is a string of another. */
function nested(text: string, depth: number): string {
  let nest = text;
  for (let level = 0; level < depth; level++) nest = JSON.stringify(level === 0 ? { text: nest } : { nest });
  return nest;
}

function escaped(text: string, depth: number): string {
  let result = text;
  for (let level = 0; level < depth; level++) result = JSON.stringify(result).slice(1, -1);
  return result;
}

const MATCHES = ALL.flatMap((detector) =>
  detector.examples().match.map(({ text, mask }) => [detector.name, text, mask, detector] as const),
);
const CLEANS = ALL.flatMap((detector) => detector.examples().clean.map((text) => [detector.name, text] as const));

describe('what must go, goes', () => {
  test.each(MATCHES)('%s: %j', (_, text, mask, detector) => {
    const at = text.indexOf(mask);
    expect(masked([detector], text)).toBe(
      text.slice(0, at) + '\u2588'.repeat(mask.length) + text.slice(at + mask.length),
    );
  });

  test.each([1, 2])('in JSON, %d deep', (depth) => {
    const missed = MATCHES.filter(([, text, mask]) => {
      const left = masked(ALL, nested(text, depth));
      return left.includes(escaped(mask, depth)) || left.includes(mask);
    });
    expect(missed.map(([name, text]) => [name, text])).toEqual([]);
  });

  test.each([1, 2])('nothing beside it goes in JSON, %d deep', (depth) => {
    const torn = MATCHES.filter(([, text]) => !/[\\"}\u2588]$/.test(masked(ALL, nested(text, depth)).slice(0, -depth)));
    expect(torn.map(([name, text]) => [name, text])).toEqual([]);
  });
});

const tablesOf = (text: string): string => masked(TABLE_DETECTORS, text).replaceAll(/\u2588+/g, '#');

describe('tables', () => {
  const [one, two, three] = [1, 2, 3].map((start) => `${sampleText(9, undefined, start)}-7x`);

  test.each([
    ['all rows', `user,password\nann,${one}\nbob,${two}\n`, 'user,password\nann,#\nbob,#\n'],
    [
      'all columns',
      `| password | at | api_key |\n|--|--|--|\n| ${one} | 2 | ${two} |`,
      '| password | at | api_key |\n|--|--|--|\n| # | 2 | # |',
    ],
    ['to the end of the table', `a,secret\n1,${one}\n\nx,${two}`, `a,secret\n1,#\n\nx,${two}`],
    ['quoted cells', `a,secret\n"x, ""y""","${one}"\n`, 'a,secret\n"x, ""y""","#"\n'],
    ['tables one after another', `a,secret\n1,${one}\nsecret,a\n${two},2\n`, 'a,secret\n1,#\nsecret,a\n#,2\n'],
    ['a word in a column is no header', `a,secret\n1,password\n2,${one}\n`, 'a,secret\n1,password\n2,#\n'],
    [
      'rows of JSON',
      `{"columns":["secret","n"],"rows":[["${one}",1],[null,2],["${two}",{"a":["]"]}],["${three}",3]]}`,
      '{"columns":["secret","n"],"rows":[["#",1],[null,2],["#",{"a":["]"]}],["#",3]]}',
    ],
    [
      'several tuples',
      `INSERT INTO t (secret, n) VALUES ('${one}', f(1, ')')),\n ('${two}', 2); SELECT '${three}'`,
      `INSERT INTO t (secret, n) VALUES ('#', f(1, ')')),\n ('#', 2); SELECT '${three}'`,
    ],
    [
      'strings with a letter before them',
      `INSERT INTO t (n, secret) VALUES (N'a', E'${one}'), (E'b', N'${two}')`,
      `INSERT INTO t (n, secret) VALUES (N'a', E'#'), (E'b', N'#')`,
    ],
  ])('%s', (_, text, expected) => {
    expect(tablesOf(text)).toBe(expected);
  });
});

describe('what may stay, stays', () => {
  test.each(CLEANS)('%s: %j', (_, text) => {
    expect(rangesOf(ALL, text)).toEqual([]);
    expect(rangesOf(ALL, nested(text, 1))).toEqual([]);
  });

  test('a text of schemas, logs, code and manuals', () => {
    const text = benignText(400_000);
    const found = rangesOf(ALL, text).map(({ start, end, name }) => [name, text.slice(start - 40, end + 10)]);
    expect(found).toEqual([]);
  });
});

describe('a placeholder', () => {
  test.each(
    [
      ['****', 'xxxx', 'XXXXXXXX', '...', '--', '\u2022\u2022\u2022\u2022', '', '?', '0000000000'],
      ['password', 'PASSWORD', 'changeme', 'change_me', 'your_password_here', 'YOUR-API-KEY', 'secret', 'null', 'None'],
      [
        '${PASSWORD}',
        '$PASSWORD',
        '$1',
        '{{ password }}',
        '{password}',
        '#{pw}',
        '<password>',
        '<your token>',
        '%PASSWORD%',
      ],
      ['%s', '%(password)s', '$(cat file)', '[YOUR-PASSWORD]', ':password', '@password', '<%= pw %>', '__PASSWORD__'],
      [
        'process.env.PASSWORD',
        'os.environ["PASSWORD"]',
        'os.getenv("X")',
        'env.PASSWORD',
        'ENC(abcdef12)',
        'ENC[x]',
        '!secret pw',
      ],
      [
        'op://vault/item/field',
        'secret://db/password',
        'vault:secret/data#x',
        '[REDACTED:db]',
        'REDACTED',
        '[REDACTED]',
        '(hidden)',
      ],
      [['AKIA', 'IOSFODNN7EXAMPLE'].join(''), 'redacted', 'true', 'string', 'undefined'],
    ].flat(),
  )('%s', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  test.each([samplePassword(), 'hunter2', 'p@ss:w/rd?', 'a{b}c', '12345', 'correct horse', sampleText(32), 'Pa$$w0rd'])(
    '%s is none',
    (text) => {
      expect(isPlaceholder(text)).toBe(false);
    },
  );
});

const PUMPS = [
  'a',
  'postgres://a:',
  'eyJaaaa.',
  'key_',
  `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}`,
  '\\',
  '%41',
  'a.b-c_',

  '"password":"',
  '://',
  '@',
  '$',
  "'",
  'password ',
  'password=',
  'password=\\"',
  "PASSWORD '",
  'secret:',
  ':*:',
  '5432:',

  'mysql -p',
  'Authorization: ',
  'Authorization: Bearer ',
  'cookie: a=',
  '*AA',
  '$2a$',
  '$A$005$',
  'identified by ',
  'md5',
  '{SSHA}',

  'host=a password=',
  '"name":"password",',
  '"value":"',
  'a:b@',
  'curl -u ',
  ';password=a ',
  '<password>',
  'otpauth://?',
  '\\n',
  'thin:',
];

/** The best of seven, in milliseconds of this process: other work on the machine does not count. */
function best(text: string): number {
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    rangesOf(ALL, text);
    return process.cpuUsage(start).user / 1e3;
  });
  return Math.min(...times);
}

describe('the time grows with the text and not faster', () => {
  test.each([...PUMPS, `password${' '.repeat(400)}`, `password="${'\\'.repeat(500)}`])('%j', (unit) => {
    const text = unit.repeat(Math.ceil(20_000 / unit.length));
    const once = best(text);
    // Below fifteen milliseconds the clock measures the machine.
    expect(best(text + text)).toBeLessThan(Math.max(15, once) * 3);
  });
});
