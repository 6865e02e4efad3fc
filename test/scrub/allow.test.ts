// `redact.allow`: a false positive can be kept, by the fingerprint of its exact text; a known value never can.

import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { allowFingerprint, createScrubber } from '../../src/scrub/scrubber.js';
import { STRONG } from './values.js';

const token = ['ghp_', 'Zx81LmQpT0vKrYb5NcWd7HsJf2GaEu', '4aHqxg'].join('');
const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const scrubbed = (text: string, allow: readonly string[], known: readonly string[] = []): string => {
  const values = known.map((value) => ({ name: 'known', value }));
  return createScrubber(values, { allow: new Set(allow) })
    .text(Buffer.from(text))
    .bytes.toString();
};
/** What a detector takes for a password. */
const found = ['vQ8', 'rT2mZ', 'x5LkP9w'].join('');
const line = `password=${found} and more`;

describe('a finding that is allowed stays', () => {
  test('it is masked before', () => {
    expect(scrubbed(line, [])).not.toContain(found);
  });
  test('and stays as it is with its fingerprint', () => {
    expect(allowFingerprint(found)).toBe(digest(found));
    expect(scrubbed(line, [digest(found)])).toBe(line);
  });
  test('also inside a message, where all else is still masked', () => {
    const message = Buffer.from(JSON.stringify({ id: 1, result: { text: line, other: `password=${found}X` } }));
    const { bytes } = createScrubber([], { allow: new Set([digest(found)]) }).message(message);
    expect(bytes.toString()).toContain(line);
    expect(bytes.toString()).not.toContain(`${found}X`);
  });
  test('a longer or shorter text does not', () => {
    expect(scrubbed(line, [digest(found.slice(1)), digest(`${found}x`)])).not.toContain(found);
  });
});

describe('never', () => {
  test('below 40 bits, for such a text can be guessed from its fingerprint', () => {
    const guessable = ['s3', 'cre', 't'].join('');
    expect(allowFingerprint(guessable)).toBeUndefined();
    const text = `postgres://app:${guessable}@db.example/shop`;
    expect(scrubbed(text, [digest(guessable)])).not.toContain(guessable);
  });
  test.each(Object.entries(STRONG))('a known value: %s', (_, value) => {
    for (const text of [value, `token=${value}`, `password: ${value}`, `postgres://u:${encodeURIComponent(value)}@h/d`])
      expect(scrubbed(text, [digest(value), digest(text), digest(encodeURIComponent(value))], [value])).not.toContain(
        value,
      );
  });
  test('a known value that has the shape of a token', () => {
    expect(scrubbed(`it is ${token}`, [digest(token)], [token])).toBe('it is [REDACTED:known]');
  });
  test('a token in which a known value stands', () => {
    const part = token.slice(6, 30);
    expect(scrubbed(`it is ${token}`, [digest(token)], [part])).not.toContain(part);
  });
  test('and nobody is told that an entry was the fingerprint of a known value', () => {
    const without = createScrubber([{ name: 'known', value: token }]).text(Buffer.from(`it is ${token}`));
    const allow = new Set([digest(token)]);
    expect(createScrubber([{ name: 'known', value: token }], { allow }).text(Buffer.from(`it is ${token}`))).toEqual(
      without,
    );
  });
});
