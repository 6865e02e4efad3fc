import { expect, test } from '@jest/globals';
import { expiryOf } from '../../src/cli/expiry.js';
import { refusal } from '../support/errors.js';

const NOW = new Date('2030-01-31T12:00:00Z');

test.each([
  ['12h', '2030-02-01T00:00:00.000Z'],
  ['30d', '2030-03-02T12:00:00.000Z'],
  ['2w', '2030-02-14T12:00:00.000Z'],
  ['2030-02-01', '2030-02-01T00:00:00.000Z'],
  ['2030-01-31T12:00:01Z', '2030-01-31T12:00:01.000Z'],
])('%s', (text, time) => expect(expiryOf(text, NOW)).toBe(time));

test.each(['', 'soon', '0d', '5', '-1d', '2030-13-01', '2029-12-31', '2030-01-31', '2030-01-31T12:00:00Z'])(
  '%j is refused',
  async (text) => {
    expect(await refusal(() => expiryOf(text, NOW))).toMatchObject({
      code: 'usage',
      hint: 'use 30d, 12h, 2w or 2030-01-31',
    });
  },
);
