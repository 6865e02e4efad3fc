// From a passphrase to a key: scrypt (RFC 7914), its cost stored in the slot.

import { scrypt } from 'node:crypto';
import { KEY_BYTES } from '../system/crypto.js';

export interface ScryptCost {
  /** log2 of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

export const DEFAULT_COST: ScryptCost = { logN: 17, r: 8, p: 1 };

const LIMITS = { minLogN: 15, maxLogN: 20, maxR: 16, maxP: 4, maxMemory: 2 ** 30 };
/** As many slots of the default cost as a vault can have. */
const MAX_WORK = 64;

/** Checked before any work: a hostile file can ask for neither hours nor gigabytes, and no cost is too cheap to guess at. */
export function isCostAllowed({ logN, r, p }: ScryptCost): boolean {
  if (logN < LIMITS.minLogN || logN > LIMITS.maxLogN) return false;
  if (r < 1 || r > LIMITS.maxR || p < 1 || p > LIMITS.maxP) return false;
  return 128 * 2 ** logN * r <= LIMITS.maxMemory;
}

/** What a wrong passphrase costs at all slots together is bounded too. */
export function isWorkAllowed(costs: readonly ScryptCost[]): boolean {
  return costs.reduce((sum, cost) => sum + workOf(cost), 0) <= MAX_WORK * workOf(DEFAULT_COST);
}

export function isWeaker(cost: ScryptCost, wanted: ScryptCost): boolean {
  return workOf(cost) < workOf(wanted);
}

function workOf({ logN, r, p }: ScryptCost): number {
  return 2 ** logN * r * p;
}

/** 32 bytes. `passphrase` is UTF-8; nothing normalises it. */
export function passphraseKey(passphrase: Buffer, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
