// The seal of a profile at its launch: checked as a whole before any value of it is opened.

import { SecretctlError } from '../errors.js';
import { parseSealed } from '../profile/sealed-text.js';
import type { Profile, Reference } from '../profile/types.js';
import type { ProvidedSecret } from '../secrets/provider.js';
import type { Host } from '../system/host.js';
import { type IdentitySources, loadIdentity } from './identity.js';

/** Opens one sealed value. */
export type Unseal = (reference: Reference) => ProvidedSecret;

/** Undefined for a profile without a seal. Throws `locked`, `bad-data`: then nothing may be started. */
export async function openSealOf(
  host: Host,
  { seal }: Pick<Profile, 'seal'>,
  sources: IdentitySources,
): Promise<Unseal | undefined> {
  if (seal === undefined) return undefined;
  const { openSeal, openValue } = await import('../seal/profile-seal.js');
  const identity = await loadIdentity(host, sources);
  const profileKey = openSeal(seal.section, seal.document, identity);
  return ({ text, place = '' }) => {
    const sealed = parseSealed(text);
    if (typeof sealed === 'string') throw new SecretctlError('internal', 'a sealed value was not checked');
    return { kind: 'value', value: openValue({ profileKey, identity }, place, sealed) };
  };
}
