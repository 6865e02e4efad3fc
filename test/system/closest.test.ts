import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { closest } from '../../src/system/closest.js';

const KEYS = ['command', 'args', 'cwd', 'startupTimeout'];

describe('closest', () => {
  test.each([
    ['commnad', 'command'],
    ['Command', 'command'],
    ['comand', 'command'],
    ['commands', 'command'],
    ['arg', 'args'],
    ['startuptimeout', 'startupTimeout'],
    ['cw', 'cwd'],
    ['cdw', 'cwd'],
    ['agrs', 'args'],
    ['comamdn', 'command'],
    ['coma', undefined],
    ['x', undefined],
    ['', undefined],
    ['environment', undefined],
  ])('%j → %j', (word, candidate) => expect(closest(word, KEYS)).toBe(candidate));

  test('two letters that changed places are one slip', () => {
    expect(closest('evn', ['env', 'server'])).toBe('env');
    expect(closest('gte', ['set', 'get'])).toBe('get');
    expect(closest('ab', ['ba'])).toBe('ba');
  });

  test('the nearest wins, and of two the first', () => {
    expect(closest('abcd', ['abxx', 'abcx', 'xbcd'])).toBe('abcx');
  });

  test('one edit of a long word is always found', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    fc.assert(
      fc.property(word, fc.nat(11), (text, at) => {
        const place = at % text.length;
        expect(closest(`${text.slice(0, place)}${text.slice(place + 1)}`, [text])).toBe(text);
        expect(closest(`${text.slice(0, place)}_${text.slice(place)}`, [text])).toBe(text);
      }),
    );
  });
});
