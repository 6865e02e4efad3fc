import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatRecoveryKey, parseRecoveryKey } from '../../src/vault/recovery-key.js';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array));
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a recovery key', () => {
  test('is read back as it was shown, and as people type it', () => {
    fc.assert(
      fc.property(bytes, (key) => {
        const shown = formatRecoveryKey(key);
        expect(shown).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z*~$=U]$/);
        expect(parseRecoveryKey(shown)).toEqual(key);
        const typed = shown.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'o');
        expect(parseRecoveryKey(` ${typed}\n`)).toEqual(key);
      }),
    );
  });

  test('with one wrong symbol, or two neighbours exchanged, is none', () => {
    const shown = formatRecoveryKey(randomBytes(32)).replaceAll('-', '');
    for (let at = 0; at < 52; at++) {
      for (const symbol of SYMBOLS) {
        if (symbol === shown[at]) continue;
        expect(parseRecoveryKey(shown.slice(0, at) + symbol + shown.slice(at + 1))).toBeUndefined();
      }
      const [one = '', two = ''] = shown.slice(at, at + 2);
      if (one === two || at === 51) continue;
      expect(parseRecoveryKey(shown.slice(0, at) + two + one + shown.slice(at + 2))).toBeUndefined();
    }
  });

  test.each(['', 'correct horse battery staple', '0'.repeat(52), 'Z'.repeat(53), `${'0'.repeat(52)}U`])(
    '%j is none',
    (text) => {
      expect(parseRecoveryKey(text)).toBeUndefined();
    },
  );
});
