import { describe, expect, test } from '@jest/globals';
import { parseVault, serialiseBody, withMac } from '../../src/vault/format.js';
import { refusal } from '../support/errors.js';

const b64 = (length: number, fill = 7): string => Buffer.alloc(length, fill).toString('base64url');

const HEADER = `secretctl-vault/1 ${b64(16)} gen=3`;
const KEYFILE = `slot keyfile ${b64(8)} ${b64(60)}`;
const SCRYPT = `slot scrypt ${b64(16)} 17 8 1 ${b64(60)}`;
const OTHERS = [
  `slot keychain secretctl/me@vault ${b64(60)}`.replace('@', ':'),
  `slot recovery ${b64(8)} ${b64(60)}`,
  `slot x509 ${b64(32)} ${b64(1618)}`,
];
const ENTRY = `e ${b64(16, 1)} 12 ${b64(40)}`;
const MAC = `mac ${b64(32)}`;

const text = (...lines: string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');

describe('the text of a vault', () => {
  test.each([
    ['one slot', [HEADER, KEYFILE, MAC]],
    ['entries', [HEADER, SCRYPT, ENTRY, `e ${b64(16, 2)} 1 ${b64(28)}`, MAC]],
    ['slots that cannot be opened yet', [HEADER, ...OTHERS, KEYFILE, ENTRY, MAC]],
    ['as many passphrases as can be', [HEADER, ...Array.from({ length: 64 }, () => SCRYPT), MAC]],
    ['the largest counter', [HEADER.replace('gen=3', 'gen=9007199254740991'), KEYFILE, MAC]],
  ])('%s: parsed and serialised again, the same bytes', (_name, lines) => {
    const bytes = text(...lines);
    const parsed = parseVault(bytes);
    expect(withMac(serialiseBody(parsed.document), parsed.mac)).toEqual(bytes);
    expect(parsed.authenticated).toEqual(text(...lines.slice(0, -1)));
  });

  const dear = SCRYPT.replace(' 17 8 1 ', ' 20 8 4 ');
  const manySlots = Array.from({ length: 65 }, () => KEYFILE);
  const manyEntries = Array.from({ length: 10_001 }, (_, i) => {
    const id = Buffer.alloc(16);
    id.writeUInt32BE(i);
    return `e ${id.toString('base64url')} 1 ${b64(28)}`;
  });

  test.each<[string, string, Buffer]>([
    ['an empty file', 'mac', Buffer.alloc(0)],
    ['another version', 'header', text(HEADER.replace('/1', '/2'), KEYFILE, MAC)],
    ['a generation of zero', 'header', text(HEADER.replace('gen=3', 'gen=0'), KEYFILE, MAC)],
    ['a leading zero', 'header', text(HEADER.replace('gen=3', 'gen=03'), KEYFILE, MAC)],
    ['a sign', 'header', text(HEADER.replace('gen=3', 'gen=+3'), KEYFILE, MAC)],
    ['a counter past the safe integers', 'header', text(HEADER.replace('gen=3', 'gen=9007199254740993'), KEYFILE, MAC)],
    ['a short vault id', 'header', text(HEADER.replace(b64(16), b64(15)), KEYFILE, MAC)],
    ['a trailing space', 'header', text(`${HEADER} `, KEYFILE, MAC)],
    ['two spaces', 'slot', text(HEADER, KEYFILE.replace('keyfile ', 'keyfile  '), MAC)],
    ['CR', 'header', text(`${HEADER}\r`, KEYFILE, MAC)],
    ['a tab', 'header', text(HEADER.replace(' ', '\t'), KEYFILE, MAC)],
    ['a byte that is not ASCII', 'header', text(HEADER, KEYFILE.replace('keyfile', 'k\u00e9yfile'), MAC)],
    ['no slot', 'slot', text(HEADER, ENTRY, MAC)],
    ['a slot of an unknown type', 'slot', text(HEADER, KEYFILE, KEYFILE.replace('keyfile', 'yubikey'), MAC)],
    ['a slot named like a method', 'slot', text(HEADER, KEYFILE.replace('keyfile', 'toString'), MAC)],
    ['a slot with a field too many', 'slot', text(HEADER, `${KEYFILE} ${b64(60)}`, MAC)],
    ['a wrapped key that is too short', 'slot', text(HEADER, KEYFILE.replace(b64(60), b64(59)), MAC)],
    ['base64 with padding', 'slot', text(HEADER, KEYFILE.replace(b64(8), `${b64(8)}=`), MAC)],
    ['base64 with stray bits', 'slot', text(HEADER, KEYFILE.replace(b64(8), `${b64(8).slice(0, -1)}d`), MAC)],
    ['base64 of the other alphabet', 'slot', text(HEADER, KEYFILE.replace(b64(8), '+/+/+/+/+/8'), MAC)],
    ['a keychain label with a space', 'slot', text(HEADER, `slot keychain a b ${b64(60)}`, MAC)],
    ['too many slots', 'limit', text(HEADER, ...manySlots, MAC)],
    ['too many entries', 'limit', text(HEADER, KEYFILE, ...manyEntries, MAC)],
    ['a file that is too large', 'limit', Buffer.alloc(16 * 1024 * 1024 + 1, 10)],
    ['scrypt: 2^40', 'limit', text(HEADER, SCRYPT.replace(' 17 ', ' 40 '), MAC)],
    ['scrypt: 2^14', 'limit', text(HEADER, SCRYPT.replace(' 17 ', ' 14 '), MAC)],
    ['scrypt: r of 2^20', 'limit', text(HEADER, SCRYPT.replace(' 8 1', ' 1048576 1'), MAC)],
    ['scrypt: r of zero', 'limit', text(HEADER, SCRYPT.replace(' 8 1', ' 0 1'), MAC)],
    ['scrypt: p of a million', 'limit', text(HEADER, SCRYPT.replace(' 8 1', ' 8 1000000'), MAC)],
    ['scrypt: too much work in sum', 'limit', text(HEADER, SCRYPT, dear, dear, MAC)],
    ['scrypt: 2 GiB', 'limit', text(HEADER, SCRYPT.replace(' 17 8', ' 20 16'), MAC)],
    ['scrypt: an empty salt', 'slot', text(HEADER, SCRYPT.replace(b64(16), ''), MAC)],
    ['scrypt: a salt of 4 KiB', 'slot', text(HEADER, SCRYPT.replace(b64(16), b64(4096)), MAC)],
    ['an entry twice', 'entry', text(HEADER, KEYFILE, ENTRY, ENTRY, MAC)],
    ['an entry of version zero', 'entry', text(HEADER, KEYFILE, ENTRY.replace(' 12 ', ' 0 '), MAC)],
    ['an entry that is too short', 'entry', text(HEADER, KEYFILE, `e ${b64(16)} 1 ${b64(27)}`, MAC)],
    ['a slot after the entries', 'header', text(HEADER, KEYFILE, ENTRY, KEYFILE, MAC)],
    ['an unknown line', 'header', text(HEADER, KEYFILE, 'note hello', MAC)],
    ['an empty line', 'header', text(HEADER, KEYFILE, '', MAC)],
    ['no mac', 'mac', text(HEADER, KEYFILE, ENTRY)],
    ['a short mac', 'mac', text(HEADER, KEYFILE, `mac ${b64(31)}`)],
    ['something after the mac', 'mac', text(HEADER, KEYFILE, MAC, ENTRY)],
    ['no final LF', 'mac', text(HEADER, KEYFILE, MAC).subarray(0, -1)],
  ])('refuses %s (%s)', async (_name, stage, bytes) => {
    const error = await refusal(() => parseVault(bytes));
    expect([error.code, error.message]).toEqual(['vault-damaged', expect.stringContaining(`(${stage})`)]);
  });
});
