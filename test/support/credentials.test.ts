import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { formsOf, leaksIn, randomPassword, stringsOf } from './credentials.js';

const secret = 'pa/ss"w+%rd';

describe('leaksIn', () => {
  const cases = [
    ['plain', `is ${secret} it`],
    ['JSON-escaped', JSON.stringify({ secret })],
    ['JSON-escaped twice', JSON.stringify(JSON.stringify({ secret }))],
    ['percent-encoded', `postgres://a:${encodeURIComponent(secret)}@h/d`],
    ['percent-encoded', 'pa%2fss%22w%2b%25rd'],
    ['hex', Buffer.from(secret).toString('hex')],
    ['hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['base64', Buffer.from(`u:${secret}`).toString('base64')],
    ['base64', Buffer.from(`us:${secret}`).toString('base64url')],
    ['base64', Buffer.from(secret).toString('base64')],
  ] as const;
  test.each(cases)('finds it %s in %s', (name, text) => {
    expect(leaksIn(text, secret).map((leak) => leak.name)).toEqual([name]);
  });

  test('finds nothing in text without it', () => {
    expect(leaksIn('pa/ss and w+%rd, [REDACTED:db.password]', secret)).toEqual([]);
  });

  test('counts each place once, in order', () => {
    expect(leaksIn(`${secret}${secret} ${encodeURIComponent(secret)}`, secret).map(({ index }) => index)).toEqual([
      0, 11, 23,
    ]);
  });

  test('finds base64 of the password wherever it starts', () => {
    assert(
      property(string(), string(), (before, after) => {
        const password = randomPassword();
        const encoded = Buffer.from(`${before}${password}${after}`).toString('base64');
        expect(leaksIn(encoded, password)).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});

test('a new password has characters that each encoding writes in its own way', () => {
  const password = randomPassword();
  expect(password).not.toBe(randomPassword());
  expect(new Set(formsOf(password).map(({ name }) => name)).size).toBe(7);
});

test('stringsOf reads keys and values at any depth', () => {
  expect(stringsOf({ a: ['b', { c: 'd' }, 1, null] })).toEqual(['a', '0', 'b', '1', 'c', 'd', '2', '3']);
});
