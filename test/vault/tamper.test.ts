import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { SecretctlError } from '../../src/errors.js';
import { loadVault, unlock } from '../../src/vault/open.js';
import { keyFileVault, UID, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
let original: Buffer;

beforeAll(async () => {
  home = vaultHome();
  const vault = await keyFileVault(home.places);
  await vault.put('db/one', { value: 'a' });
  await vault.put('db/two', { fields: new Map([['host', 'h']]) });
  original = readFileSync(home.places.vault);
});
afterAll(() => home.remove());

/** `opened`, or the code of the refusal. Anything else that is thrown fails the test. */
async function outcomeOf(bytes: Buffer): Promise<string> {
  writeFileSync(home.places.vault, bytes);
  try {
    await unlock(loadVault(home.places.vault, UID), { keyFile: home.places.keyFile, uid: UID });
    return 'opened';
  } catch (error) {
    if (error instanceof SecretctlError) return error.code;
    throw error;
  }
}

async function outcomesOf(variants: Iterable<Buffer>): Promise<Set<string>> {
  const outcomes = new Set<string>();
  for (const variant of variants) outcomes.add(await outcomeOf(variant));
  return outcomes;
}

function* bitFlips(): Iterable<Buffer> {
  for (let bit = 0; bit < original.length * 8; bit += 1) {
    const flipped = Buffer.from(original);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield flipped;
  }
}

function* truncations(): Iterable<Buffer> {
  for (let length = 0; length < original.length; length += 1) yield original.subarray(0, length);
}

function* additions(): Iterable<Buffer> {
  for (const text of ['\n', ' ', 'x', '\0', 'mac \n']) {
    yield Buffer.concat([original, Buffer.from(text)]);
    yield Buffer.concat([Buffer.from(text), original]);
  }
}

const REFUSED = ['vault-damaged', 'locked'];

describe('a vault that was tampered with never opens', () => {
  test('as it was, it opens', async () => {
    expect(await outcomeOf(original)).toBe('opened');
  });

  test('every bit turned', async () => {
    for (const outcome of await outcomesOf(bitFlips())) expect(REFUSED).toContain(outcome);
  });

  test('every truncation', async () => {
    for (const outcome of await outcomesOf(truncations())) expect(REFUSED).toContain(outcome);
  });

  test('something added', async () => {
    expect(await outcomesOf(additions())).toEqual(new Set(['vault-damaged']));
  });

  test('lines moved, dropped or doubled', async () => {
    const lines = original.toString().split('\n').slice(0, -1);
    const variants = lines.flatMap((line, i) => [
      lines.toSpliced(i, 1),
      lines.toSpliced(i, 0, line),
      lines.toSpliced(i, 1).toSpliced((i + 1) % lines.length, 0, line),
    ]);
    const bytes = variants.map((variant) => Buffer.from(variant.map((line) => `${line}\n`).join('')));
    for (const outcome of await outcomesOf(bytes.filter((variant) => !variant.equals(original))))
      expect(REFUSED).toContain(outcome);
  });
});
