import { describe, expect, test } from '@jest/globals';
import { addValue, replaceSeal, replaceValue, valuePlaces } from '../../src/profile/edit.js';

const value = (text: string, place: string) => {
  const found = valuePlaces(text).find((each) => each.place === place);
  if (found === undefined) throw new Error(`there is no ${place}`);
  return found;
};

describe('a value', () => {
  test.each([
    ['env:\n  A: x\n', 'env:\n  A: ENC[v]\n'],
    ['env:\n  A: "x: #y"  # c\n  B: z\n', 'env:\n  A: ENC[v]  # c\n  B: z\n'],
    ["env: {A: 'x', B: y}\n", 'env: {A: "ENC[v]", B: y}\n'],
    ['env:\n  A:\n  B: y\n', 'env:\n  A: ENC[v]\n  B: y\n'],
    ['env:\n  A: |\n    x\n    y\n  B: z\n', 'env:\n  A: ENC[v]\n  B: z\n'],
    ['env:\n  A: >-\n    x\n# c\nname: z\n', 'env:\n  A: ENC[v]\n# c\nname: z\n'],
    ['env:\r\n  A: x\r\n', 'env:\r\n  A: ENC[v]\r\n'],
    ['env:\n  "A": x', 'env:\n  "A": ENC[v]'],
  ])('%j', (text, changed) => {
    expect(replaceValue(text, value(text, '/env/A'), 'ENC[v]')).toBe(changed);
  });

  test('that YAML would read otherwise is quoted', () => {
    const text = 'env:\n  A: x\n';
    expect(replaceValue(text, value(text, '/env/A'), 'SEAL[a: "b" #c]')).toBe('env:\n  A: "SEAL[a: \\"b\\" #c]"\n');
  });

  test('stands at a JSON pointer', () => {
    const text = 'secrets:\n  db: {password: x, host: h}\n  t: y\nenv:\n  N: 5\n';
    expect(valuePlaces(text).map(({ place, text: held }) => [place, held])).toEqual([
      ['/secrets/db/password', 'x'],
      ['/secrets/db/host', 'h'],
      ['/secrets/t', 'y'],
      ['/env/N', undefined],
    ]);
  });
});

describe('a new value', () => {
  test.each([
    ['env:\n  A: x\nname: s\n', 'env:\n  A: x\n  N: ENC[v]\nname: s\n'],
    ['env:\n    A: x   # c\n', 'env:\n    A: x   # c\n    N: ENC[v]\n'],
    ['env:\n  A: x', 'env:\n  A: x\n  N: ENC[v]\n'],
    ['env:\n  A: |\n    x\nname: s\n', 'env:\n  A: |\n    x\n  N: ENC[v]\nname: s\n'],
    ['env:\n  A:\nname: s\n', 'env:\n  A:\n  N: ENC[v]\nname: s\n'],
    ['name: s', 'name: s\nenv:\n  N: ENC[v]\n'],
    ['name: s\r\nsealed:\r\n  mac: x\r\n', 'name: s\r\nenv:\r\n  N: ENC[v]\r\nsealed:\r\n  mac: x\r\n'],
  ])('%j', (text, changed) => expect(addValue(text, 'env', 'N', 'ENC[v]')).toBe(changed));

  test('has no place in braces', () => expect(addValue('env: {A: x}\n', 'env', 'N', 'v')).toBeUndefined());
});

describe('the seal', () => {
  test.each([
    ['name: s\n', 'name: s\nsealed:\n  mac: y\n'],
    ['name: s', 'name: s\nsealed:\n  mac: y\n'],
    ['sealed:\n  key: |\n    a\n  mac: x\n# c\nname: s\n', 'sealed:\n  mac: y\n# c\nname: s\n'],
    ['name: s\r\nsealed: {}\r\n\r\n# end\r\n', 'name: s\r\nsealed:\r\n  mac: y\r\n\r\n# end\r\n'],
  ])('%j', (text, changed) => expect(replaceSeal(text, 'sealed:\n  mac: y\n')).toBe(changed));
});
