import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkProfile } from '../../src/profile/parse.js';
import type { Profile, Reference } from '../../src/profile/types.js';
import { SecretctlError } from '../../src/errors.js';
import { formatIdentity } from '../../src/seal/identity.js';
import { parseSealed } from '../../src/profile/sealed-text.js';
import { openSeal, openValue } from '../../src/seal/profile-seal.js';
import { secretctl } from '../support/cli.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { readIdentities, SEAL_VECTORS, type SealVector } from '../support/seal-vectors.js';

const NAMES = readdirSync(SEAL_VECTORS).filter((name) => name.endsWith('.json') && name !== 'identities.json');
const IDENTITIES = readIdentities();
const vectorOf = (name: string): SealVector => JSON.parse(readFileSync(join(SEAL_VECTORS, name), 'utf8')) as SealVector;

/** The values, or the stage at which it was refused. */
function outcomeOf({ profile: text, as }: SealVector): unknown {
  const { profile } = checkProfile(Buffer.from(text));
  const identity = IDENTITIES[as];
  if (profile?.seal === undefined || identity === undefined) return 'profile';
  let stage = 'seal';
  try {
    const profileKey = openSeal(profile.seal.section, profile.seal.document, identity);
    stage = 'value';
    return Object.fromEntries(
      sealedIn(profile).map(({ place = '', text: written }) => {
        const sealed = parseSealed(written);
        if (typeof sealed === 'string') throw new Error(sealed);
        return [place, openValue({ profileKey, identity }, place, sealed)];
      }),
    );
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    return error.code === 'locked' ? 'recipient' : stage;
  }
}

function sealedIn({ secrets }: Profile): Reference[] {
  const references = [...secrets.values()].flatMap((source) =>
    source.kind === 'reference'
      ? [source.reference]
      : [...source.fields.values()].flatMap((field) => (field.kind === 'reference' ? [field.reference] : [])),
  );
  return references.filter(({ scheme }) => scheme === 'ENC');
}

describe('test vectors of sealed profiles', () => {
  test.each(NAMES)('%s', (name) => {
    const vector = vectorOf(name);
    expect(outcomeOf(vector)).toEqual(vector.expect === 'ok' ? vector.values : vector.expect);
  });

  test('cover every stage', () => {
    const stages = new Set(NAMES.map((name) => vectorOf(name).expect));
    expect([...stages].toSorted()).toEqual(['ok', 'profile', 'recipient', 'seal', 'value']);
  });
});

describe('the command line says the same', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
    for (const [name, identity] of Object.entries(IDENTITIES))
      writeFileSync(join(folder.path, `${name}.pem`), formatIdentity(identity), { mode: 0o600 });
  });
  afterAll(() => folder.remove());

  const STATUS = { ok: 0, profile: 65, recipient: 77, seal: 65, value: 65 } as const;
  test.each(NAMES.filter((_, index) => index % 9 === 0))('%s', async (name) => {
    const { profile, as, expect: stage, values } = vectorOf(name);
    writeFileSync(join(folder.path, 'shop.yaml'), profile, { mode: 0o600 });
    const env = { SECRETCTL_HOME: folder.path, SECRETCTL_IDENTITY: join(folder.path, `${as}.pem`) };
    const args = ['unseal', 'shop.yaml', '--field', 'env.TOKEN', '--stdout'];
    const { status, stdout } = await secretctl(args, { env, cwd: folder.path });
    // What a launch refuses, `unseal` may still be able to read.
    if (stage !== 'profile') expect([status, stdout]).toEqual([STATUS[stage], values?.['/env/TOKEN'] ?? '']);
    else
      expect((await secretctl(['profile', 'check', 'shop.yaml'], { env, cwd: folder.path })).status).toBe(
        STATUS.profile,
      );
  });
});
