// Every bit, and every length, of a vault with twenty secrets and of a profile that is sealed for three.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { canonicalBytes } from '../../src/canonical.js';
import { SecretctlError } from '../../src/errors.js';
import { sealedText, withSeal } from '../../src/launch/sealed-file.js';
import { checkProfile } from '../../src/profile/parse.js';
import { newProfileKey, openSeal, sealProfileKey } from '../../src/seal/profile-seal.js';
import { loadVault, unlock } from '../../src/vault/open.js';
import { smallIdentity } from '../support/identities.js';
import { keyFileVault, UID, type VaultHome, vaultHome } from '../support/vault-home.js';

const MINUTES = 60_000;

function flipped(original: Buffer, bit: number): Buffer {
  const bytes = Buffer.from(original);
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes;
}

describe('a vault with twenty secrets', () => {
  let home: VaultHome;
  let original: Buffer;
  beforeAll(async () => {
    home = vaultHome();
    const vault = await keyFileVault(home.places);
    await vault.putAll(
      () => new Map(Array.from({ length: 20 }, (_, index) => [`db/${index}`, { value: `value ${index}` }])),
    );
    original = readFileSync(home.places.vault);
  });
  afterAll(() => home.remove());

  async function isRefused(bytes: Buffer): Promise<boolean> {
    writeFileSync(home.places.vault, bytes);
    try {
      await unlock(loadVault(home.places.vault, UID), { keyFile: home.places.keyFile, uid: UID });
      return false;
    } catch (error) {
      if (error instanceof SecretctlError) return true;
      throw error;
    }
  }

  test(
    'is refused for every bit that is another',
    async () => {
      const opened: number[] = [];
      // oxlint-disable-next-line no-await-in-loop -- one file
      for (let bit = 0; bit < original.length * 8; bit++)
        if (!(await isRefused(flipped(original, bit)))) opened.push(bit);
      expect(opened).toEqual([]);
    },
    10 * MINUTES,
  );

  test(
    'is refused at every other length',
    async () => {
      const opened: number[] = [];
      for (let length = 0; length < original.length; length++) {
        // oxlint-disable-next-line no-await-in-loop -- one file
        if (!(await isRefused(original.subarray(0, length)))) opened.push(length);
      }
      for (const byte of [0, 10, 32, 97]) {
        // oxlint-disable-next-line no-await-in-loop -- one file
        if (!(await isRefused(Buffer.concat([original, Buffer.of(byte)])))) opened.push(-byte);
      }
      expect(opened).toEqual([]);
    },
    10 * MINUTES,
  );
});

describe('a profile that is sealed for three', () => {
  const people = ['ada', 'bob', 'ci'].map((name) => ({ name, recipient: smallIdentity() }));
  const profileKey = newProfileKey();
  const value = sealedText(profileKey, '/env/TOKEN', 'the value');
  const text = `# a comment\nsecretctl: 1\nname: shop\nserver:\n  command: node\nenv:\n  HOST: h   # where\n  TOKEN: ${value}\n`;
  const pem = sealProfileKey(
    profileKey,
    people.map(({ recipient }) => recipient),
  );
  const original = withSeal(text, pem, people, profileKey, 'shop.yaml');
  const meaning = canonicalOf(original);

  /** `refused`, `same`: it opens and says what it said; anything else is what must never happen. */
  function outcomeOf(bytes: Buffer): 'refused' | 'same' | 'opened' {
    const { profile } = checkProfile(bytes);
    const [reader] = people;
    if (profile?.seal === undefined || reader === undefined) return 'refused';
    try {
      openSeal(profile.seal.section, profile.seal.document, reader.recipient);
      return canonicalOf(bytes)?.equals(meaning ?? Buffer.alloc(0)) === true ? 'same' : 'opened';
    } catch (error) {
      if (error instanceof SecretctlError) return 'refused';
      throw error;
    }
  }

  test(
    'opens for another bit only where that changes a comment or a blank',
    () => {
      const opened: number[] = [];
      let same = 0;
      for (let bit = 0; bit < original.length * 8; bit++) {
        const outcome = outcomeOf(flipped(original, bit));
        if (outcome === 'opened') opened.push(bit);
        if (outcome === 'same') same++;
      }
      expect(opened).toEqual([]);
      // The two comments have 16 characters.
      expect(same).toBeLessThan(16 * 8 + 64);
    },
    20 * MINUTES,
  );

  test(
    'opens at no other length, but for blanks at its end',
    () => {
      const opened: number[] = [];
      for (let length = 0; length < original.length - 1; length++)
        if (outcomeOf(original.subarray(0, length)) !== 'refused') opened.push(length);
      expect(opened).toEqual([]);
    },
    20 * MINUTES,
  );
});

function canonicalOf(bytes: Buffer): Buffer | undefined {
  const document = checkProfile(bytes).profile?.seal?.document;
  return document === undefined ? undefined : canonicalBytes(document);
}
