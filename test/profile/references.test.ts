import { describe, expect, test } from '@jest/globals';
import { holdsUrlPassword, looksLikeReference, parseReference, referenceKind } from '../../src/profile/references.js';

describe('parseReference', () => {
  test.each([
    ['secret://db/postgres/dev', { body: 'db/postgres/dev' }],
    ['secret://a#password', { body: 'a', field: 'password' }],
    ['SECRET://Api-Key.v2', { body: 'Api-Key.v2' }],
    [`secret://${'x'.repeat(128)}`, { body: 'x'.repeat(128) }],
  ])('%s', (text, parts) => {
    expect(parseReference(text)).toEqual({ ok: true, reference: { text, scheme: 'secret', ...parts } });
  });

  test.each([
    '',
    'secret:',
    'secret://',
    'secret://#a',
    'secret://-a',
    'secret://a b',
    'secret://ä',
    'secret://a%',
    'secret://a%2Fb',
    'secret://a%2525b',
    'secret://a%00',
    `secret://${'x'.repeat(129)}`,
    'secret://a#',
    'secret://a#b#c',
    'secret://a#/b',
    'secret://a?b',
    'secret://a#b?c',
    'op://a/b',
    'https://example.org',
    'a/b',
    'ENC[x]',
    'ref+secret://a',
    'secretref+secret://a',
    'kdbx:x',
  ])('%j is refused', (text) => expect(parseReference(text).ok).toBe(false));
});

describe('looksLikeReference', () => {
  test.each([
    ['op://a', 'op://…'],
    ['  SE://docker/mcp/x', 'se://…'],
    ['--key=secret://a', 'secret://…'],
    ['KEY= env://A', 'env://…'],
    ['secretref+vault://a', 'ref+…'],
    ['ENC[v1', 'ENC[…]'],
    ['KDBX:a', 'kdbx:…'],
    ['a {env:B} c', '{env:…}'],
    ['{file:/x}', '{file:…}'],
  ])('%j', (text, kind) => expect(looksLikeReference(text)).toBe(kind));

  test.each([
    '',
    'postgres://h',
    'https://a/op://b',
    's3://bucket',
    'x op://a',
    '{env}',
    '{environment:x}',
    'ENC',
    'a=b',
    'ref',
  ])('%j does not', (text) => expect(looksLikeReference(text)).toBeUndefined());

  test('only what starts as one is a reference itself', () => {
    expect(referenceKind('op://a')).toBe('op://…');
    expect(referenceKind(' op://a')).toBeUndefined();
    expect(referenceKind('a=op://a')).toBeUndefined();
  });
});

test.each([
  ['postgres://u:p@h', true],
  ['x=redis://:p@h', true],
  ['a://u:p%40@h/x', true],
  ['postgres://u@h', false],
  ['postgres://u:@h', false],
  ['http://h:80/a@b', false],
  ['http://h/?a:b@c', false],
  ['u:p@h', false],
])('holdsUrlPassword(%j) is %j', (text, holds) => expect(holdsUrlPassword(text)).toBe(holds));
