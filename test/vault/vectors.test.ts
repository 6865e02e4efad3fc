import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseVault, serialiseBody, withMac } from '../../src/vault/format.js';
import { SecretctlError } from '../../src/errors.js';
import { open, type VaultHome, vaultHome } from '../support/vault-home.js';
import { KEY_FILES, type Vector } from '../support/vault-vectors.js';

// From dist/test/vault to the repository.
const FOLDER = fileURLToPath(new URL('../../../test/vectors/vault/', import.meta.url));
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

const vectorOf = (name: string): Vector => JSON.parse(readFileSync(FOLDER + name, 'utf8'));

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => home.remove());

/** What the vault holds, or the stage at which it was refused. */
async function outcomeOf({ vault, keyFile, passphrase }: Vector): Promise<unknown> {
  writeFileSync(home.places.vault, vault, { encoding: 'latin1', mode: 0o600 });
  if (keyFile !== undefined) writeFileSync(home.places.keyFile, KEY_FILES[keyFile], { mode: 0o600 });
  try {
    const entries = (await open(home.places, passphrase)).list();
    const plain = entries.map(({ name, value }) => [
      name,
      typeof value === 'string' ? value : Object.fromEntries(value),
    ]);
    return Object.fromEntries(plain);
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    return error.code === 'locked' ? 'slot' : /\((\w+)\)/.exec(error.message)?.[1];
  }
}

describe('test vectors of the vault format', () => {
  test.each(NAMES)('%s', async (name) => {
    const vector = vectorOf(name);
    expect(await outcomeOf(vector)).toEqual(vector.expect === 'ok' ? vector.secrets : vector.expect);
  });

  test.each(NAMES.filter((name) => name.startsWith('ok-')))('%s is serialised to the same bytes', (name) => {
    const bytes = Buffer.from(vectorOf(name).vault, 'latin1');
    const { document, mac } = parseVault(bytes);
    expect(withMac(serialiseBody(document), mac)).toEqual(bytes);
  });

  test('cover every stage', () => {
    const stages = new Set(NAMES.map((name) => vectorOf(name).expect));
    expect([...stages].toSorted()).toEqual(['entry', 'header', 'limit', 'mac', 'ok', 'slot']);
  });
});
