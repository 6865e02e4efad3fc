// Small samples of the sets of `npm run eval:scrub`, which measures them whole: what the scrubber reached once it keeps.

import { beforeAll, describe, expect, test } from '@jest/globals';
import { createJudge, fragmentsOf } from './judge.js';
import { measureBenign } from './set-b.js';
import { measureDatabases } from './set-d.js';
import { measureFamilies } from './set-f.js';
import { measureKnown } from './set-k.js';

/** Shares that must be removed, from what was measured, minus a little. */
const LEAST = {
  'K removed': 0.999,
  'F removed': 0.993,
  'F wrapped': 0.97,
  'D removed': 1,
  'D kept': 0.99,
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Counts and findings per MB that may not be passed. */
const MOST = {
  'K absolute': 0,
  'B perMegabyte': 0.5,
};

const SAMPLES = {
  K: () => measureKnown(1),
  F: () => measureFamilies(1, 7),
  D: () => measureDatabases(1),
  B: () => measureBenign(20_000),
};

describe.each(Object.entries(SAMPLES))('set %s', (set, measure) => {
  let floors: Readonly<Record<string, number>>;
  beforeAll(() => {
    floors = measure().floors;
  }, 120_000);
  const of = (limits: Readonly<Record<string, number>>): [string, number, number][] =>
    Object.entries(limits)
      .filter(([name]) => name.startsWith(`${set} `))
      .map(([name, limit]) => [name, limit, floors[name.slice(2)] ?? Number.NaN]);

  test('keeps its floors', () => {
    for (const [name, least, measured] of of(LEAST))
      expect({ name, enough: measured >= least, measured }).toMatchObject({ enough: true });
    for (const [name, most, measured] of of(MOST))
      expect({ name, enough: measured <= most, measured }).toMatchObject({ enough: true });
  });

  test('breaks no message, withholds and changes no line, and the judge sees', () => {
    const { broken = 0, withheld = 0, never = 0, changed = 0, blind = 0 } = floors;
    expect({ broken, withheld, never, changed, blind }).toEqual({
      broken: 0,
      withheld: 0,
      never: 0,
      changed: 0,
      blind: 0,
    });
  });
});

describe('the judge', () => {
  const value = 'Zk4w8vQ2/x"7';
  const leaks = (text: string): boolean => createJudge().leaks(Buffer.from(text), fragmentsOf([value]));

  test.each([
    ['8 bytes of it', `… ${value.slice(2, 10)} …`],
    ['percent in JSON', JSON.stringify({ a: encodeURIComponent(value) })],
    ['JSON in base64', JSON.stringify({ blob: base64(JSON.stringify({ value })) })],
    ['base64 off its groups', `xx${base64(`a:${value}`)}`],
    ['hex in percent', encodeURIComponent(`\\x${Buffer.from(value).toString('hex')}`)],
    [
      'a picture',
      JSON.stringify({ data: Buffer.concat([Buffer.alloc(99, 1), Buffer.from(value)]).toString('base64') }),
    ],
  ])('sees %s', (_, text) => {
    expect(leaks(text)).toBe(true);
  });

  test.each([
    ['7 bytes of it', `… ${value.slice(2, 9)} …`],
    ['a mask', JSON.stringify({ a: '[REDACTED:db]', b: base64('REDACTED') })],
  ])('does not see %s', (_, text) => {
    expect(leaks(text)).toBe(false);
  });
});
