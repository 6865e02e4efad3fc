import { describe, expect, test } from '@jest/globals';
import { holdsUrlPassword, looksLikeReference, parseReference, referenceKind } from '../../src/profile/references.js';

describe('parseReference', () => {
  test.each([
    ['secret://db/postgres/dev', { body: 'db/postgres/dev' }],
    ['secret://a#password', { body: 'a', field: 'password' }],
    ['SECRET://Api-Key.v2', { body: 'Api-Key.v2' }],
    [`secret://${'x'.repeat(128)}`, { body: 'x'.repeat(128) }],
    ['ref+secret://a', { body: 'a' }],
    ['secretref+secret://a#b+', { body: 'a', field: 'b' }],
    ['op://dev/github/token', { scheme: 'op', body: 'dev/github/token' }],
    ['op://My Vault/a#b%2F/s/f?attribute=otp', { scheme: 'op', body: 'My Vault/a#b%2F/s/f?attribute=otp' }],
    ['ref+op://My%20Vault/item/field', { scheme: 'op', body: 'My Vault/item/field' }],
    ['env://TOKEN#/a/b', { scheme: 'env', body: 'TOKEN', field: '/a/b' }],
    ['file://./a%20b?encode=base64', { scheme: 'file', body: './a b', query: new Map([['encode', 'base64']]) }],
    [
      'exec://say/a%2Fb?env_X=%26#k',
      { scheme: 'exec', body: 'say/a%2Fb', query: new Map([['env_X', '%26']]), field: 'k' },
    ],
    ['keychain://github.com/ada', { scheme: 'keyring', body: 'github.com/ada' }],
    ['pass://web/a#all', { scheme: 'pass', body: 'web/a', field: 'all' }],
    ['pass://web/a#2', { scheme: 'pass', body: 'web/a', field: '2' }],
    ['pass://web/a#client%20id', { scheme: 'pass', body: 'web/a', field: 'client id' }],
    [
      'vault://kv/app?version=2&ns=team#api-key',
      {
        scheme: 'vault',
        body: 'kv/app',
        query: new Map([
          ['version', '2'],
          ['ns', 'team'],
        ]),
        field: 'api-key',
      },
    ],
    ['OpenBao://kv/app#/a/b', { scheme: 'bao', body: 'kv/app', field: '/a/b' }],
  ])('%s', (text, parts) => {
    expect(parseReference(text)).toEqual({ ok: true, reference: { text, scheme: 'secret', ...parts } });
  });

  test('a sealed value', () => {
    const base64 = Buffer.alloc(40, 7).toString('base64');
    const text = `ENC[v1,AESGCM,${base64}]`;
    expect(parseReference(text)).toEqual({ ok: true, reference: { text, scheme: 'ENC', body: base64 } });
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
    'op://a/b/c/d/e',
    'op://a/b/c?attribute=password',
    'https://example.org',
    'a/b',
    'ENC[x]',
    'ENC[v2,AESGCM,AAAA]',
    `ENC[v1,AESGCM,${Buffer.alloc(28).toString('base64')}]`,
    `ENC[v1,AESGCM,${Buffer.alloc(40).toString('base64').replace('==', '')}]`,
    `ENC[PKCS7,${Buffer.alloc(40).toString('base64')}]`,
    'ref+awssm://a',
    'kdbx:x',
    'env://a-b',
    'env://A?x=y',
    'file://',
    'file://a?encode=x&encode=y',
    'file://a%',
    'keyring://one',
    'pass://a?b',
    'pass://a#/b',
    'vault://onlymount#x',
    'vault://a/../b#x?',
    'vault://a/b?address=http://x#y',
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
