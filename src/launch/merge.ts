// A three-way merge of sealed profiles. Sealed values are compared by what they hold, and what is merged is sealed anew:
// only for sides whose seals fit, and only with a key. No plain value is ever written to a file.

import { SecretctlError } from '../errors.js';
import { removeSeal, replaceValue, type ValuePlace, valuePlaces } from '../profile/edit.js';
import type { Readable } from '../profile/parse.js';
import { formatSealed } from '../profile/sealed-text.js';
import type { SealSection } from '../profile/types.js';
import { mergeRecipients } from '../seal/cms.js';
import type { Identity } from '../seal/identity.js';
import { envelopeOf, openSeal, openValue, pemOf, type ProfileKey, type SealKeys } from '../seal/profile-seal.js';
import { deriveKey, hmac } from '../system/crypto.js';
import { type Named, peopleIn, sealedPlaces, sealedText, withSeal } from './sealed-file.js';

/** Text with conflict marks when `clean` is false. */
export type MergeText = (base: string, ours: string, theirs: string) => Promise<{ text: string; clean: boolean }>;

export interface MergeInput {
  readonly base: Readable;
  readonly ours: Readable;
  readonly theirs: Readable;
  /** For messages. */
  readonly path: string;
}

interface Side {
  readonly read: Readable;
  readonly section: SealSection;
  readonly profileKey: ProfileKey;
}

const CONFLICT_HINT = 'resolve it by hand, then: secretctl seal PATH --accept-changes';

/** Throws `bad-data` where the sides cannot be merged, `locked` without the key of one of them. */
export async function mergeSealed(
  { base, ours, theirs, path }: MergeInput,
  identity: Identity,
  mergeText: MergeText,
): Promise<Buffer> {
  const [old, mine, other] = [base, ours, theirs].map((read) => sideOf(read, identity));
  if (old === undefined || mine === undefined || other === undefined) throw conflict('one of the sides is not sealed');
  const target = targetOf(old, mine, other);
  const texts = [old, mine, other].map(({ read, profileKey }) =>
    withMarks(read.text, { profileKey, identity }, target.profileKey),
  );
  const [baseText = '', oursText = '', theirsText = ''] = texts.map(({ text }) => removeSeal(text));
  const merged = await mergeText(baseText, oursText, theirsText);
  if (!merged.clean) throw conflict('both sides changed the same lines');
  const values = new Map(texts.toReversed().flatMap(({ values: held }) => [...held]));
  const sealed = withoutMarks(merged.text, values, target.profileKey);
  return withSeal(sealed, target.pem, target.people, target.profileKey, path);
}

function conflict(why: string): SecretctlError {
  return new SecretctlError('bad-data', `the sealed profiles cannot be merged: ${why}`, CONFLICT_HINT);
}

function sideOf(read: Readable, identity: Identity): Side | undefined {
  const { section, document } = read;
  return section && { read, section, profileKey: openSeal(section, document, identity) };
}

interface Target {
  readonly profileKey: ProfileKey;
  readonly pem: string;
  readonly people: readonly Named[];
}

/** A side that has made a new profile key has taken somebody away: then its key and recipients count. */
function targetOf(old: Side, mine: Side, other: Side): Target {
  const isSame = (one: Side, two: Side): boolean => one.profileKey.key.equals(two.profileKey.key);
  if (isSame(mine, other)) return bothOf(mine, other);
  if (isSame(mine, old)) return only(other);
  if (isSame(other, old)) return only(mine);
  throw conflict('both sides have a new key');
}

function only({ profileKey, section }: Side): Target {
  return { profileKey, pem: section.key, people: peopleIn(section) };
}

/** Everybody whom either side has added. */
function bothOf(mine: Side, other: Side): Target {
  const der = mergeRecipients(envelopeOf(mine.section), envelopeOf(other.section));
  if (der === undefined) throw conflict('their recipients have nothing in common');
  const known = new Set(mine.section.recipients.map(({ spki }) => spki));
  const added = peopleIn({
    ...other.section,
    recipients: other.section.recipients.filter(({ spki }) => !known.has(spki)),
  });
  return { profileKey: mine.profileKey, pem: pemOf(der), people: [...peopleIn(mine.section), ...added] };
}

/** In the place of a sealed value: a mark that is the same for the same value. */
interface Marked {
  readonly text: string;
  /** Mark → the value, where it stood, and how it is sealed there. */
  readonly values: ReadonlyMap<string, Held>;
}

interface Held {
  readonly plain: string;
  /** Ciphertexts that can stay as they are. */
  readonly sealed?: string;
}

const MARK = /^MARK\[[0-9a-f]{64}\]$/;

/** Values that are messages of their own are text like any other: whoever changed one has made it for everybody. */
function withMarks(text: string, from: SealKeys, to: ProfileKey): Marked {
  const values = new Map<string, Held>();
  const isTarget = from.profileKey.key.equals(to.key);
  const marked = sealedPlaces(text)
    .filter(({ sealed }) => sealed.kind === 'v1')
    .toReversed()
    .reduce((current, { value, sealed }) => {
      const plain = openValue(from, value.place, sealed);
      const mark = `MARK[${hmac(deriveKey(to.key, 'merge'), `${value.place}|${plain}`).toString('hex')}]`;
      values.set(mark, { plain, ...(isTarget && { sealed: formatSealed(sealed) }) });
      return replaceValue(current, value, mark);
    }, text);
  return { text: marked, values };
}

function withoutMarks(text: string, values: ReadonlyMap<string, Held>, profileKey: ProfileKey): string {
  const marked = valuePlaces(text).filter((value: ValuePlace) => MARK.test(value.text ?? ''));
  return marked.toReversed().reduce((current, value) => {
    const held = values.get(value.text ?? '');
    if (held === undefined) throw conflict('a value is of neither side');
    return replaceValue(current, value, held.sealed ?? sealedText(profileKey, value.place, held.plain));
  }, text);
}
