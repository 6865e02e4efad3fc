import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROVIDERS } from '../../src/secrets/providers/index.js';
import { resolveSecrets } from '../../src/secrets/resolve.js';
import type { Vault } from '../../src/vault/store.js';
import { refusal } from '../support/errors.js';
import { providerContext } from '../support/provider-context.js';
import { keyFileVault, type VaultHome, vaultHome } from '../support/vault-home.js';

let home: VaultHome;
let vault: Vault;
beforeEach(async () => {
  home = vaultHome();
  vault = await keyFileVault(home.places);
});
afterEach(() => home.remove());

const secretSource = (body: string, field?: string) => {
  const text = `secret://${body}${field === undefined ? '' : `#${field}`}`;
  return {
    kind: 'reference',
    reference: { text, scheme: 'secret', body, ...(field !== undefined && { field }) },
  } as const;
};

test('gives texts, fields, and which of them are secret', async () => {
  await vault.put('token', { value: 't' });
  await vault.put('db/dev', {
    fields: new Map([
      ['host', 'h'],
      ['password', 'p'],
    ]),
    type: 'connection',
  });
  const wanted = new Map([
    ['token', secretSource('token')],
    ['db', secretSource('db/dev')],
    ['word', secretSource('db/dev', 'password')],
  ]);
  const secrets = await resolveSecrets(wanted, PROVIDERS, providerContext({ vault }));
  expect(secrets.get('token')?.value).toBe('t');
  expect(secrets.get('word')?.value).toBe('p');
  expect([...(secrets.get('db')?.fields ?? [])]).toEqual([
    ['host', { value: 'h', secret: false }],
    ['password', { value: 'p', secret: true }],
  ]);
});

test('says how to make a secret that is missing', async () => {
  const error = await refusal(() =>
    resolveSecrets(new Map([['db', secretSource('db/dev')]]), PROVIDERS, providerContext({ vault })),
  );
  expect(error).toMatchObject({ code: 'secret-not-found', hint: 'secretctl set db/dev' });
});

test('says when there is no vault', async () => {
  const error = await refusal(() =>
    resolveSecrets(new Map([['db', secretSource('db/dev')]]), PROVIDERS, providerContext()),
  );
  expect(error).toMatchObject({ code: 'vault-not-found', hint: 'secretctl init' });
});
