import { describe, expect, test } from '@jest/globals';
import { applyChange } from '../../src/vault/change.js';
import { onlyFor, requireAllowed, restrictionsOf } from '../../src/vault/restrictions.js';
import { refusal } from '../support/errors.js';
import { entry } from '../support/exchange.js';

const FINGERPRINT = `sha256:${'a1'.repeat(32)}`;
const restricted = (restrictions: object) => ({ name: 'db/prod', restrictions: { ...restrictions } });
const asker = (profile: string, fingerprint = `sha256:${'00'.repeat(32)}`) => ({ profile, fingerprint });

describe('a secret that is only for some', () => {
  const secret = restricted({ profiles: ['shop', FINGERPRINT] });

  test('goes to a profile of that name, and to the plan of that fingerprint', () => {
    expect(() => requireAllowed(secret, asker('shop'))).not.toThrow();
    expect(() => requireAllowed(secret, asker('other', FINGERPRINT))).not.toThrow();
    expect(() => requireAllowed(restricted({}), undefined)).not.toThrow();
  });

  test.each([
    ['another profile', asker('other'), '--only-for other'],
    ['a profile with a longer name', asker('shop2'), '--only-for shop2'],
    ['a command of a person', undefined, 'secretctl set db/prod --only-for any'],
  ])('does not go to %s', async (_, who, hint) => {
    expect(await refusal(async () => requireAllowed(secret, who))).toMatchObject({
      code: 'not-permitted',
      message: `the secret db/prod is only for shop, ${FINGERPRINT}`,
      hint: expect.stringContaining(hint),
    });
  });

  test.each([{ hosts: ['a'] }, { profiles: 'shop' }, { profiles: [5] }, { profiles: ['shop'], confirm: 'each' }])(
    'goes nowhere when this version does not understand %j',
    async (restrictions) => {
      const error = await refusal(async () => requireAllowed(restricted(restrictions), asker('shop')));
      expect([error.code, error.hint]).toEqual(['not-permitted', 'update secretctl']);
    },
  );

  test('stays so whatever else is changed', () => {
    const previous = { ...entry('db/prod', 'one'), restrictions: { profiles: ['shop'] } };
    for (const change of [{ value: 'two' }, { note: 'n' }, { expires: null }])
      expect(onlyFor(applyChange('db/prod', previous, change, new Date()))).toEqual(['shop']);
    const widened = applyChange('db/prod', previous, { restrictions: restrictionsOf(['any']) }, new Date());
    expect([onlyFor(widened), widened.value, widened.version]).toEqual([undefined, 'one', 2]);
  });

  test.each([['Shop'], ['sha256:12'], ['any', 'shop'], ['../x'], ['']])('%j is no profile', async (...profiles) => {
    expect((await refusal(async () => restrictionsOf(profiles))).code).toBe('usage');
  });
});
