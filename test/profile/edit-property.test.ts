// Whatever a profile looks like, a changed value changes that value: every other one, and every comment, stays.

import { expect, test } from '@jest/globals';
import { assert, boolean, constantFrom, property, record, uniqueArray } from 'fast-check';
import { parse } from 'yaml';
import { addValue, removeSeal, replaceSeal, replaceValue, valuePlaces } from '../../src/profile/edit.js';

type Plain = Record<string, unknown> & { env?: Record<string, unknown> | null };
const SEALED = 'ENC[v1,AESGCM,abc=]';
const VALUES = [
  'plain',
  'two words',
  '""',
  "''",
  '"a: b #zz"',
  "'it''s'",
  String.raw`"esc \n \" é"`,
  '5432',
  'SEAL[x]',
  '"SEAL[a b]"',
  '|\n@  block\n@    more\n',
  '>-\n@  folded\n@  text\n',
  '|+\n@  keep\n\n',
  '# only a comment',
  '',
  '"several\n@   lines"',
  'plain\n@   continued',
  '~',
  'café \u{1F600}',
];

const entry = record({
  key: constantFrom('A', 'B_1', '"Q"', "'R'", 'PGHOST', 'X2'),
  value: constantFrom(...VALUES),
  comment: constantFrom('', '  # c', '   # : [x] {y}'),
  before: constantFrom('', '# before\n', '\n', '  # indented\n'),
});

const document = record({
  entries: uniqueArray(entry, { selector: ({ key }) => key.replaceAll(/["']/g, ''), maxLength: 5 }),
  indent: constantFrom('  ', '    ', ' '),
  end: constantFrom('\n', '', '\n\n', '\n# end\n'),
  flow: boolean(),
  envFirst: boolean(),
  crlf: boolean(),
}).map(({ entries, indent, end, flow, envFirst, crlf }) => {
  const lines = entries.map(({ key, value, comment, before }) => {
    const line = `${before}${indent}${key}: ${value.replaceAll('@', indent)}`;
    const isBlock = /^[|>]/.test(value);
    return isBlock ? line : `${line}${value.startsWith('#') ? '' : comment}\n`;
  });
  const env = lines.length === 0 ? '' : `env:\n${lines.join('')}`;
  const secrets = flow
    ? 'secrets: { db: {password: "SEAL[q]", host: h}, t: secret://a }\n'
    : 'secrets:\n  db:\n    host: h # hh\n    password: "x"\n  t: secret://a\n';
  const text = `secretctl: 1\nname: shop # n\n${envFirst ? env + secrets : secrets + env}`.replace(/\n$/, '') + end;
  return crlf ? text.replaceAll('\n', '\r\n') : text;
});

const read = (text: string): Plain => parse(text) as Plain;
const commentsIn = (text: string): number => (text.match(/# ?(?:before|indented|c|hh|n|end|only)\b/g) ?? []).length;

test('one value is another, and nothing else', () => {
  assert(
    property(document, (text) => {
      for (const place of valuePlaces(text)) {
        const changed = replaceValue(text, place, SEALED);
        const expected = structuredClone(read(text));
        const path = place.place.slice(1).split('/');
        let target = expected as Record<string, unknown>;
        for (const key of path.slice(0, -1)) target = target[key] as Record<string, unknown>;
        target[path.at(-1) ?? ''] = SEALED;
        expect(read(changed)).toEqual(expected);
        expect(commentsIn(changed)).toBe(commentsIn(text));
      }
    }),
    { numRuns: 300 },
  );
});

test('a value more, a seal more, a seal less', () => {
  assert(
    property(document, (text) => {
      const before = read(text);
      const added = addValue(text, 'env', 'NEW', SEALED);
      if (added !== undefined) expect(read(added)).toEqual({ ...before, env: { ...before.env, NEW: SEALED } });
      const sealed = replaceSeal(text, 'sealed:\n  mac: one\n');
      expect(read(sealed)).toEqual({ ...before, sealed: { mac: 'one' } });
      const again = replaceSeal(sealed, 'sealed:\n  mac: two\n');
      expect(again).toBe(sealed.replace('mac: one', 'mac: two'));
      expect(read(removeSeal(again))).toEqual(before);
      expect(commentsIn(again)).toBe(commentsIn(text));
    }),
    { numRuns: 300 },
  );
});
