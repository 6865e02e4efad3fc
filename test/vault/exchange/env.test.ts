import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseEnv } from 'node:util';
import { parseImport } from '../../../src/vault/exchange/index.js';
import { randomPassword } from '../../support/credentials.js';
import { refusal } from '../../support/errors.js';
import { valuesOf } from '../../support/exchange.js';

const PASSWORD = randomPassword();

describe('a file of variables', () => {
  test.each<[string, string, Record<string, string>]>([
    ['keeps the spelling of names', 'POSTGRES_URL=a\nother_Name=b', { POSTGRES_URL: 'a', other_Name: 'b' }],
    ['with comments and blank lines', '# one\n\n  # two\nA=1 # three\n\t\nB=2\n', { A: '1', B: '2' }],
    ['with spaces around', '  A = 1 \n\tB=\t2', { A: '1', B: '2' }],
    ['of a shell', 'export A=1\nexport  B="2"', { A: '1', B: '2' }],
    ['with single quotes', `A='${PASSWORD}' # it`, { A: PASSWORD }],
    ['with double quotes', String.raw`A="x\ny\tz$B"`, { A: `x\ny\\tz$B` }],
    ['with backquotes', 'A=`it\'s "so"`', { A: 'it\'s "so"' }],
    ['with # in quotes', `A='1 # 2'`, { A: '1 # 2' }],
    ['with several lines in quotes', 'A="1\n# 2\n\n3"\nB=4', { A: '1\n# 2\n\n3', B: '4' }],
    ['with = and spaces in values', 'A=b=c d', { A: 'b=c d' }],
    ['with quotes inside of values', `A=it's "so"`, { A: `it's "so"` }],
    ['with CRLF', 'A=1\r\nB="2\r\n3"\r\n', { A: '1', B: '2\n3' }],
    ['with a byte order mark', '\uFEFFA=1', { A: '1' }],
    ['in Unicode', 'A=pässwörd 密码 \u{1F600}', { A: 'pässwörd 密码 \u{1F600}' }],
    ['drops underscores that no name of a secret begins with', '__A=1\n_1A=2', { A: '1', '1A': '2' }],
    ['keeps both when that gives one name twice', '_A=1\nA=2', { A: '1', 'A-2': '2' }],
    ['with nothing', '', {}],
  ])('%s', async (_name, text, values) => {
    expect(await valuesOf('env', text)).toEqual(values);
  });

  test('reports what has no value or no name', async () => {
    const { secrets, skipped } = await parseImport('env', 'A=\nB= # none\nC=""\n_=x\nD=1');
    expect(secrets.map(({ name }) => name)).toEqual(['D']);
    expect(skipped.map(({ name }) => name)).toEqual(['A', 'B', 'C', '_']);
    expect(skipped[0]?.why).toBe('it has no value');
  });

  test.each([
    ['what is no assignment', `A=1\n${PASSWORD}\n`, 'line 2: it is no NAME=value'],
    ['a name with a space', 'A B=1', 'line 1: it is no NAME=value'],
    ['an export of nothing', 'A=1\nexport =2', 'line 2: it is no NAME=value'],
    ['a name that begins with a digit', 'A="1\n2"\n\n1B=1', 'line 4: it is no NAME=value'],
    ['an open quote', `A=1\nB="${PASSWORD.replaceAll('"', '')}`, 'line 2: a quote is not closed'],
    ['more behind a quote', `# x\nA='it'\\''s'`, 'line 2: something follows the closing quote'],
    ['a quote that a shell would escape', String.raw`A="x\"y"`, 'line 1: something follows the closing quote'],
    ['a # that Node takes for a comment and a shell does not', 'A=pass#word', 'line 1: it is not clear whether #'],
    ['a # in the place of a value', 'A=#word', 'line 1: it is not clear whether #'],
    ['a name twice', 'A=1\nB=2\nA=3', 'line 3: A is set in line 1 already'],
    ['a carriage return in a value', 'A=1\nB=x\ry', 'line 2: it has a carriage return'],
  ])('refuses %s, and says in which line', async (_name, text, message) => {
    const error = await refusal(() => parseImport('env', text));
    expect([error.code, error.message.slice(0, message.length)]).toEqual(['bad-data', message]);
    expect(error.message).not.toContain(PASSWORD);
  });

  test('means what Node takes it for, or is refused', async () => {
    const piece = fc.constantFrom('A', 'B', '=', '\n', ' ', "'", '"', '`', '#', '\\n', '\\', 'x', 'export ', '$');
    const text = fc.array(piece, { maxLength: 14 }).map((pieces) => `A=${pieces.join('')}`);
    await fc.assert(
      fc.asyncProperty(text, async (file) => {
        const ours = await parseImport('env', file).catch(() => undefined);
        // Node may take the line behind an empty value, and a comment with a `=`, for more than they are.
        if (ours === undefined || /= *(?:#[^\n]*)?(?:\n|$)|^ *#.*=/m.test(file)) return;
        const theirs = Object.entries(parseEnv(file)).filter(([, value]) => value !== '');
        expect(Object.fromEntries(ours.secrets.map(({ name, value }) => [name, value]))).toEqual(
          Object.fromEntries(theirs),
        );
      }),
      { numRuns: 3000 },
    );
  });

  test('is read in linear time', async () => {
    for (const unit of [' ', 'a ', 'a#', '"', "'", '\n', '#\n', '\\', '=', '_'])
      await parseImport('env', `A=x${unit.repeat(50_000)}`).catch(() => undefined);
  });
});
