import { describe, expect, test } from '@jest/globals';
import { checkProfile } from '../../src/profile/parse.js';
import { replaceValue, valuePlaces } from '../../src/profile/edit.js';
import {
  addToMessages,
  readSealable,
  requireOpenMessages,
  resealAll,
  sealedAlone,
  sealedText,
  sealMarked,
  unsealAll,
  withSeal,
} from '../../src/launch/sealed-file.js';
import { parseSealed, type SealedText } from '../../src/profile/sealed-text.js';
import type { Profile, ProfileSeal } from '../../src/profile/types.js';
import {
  newProfileKey,
  openSeal,
  openValue,
  requireSameRecipients,
  sealProfileKey,
} from '../../src/seal/profile-seal.js';
import { spkiText } from '../../src/seal/recipient.js';
import { randomPassword } from '../support/credentials.js';
import { refusal } from '../support/errors.js';
import { smallIdentity } from '../support/identities.js';

const [ada, ci, eve] = [smallIdentity(), smallIdentity(), smallIdentity()];
const PEOPLE = [
  { name: 'ada', recipient: ada },
  { name: 'ci', recipient: ci },
];
const [PASSWORD, KEY] = [randomPassword(), randomPassword()];

const PLAIN = `# what it is
secretctl: 1
name: shop
server:
  command: node
  args: [server.js, 5432]
tools: { readOnly: true }
secrets:
  db: { host: db.internal, password: ${JSON.stringify(`SEAL[${PASSWORD}]`)} }   # the database
env:
  PORT: 5432
  API_KEY: |-
    SEAL[${KEY}]
  PGPASSWORD: \${db.password}
`;

function sealed(text = PLAIN): string {
  const profileKey = newProfileKey();
  const pem = sealProfileKey(
    profileKey,
    PEOPLE.map(({ recipient }) => recipient),
  );
  return withSeal(sealMarked(text, profileKey).text, pem, PEOPLE, profileKey, 'shop.yaml').toString();
}

const profileOf = (text: string): Profile | undefined => checkProfile(Buffer.from(text)).profile;
const sealOf = (text: string): ProfileSeal => {
  const seal = profileOf(text)?.seal;
  if (seal === undefined) throw new Error('there is no seal');
  return seal;
};
const sealedOf = (written: string): SealedText => {
  const parsed = parseSealed(written);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};
const open = ({ section, document }: ProfileSeal, identity = ada) => openSeal(section, document, identity);

