import { describe, expect, test } from '@jest/globals';
import { variableNameOf } from '../../src/vault/variable-name.js';

describe('the variable of a secret', () => {
  test.each([
    ['db/shop', 'password', 'DB_SHOP_PASSWORD'],
    ['github/token', undefined, 'GITHUB_TOKEN'],
    ['a.b-c/d_e', 'f.g-h', 'A_B_C_D_E_F_G_H'],
    ['POSTGRES_URL', undefined, 'POSTGRES_URL'],
    ['1password', undefined, '_1PASSWORD'],
  ])('%s, field %s: %s', (name, field, variable) => {
    expect(variableNameOf(name, field)).toBe(variable);
  });
});
