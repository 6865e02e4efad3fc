// A map in the keychain's place, and keychains that fail.

import { SecretctlError } from '../../src/errors.js';
import type { Keychain } from '../../src/system/keychain.js';
import type { NewSlot } from '../../src/vault/create.js';
import type { VaultPlaces } from '../../src/vault/places.js';
import { createVault, openVault, type OpenOptions, type Vault } from '../../src/vault/store.js';
import { CHEAP, UID } from './vault-home.js';

export interface FakeKeychain extends Keychain {
  readonly items: Map<string, Buffer>;
  readonly asked: string[];
}

export function mapKeychain(): FakeKeychain {
  const items = new Map<string, Buffer>();
  const asked: string[] = [];
  const note = (verb: string, service: string, account: string): string => {
    asked.push(verb);
    return `${service}/${account}`;
  };
  return {
    items,
    asked,
    get: async (service, account) => {
      const item = items.get(note('get', service, account));
      return item === undefined ? undefined : Buffer.from(item);
    },
    set: async (service, account, bytes) => void items.set(note('set', service, account), Buffer.from(bytes)),
    delete: async (service, account) => items.delete(note('delete', service, account)),
  };
}

export const failing = (failure: Error): Keychain => {
  const fail = async (): Promise<never> => {
    throw failure;
  };
  return { get: fail, set: fail, delete: fail };
};
export const LOCKED = failing(new SecretctlError('locked', 'the keychain is locked', 'unlock-it'));

/** A vault that this keychain opens first. */
export function createWith(keychain: Keychain, places: VaultPlaces, ...more: readonly NewSlot[]): Promise<Vault> {
  return createVault({ places, uid: UID, keychain, slots: [{ type: 'keychain', keychain }, ...more] });
}

export function openWith(keychain: Keychain, places: VaultPlaces, options: Partial<OpenOptions> = {}): Promise<Vault> {
  return openVault({ places, uid: UID, keychain, slotCost: CHEAP, ...options });
}

/** A person who types this. */
export function words(text: string): () => Promise<Buffer> {
  return async () => Buffer.from(text);
}
