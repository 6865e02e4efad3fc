// A map in the keychain's place, and keychains that fail.

import { SecretctlError } from '../../src/errors.js';
import type { Keychain } from '../../src/system/keychain.js';

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