describe('a sealed profile', () => {
  const text = sealed();

  test('holds no value, and gives each recipient all of them', () => {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(KEY);
    for (const identity of [ada, ci]) {
      const profileKey = open(sealOf(text), identity);
      const values = [...(profileOf(text)?.secrets ?? [])].flatMap(([, source]) =>
        source.kind === 'reference'
          ? [source.reference]
          : [...source.fields.values()].flatMap((field) => (field.kind === 'reference' ? [field.reference] : [])),
      );
      const opened = values.map(({ text: written, place = '' }) =>
        openValue({ profileKey, identity }, place, sealedOf(written)),
      );
      expect(opened).toEqual([PASSWORD, KEY]);
    }
  });

  test('keeps comments and the order of lines', () => {
    const kept = text.slice(0, text.indexOf('sealed:'));
    expect(kept.replaceAll(/ENC\[[^\]]*\]/g, 'ENC')).toBe(
      PLAIN.replace(JSON.stringify(`SEAL[${PASSWORD}]`), '"ENC"').replace(`|-\n    SEAL[${KEY}]`, 'ENC'),
    );
  });

  test('says for whom it is, to those who are not', async () => {
    const error = await refusal(() => open(sealOf(text), eve));
    expect([error.code, error.message]).toEqual(['locked', expect.stringContaining('sealed for ada, ci')]);
  });

  test.each<[string, (text: string) => string]>([
    ['the host', (whole) => whole.replace('db.internal', 'evil.internal')],
    ['the command', (whole) => whole.replace('command: node', 'command: nodf')],
    ['an argument', (whole) => whole.replace('5432]', '5433]')],
    ['the type of an argument', (whole) => whole.replace('server.js, 5432]', 'server.js, "5432"]')],
    ['a truth value', (whole) => whole.replace('readOnly: true', 'readOnly: false')],
    ['one variable more', (whole) => whole.replace('env:\n', 'env:\n  MORE: x\n')],
    ['one variable less', (whole) => whole.replace('  PORT: 5432\n', '')],
    ['the name of a recipient', (whole) => whole.replace('name: ci', 'name: cj')],
    ['a recipient less', (whole) => whole.replace(/\n {4}- \{ name: ci,.*/, '')],
    ['values in each other’s places', swapValues],
    ['the mac', (whole) => whole.replace(/mac: (.)/, (_, first) => `mac: ${first === 'A' ? 'B' : 'A'}`)],
  ])('is refused when somebody changed %s', async (_, change) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    const error = await refusal(() => open(sealOf(changed)));
    expect([error.code, error.message]).toEqual([
      'bad-data',
      'the seal of the profile does not fit: it was changed without its key, or is damaged',
    ]);
  });

  test('is refused with the key of another profile', async () => {
    const other = sealed();
    const key = /key: \|\n[^]*?-----END CMS-----/;
    const mixed = text.replace(key, key.exec(other)?.[0] ?? '');
    expect((await refusal(() => open(sealOf(mixed)))).code).toBe('bad-data');
  });

  test.each<[string, (text: string) => string]>([
    ['a comment', (whole) => `# more\n${whole}`],
    ['quotes', (whole) => whole.replace('name: shop', 'name: "shop"')],
    ['the order of keys', (whole) => whole.replace('secretctl: 1\nname: shop\n', 'name: shop\nsecretctl: 1\n')],
    ['line ends', (whole) => whole.replaceAll('\n', '\r\n')],
  ])('does not mind %s', (_, change) => {
    expect(() => open(sealOf(change(text)))).not.toThrow();
  });

  test('without its seal is refused, and so is a seal without a mac', () => {
    expect(problems(text.slice(0, text.indexOf('sealed:')))).toEqual([expect.stringContaining('no section "sealed"')]);
    expect(problems(text.replace(/\n {2}mac: .*/, ''))).toEqual([expect.stringMatching(/mac/)]);
    expect(problems(PLAIN)).toEqual([
      expect.stringContaining('not sealed yet'),
      expect.stringContaining('not sealed yet'),
    ]);
  });

  test('is written out to be edited, and sealed again', () => {
    const profileKey = open(sealOf(text));
    const { text: plain, places } = unsealAll(text, { profileKey, identity: ada }, 'shop.yaml');
    expect(places).toEqual(['/secrets/db/password', '/env/API_KEY']);
    expect(plain).toContain(JSON.stringify(`SEAL[${PASSWORD}]`));
    const again = sealMarked(plain, profileKey);
    expect(again.places).toEqual(places);
    expect(again.text).not.toContain(PASSWORD);
  });

  test.each([
    ['a block text', `A: |\n    SEAL[${KEY}\n    ${KEY}]\n`, `${KEY}\n${KEY}`],
    ['a kept block text', `A: |+\n    SEAL[${KEY}]\n\n`, KEY],
  ])('takes what is marked in %s', (_, line, value) => {
    const profileKey = newProfileKey();
    const { text: done } = sealMarked(
      `secretctl: 1\nname: a\nserver: { command: node }\nenv:\n  ${line}  B: b\n`,
      profileKey,
    );
    const [written = ''] = /ENC\[[^\]]*\]/.exec(done) ?? [];
    expect(openValue({ profileKey, identity: ada }, '/env/A', sealedOf(written))).toBe(value);
    expect(done).toContain('\n  B: b\n');
  });

  test('a mark without an end is named, not its value', async () => {
    const error = await refusal(() => sealMarked(`env:\n  A: SEAL[${KEY} # b]\n`, newProfileKey()));
    expect(error).toMatchObject({ code: 'bad-data', message: expect.stringContaining('/env/A begins with SEAL[') });
    expect(error.message).not.toContain(KEY);
  });

  test('recipients that its key is not for are not accepted', async () => {
    const { section } = sealOf(text);
    const more = { ...section, recipients: [...section.recipients, { name: 'eve', spki: spkiText(eve.spki) }] };
    expect(() => requireSameRecipients(section)).not.toThrow();
    expect(await refusal(() => requireSameRecipients(more))).toMatchObject({ code: 'bad-data' });
  });

  test('is not written out where a value could not be sealed again', async () => {
    const profileKey = newProfileKey();
    const { text: odd } = sealMarked(PLAIN, profileKey);
    const value = `${KEY}\u2028`;
    const place = valuePlaces(odd).find((each) => each.place === '/env/API_KEY');
    if (place === undefined) throw new Error('no such place');
    const held = replaceValue(odd, place, sealedText(profileKey, place.place, value));
    const error = await refusal(() => unsealAll(held, { profileKey, identity: ada }, 'shop.yaml'));
    expect(error).toMatchObject({ code: 'bad-data', message: expect.not.stringContaining(KEY) });
  });
});

