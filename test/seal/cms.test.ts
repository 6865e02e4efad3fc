import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { addRecipient, decryptWith, encryptFor, parseEnvelope } from '../../src/seal/cms.js';
import { fromPem, toPem } from '../../src/seal/pem.js';
import { smallIdentity } from '../support/identities.js';

const [ada, bob, eve] = [smallIdentity(), smallIdentity(), smallIdentity()];
const content = randomBytes(48);

describe('a message', () => {
  test('is opened by each recipient, and by nobody else', () => {
    const der = encryptFor([ada, bob], content);
    expect(decryptWith(der, ada)).toEqual(content);
    expect(decryptWith(der, bob)).toEqual(content);
    expect(decryptWith(der, eve)).toBeUndefined();
    expect(decryptWith(der, { ...eve, spki: ada.spki })).toBeUndefined();
  });

  test('takes one more recipient, from someone who can open it', () => {
    const der = encryptFor([ada], content);
    const wider = addRecipient(der, ada, bob) ?? Buffer.alloc(0);
    expect(decryptWith(wider, bob)).toEqual(content);
    expect(decryptWith(wider, ada)).toEqual(content);
    expect(addRecipient(der, eve, eve)).toBeUndefined();
  });

  test('of each recipient twice is none', () => {
    expect(parseEnvelope(encryptFor([ada, ada], content))).toBeUndefined();
  });

  test('is refused for every bit that is another, but inside the keys of others, which the MAC of a profile covers', () => {
    const der = encryptFor([ada], content);
    // RSA takes milliseconds: inside the one wrapped key a sample will do.
    const key = der.indexOf(parseEnvelope(der)?.wrapped[0]?.encryptedKey ?? '');
    let checked = 0;
    for (let bit = 0; bit < der.length * 8; bit++) {
      const inKey = bit >= key * 8 && bit < (key + 256) * 8;
      if (inKey && bit % 61 !== 0) continue;
      const flipped = Buffer.from(der);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(decryptWith(flipped, ada)).toBeUndefined();
      checked++;
    }
    expect(checked).toBeGreaterThan(2000);
  });

  test('is refused for every truncation and every addition', () => {
    const der = encryptFor([ada, bob], content);
    for (let length = 0; length < der.length; length++) expect(parseEnvelope(der.subarray(0, length))).toBeUndefined();
    for (const byte of [0, 0x30, 0xff]) expect(parseEnvelope(Buffer.concat([der, Buffer.of(byte)]))).toBeUndefined();
  });

  test('in another order of recipients, or nested without end, is refused', () => {
    const der = encryptFor([ada, bob], content);
    const [one, two] = parseEnvelope(der)?.wrapped ?? [];
    const at = [one, two].map((each) => der.indexOf(each?.spki ?? ''));
    const swapped = Buffer.from(der);
    swapped.set(two?.spki ?? [], at[0]);
    swapped.set(one?.spki ?? [], at[1]);
    expect(parseEnvelope(swapped)).toBeUndefined();
    let deep = Buffer.from([0x05, 0x00]);
    for (let level = 0; level < 60; level++) deep = Buffer.concat([Buffer.of(0x30, deep.length), deep]);
    expect(parseEnvelope(deep)).toBeUndefined();
  });
});

describe('PEM', () => {
  const der = randomBytes(200);
  const pem = toPem('CMS', der);

  test('has one spelling', () => {
    expect(fromPem('CMS', pem)).toEqual(der);
    const others = [
      pem.trimEnd(),
      `${pem}\n`,
      ` ${pem}`,
      pem.replaceAll('\n', '\r\n'),
      pem.replace('CMS', 'PKCS7'),
      pem.replace(/\n(?=[A-Za-z0-9])/, ''),
      pem.replace('=', ''),
      pem.replace(/(\S{10})\n/, '$1 \n'),
    ];
    for (const other of others) expect([other, fromPem('CMS', other)]).toEqual([other, undefined]);
  });
});
