// A trust record: "a person approved this plan on this machine". Authenticated with a key from the vault, so that
// writing a file is not enough to approve anything.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalBytes } from '../canonical.js';
import { SecretctlError } from '../errors.js';

export interface TrustRecord {
  readonly version: 1;
  readonly fingerprint: string;
  readonly profile: string;
  /** Real path of the profile's file. */
  readonly path: string;
  /** What the launch adds after `--`: a list of texts, as JSON. */
  readonly extra: string;
  /** ISO 8601, UTC. */
  readonly approved: string;
  readonly expires: string;
  readonly factor: 'passphrase' | 'name';
}

export interface SignedRecord extends TrustRecord {
  /** HMAC-SHA256 over the canonical bytes of everything else, base64url. */
  readonly mac: string;
}

/** Besides `version`; all are texts. */
const MEMBERS = ['fingerprint', 'profile', 'path', 'extra', 'approved', 'expires', 'factor', 'mac'];

/** Days that an approval holds. */
export const VALID_DAYS = 90;

/** HKDF label of the key that authenticates records. */
export const TRUST_KEY = 'trust';

export function signRecord(record: TrustRecord, key: Buffer): SignedRecord {
  return { ...record, mac: macOf(record, key).toString('base64url') };
}

/** Throws `untrusted` when the record was not written by the holder of the vault, or has expired. */
export function verifyRecord(signed: SignedRecord, key: Buffer, now: Date): void {
  const { mac, ...record } = signed;
  const given = Buffer.from(mac, 'base64url');
  const wanted = macOf(record, key);
  const again = `secretctl trust ${record.profile}`;
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new SecretctlError(
      'untrusted',
      `the trust record of "${record.profile}" was not made with this vault`,
      again,
    );
  }
  if (!(now.getTime() < Date.parse(record.expires))) {
    throw new SecretctlError('untrusted', `the approval of "${record.profile}" has expired (${record.expires})`, again);
  }
}

/** undefined for anything that is not a record of this version; whether it is genuine is for `verifyRecord`. */
export function parseRecord(text: string): SignedRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Exactly these members: what the MAC would not cover must not be there. */
function isRecord(value: unknown): value is SignedRecord {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const isKnown = ([name, field]: [string, unknown]): boolean =>
    name === 'version' ? field === 1 : MEMBERS.includes(name) && typeof field === 'string';
  return entries.length === MEMBERS.length + 1 && entries.every(isKnown);
}

function macOf(record: TrustRecord, key: Buffer): Buffer {
  return createHmac('sha256', key)
    .update(canonicalBytes({ ...record }))
    .digest();
}