describe('a value that is a message of its own', () => {
  const profileKey = newProfileKey();
  const keysOf = (identity = ada) => ({ profileKey, identity });
  const textFor = (...people: (typeof ada)[]): string =>
    `secretctl: 1\nname: a\nserver: { command: node }\nenv:\n  A: ${sealedAlone(people, '/env/A', PASSWORD)}\n  B: ${sealedText(profileKey, '/env/B', KEY)}\n`;

  test('is opened by those whom it is for', () => {
    const { text } = unsealAll(textFor(ada, ci), keysOf(ci), 'shop.yaml');
    expect(text).toContain(`SEAL[${PASSWORD}]`);
    expect(() => unsealAll(textFor(ada), keysOf(ci), 'shop.yaml')).toThrow('does not fit');
    expect(() => requireOpenMessages(textFor(ada), keysOf(ci))).toThrow('/env/A');
    expect(() => requireOpenMessages(textFor(ada), keysOf())).not.toThrow();
  });

  test('is given to one more', () => {
    const wider = addToMessages(textFor(ada), keysOf(), eve);
    expect(() => requireOpenMessages(wider, keysOf(eve))).not.toThrow();
    expect(() => requireOpenMessages(wider, keysOf())).not.toThrow();
    expect(() => addToMessages(textFor(ada), keysOf(ci), eve)).toThrow('not for this identity');
  });

  test('is made anew for those who stay', () => {
    const key = newProfileKey();
    const anew = resealAll(textFor(ada, ci), keysOf(), key, [ada]);
    expect(() => requireOpenMessages(anew, keysOf(ci))).toThrow('/env/A');
    const { text } = unsealAll(anew, { profileKey: key, identity: ada }, 'shop.yaml');
    for (const value of [PASSWORD, KEY]) expect(text).toContain(`SEAL[${value}]`);
  });

  test.each(['', 'a\0b'])('holds no %j', (value) => {
    expect(() => sealedAlone([ada], '/env/A', value)).toThrow('/env/A');
  });
});

test('what cannot be written canonically cannot be sealed', async () => {
  const error = await refusal(() => readSealable(Buffer.from(`${PLAIN}description: 1.5\n`), 'shop.yaml'));
  expect(error.code).toBe('bad-profile');
});

function problems(text: string): string[] {
  return checkProfile(Buffer.from(text)).problems.map(({ message }) => message);
}

function swapValues(text: string): string {
  const [one = '', two = ''] = text.match(/ENC\[[^\]]*\]/g) ?? [];
  return text.replace(one, 'X').replace(two, one).replace('X', two);
}
