import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatTemplate, parseTemplate, renderTemplate } from '../../src/profile/template.js';
import type { Filter } from '../../src/profile/types.js';

const render = (text: string, value: string): string => renderTemplate(parseTemplate(text).parts, () => value);
const one = (filter: Filter, value: string): string => render(`\${x|${filter}}`, value);

describe('parsing', () => {
  test.each([
    ['', []],
    ['plain $ } { $x', [{ text: 'plain $ } { $x' }]],
    ['${a}', [{ secret: 'a', filters: [] }]],
    ['${ a.b | uri | json }', [{ secret: 'a', field: 'b', filters: ['uri', 'json'] }]],
    [
      'x${a-b}y${_c.d-e}',
      [{ text: 'x' }, { secret: 'a-b', filters: [] }, { text: 'y' }, { secret: '_c', field: 'd-e', filters: [] }],
    ],
    ['$${a}', [{ text: '$' }, { secret: 'a', filters: [] }]],
  ])('%j', (text, parts) => {
    expect(parseTemplate(text).parts).toEqual(parts);
    expect(parseTemplate(text).problems).toEqual([]);
  });

  test('every problem has its place', () => {
    const { problems } = parseTemplate('a${}b${x|nope}c${y');
    expect(problems.map(({ at }) => at)).toEqual([1, 5, 15]);
  });

  test('formatting is one spelling, and parses to the same', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/);
    const filters = fc.array(fc.constantFrom<Filter>('uri', 'json', 'base64', 'shell'), { maxLength: 3 });
    const secret = fc.record({ secret: name, field: name, filters });
    const text = fc.string({ minLength: 1 }).filter((value) => !value.includes('$'));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, secret)), (pairs) => {
        const template = pairs.flatMap(([before, part]) => [{ text: before }, part]);
        expect(parseTemplate(formatTemplate(template)).parts).toEqual(template);
      }),
    );
  });

  test('never throws', () => {
    const pieces = fc.array(fc.constantFrom('${', '}', '|', '.', 'a', ' ', '$', '{', 'uri', '🙂', '\n'));
    fc.assert(fc.property(pieces, (list) => void parseTemplate(list.join(''))));
  });
});

describe('rendering', () => {
  test('a value is data: it is never expanded again', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(render('<${x}>', value)).toBe(`<${value}>`);
      }),
    );
    expect(render('${x}${x}', '${x}$&$1|uri}')).toBe('${x}$&$1|uri}${x}$&$1|uri}');
    expect(render('${x}', 'op://vault/item')).toBe('op://vault/item');
  });

  test('filters run from left to right', () => {
    expect(render('${x|base64|uri}', '>>>')).toBe('Pj4%2B');
    expect(render('${x|uri|base64}', ' ')).toBe('JTIw');
  });

  test('lookup is asked by name and field', () => {
    const asked: unknown[] = [];
    renderTemplate(parseTemplate('${a}${b.c|uri}').parts, (...names) => {
      asked.push(names);
      return '';
    });
    expect(asked).toEqual([
      ['a', undefined],
      ['b', 'c'],
    ]);
  });
});

describe('filters are read back by those who read them', () => {
  const anything = fc.string({ unit: 'binary' });

  test('uri', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(one('uri', value)).toMatch(/^[A-Za-z0-9._~%-]*$/);
        expect(decodeURIComponent(one('uri', value))).toBe(value);
        expect(decodeURIComponent(new URL(`postgres://me:${one('uri', value)}@h/x`).password)).toBe(value);
      }),
    );
    expect(one('uri', "a b@/:!'()*")).toBe('a%20b%40%2F%3A%21%27%28%29%2A');
    expect(() => one('uri', '\ud800')).toThrow(expect.objectContaining({ code: 'bad-data' }));
  });

  test('json', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => expect(JSON.parse(`"${one('json', value)}"`)).toBe(value)),
    );
  });

  test('base64', () => {
    fc.assert(
      fc.property(anything, (value) => expect(Buffer.from(one('base64', value), 'base64').toString()).toBe(value)),
    );
    expect(one('base64', '?>')).toBe('Pz4=');
  });

  test('shell', () => {
    const values = ['', "it's", '$(id) `id` "x" \\', "''", 'a\nb', '-n', '*'];
    const script = `printf '%s\\0' ${values.map((value) => one('shell', value)).join(' ')}`;
    expect(execFileSync('/bin/sh', ['-c', script]).toString()).toBe(values.map((value) => `${value}\0`).join(''));
  });
});
