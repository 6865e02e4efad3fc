// What was found in a line, told so that nobody learns the value: by name, place, form and a class of length. Of a shape
// that was found also the fingerprint with which `redact.allow` lets it stay; never of anything that belongs to a known value.

import type { KnownValue } from './core.js';
import { allowFingerprint } from './core.js';
import { decodeText, encodingOf } from './decode.js';
import type { Replacement } from './matcher.js';
import type { Form } from './needle.js';
import { changedTokens } from './pointer.js';
import { strengthOf } from './strength.js';
import type { Watch } from './watch.js';

export type LengthClass = '1-7' | '8-15' | '16-31' | '32-63' | '64+';

export interface FindingDetail {
  /** Of the known value, or of the detector. */
  readonly name: string;
  /** A value that we were given; otherwise a shape. */
  readonly known: boolean;
  readonly form: Form;
  /** JSON Pointer of the string, number or name of a member; undefined in a line of text. */
  readonly pointer: string | undefined;
  /** It stands in the name of the member, not in its value. */
  readonly inName: boolean;
  /** Characters from 1, in the decoded string or in the line; undefined inside base64 that had to be opened. */
  readonly column: number | undefined;
  /** In characters, as the value was found. */
  readonly length: LengthClass;
  readonly fingerprint: string | undefined;
}

export interface Explainer {
  /** For the scrubber whose findings are to be explained. */
  readonly watch: Watch;
  /** The line as it came and as the scrubber has let it go, both without their newline. Forgets what was watched so far. */
  explain(before: Buffer, after: Buffer, kind: 'json' | 'text'): readonly FindingDetail[];
}

/** `values`: those of the scrubber. */
export function createExplainer(values: readonly KnownValue[]): Explainer {
  const seen = new Map<string, readonly Replacement[]>();
  return {
    watch(text, found) {
      // The same text can stand in two places of which one is searched less thoroughly.
      if (found.length >= (seen.get(text)?.length ?? 0)) seen.set(text, found);
    },
    explain(before, after, kind) {
      const places = before.equals(after) ? [] : placesOf(before, after, kind);
      const rest = new Map(seen);
      for (const { text } of places) rest.delete(text);
      const details = places.flatMap((place) =>
        matchesIn(place.text, seen, rest).map((match) => detailOf(match, place, values)),
      );
      seen.clear();
      return details;
    },
  };
}

interface Place {
  readonly text: string;
  readonly pointer: string | undefined;
  readonly inName: boolean;
}

function placesOf(before: Buffer, after: Buffer, kind: 'json' | 'text'): readonly Place[] {
  if (kind === 'json')
    return changedTokens(before, after).map(({ text, pointer, kind: token }) => ({
      text,
      pointer,
      inName: token === 'key',
    }));
  return [{ text: decodeText(before, 0, before.length, encodingOf(before)), pointer: undefined, inName: false }];
}

type Match = Pick<Replacement, 'name' | 'known' | 'form' | 'credential'> & {
  readonly column: number | undefined;
  /** The text that was masked. */
  readonly masked: string;
};

/** What was found in the very text; else in a window of it, in what its base64 holds, or in a list that the number begins. */
function matchesIn(
  text: string,
  seen: ReadonlyMap<string, readonly Replacement[]>,
  rest: Map<string, readonly Replacement[]>,
): readonly Match[] {
  const own = seen.get(text);
  if (own !== undefined) return own.map((found) => matchOf(found, text, text, 0));
  const opened = Buffer.from(text, 'base64').toString();
  const matches: Match[] = [];
  for (const [part, found] of rest) {
    const at = text.indexOf(part);
    if (beginsList(text, part, found)) {
      rest.delete(part);
      matches.push(...found.map((one) => ({ ...matchOf(one, part, part, 0), column: 1 })));
      break;
    }
    if (at < 0 && !opened.includes(part)) continue;
    rest.delete(part);
    matches.push(...found.map((one) => (at < 0 ? insideBase64(one, part) : matchOf(one, part, text, at))));
  }
  return matches;
}

/** Numbers of a message are read as one text, with commas between them; see number-lists.ts. */
function beginsList(number: string, part: string, [first]: readonly Replacement[]): boolean {
  if (first?.form !== 'decimal' || !/^-?\d{1,3}$/.test(number)) return false;
  return part.slice(first.start).startsWith(`${number},`);
}

function matchOf(found: Replacement, part: string, text: string, at: number): Match {
  const masked = part.slice(found.start, found.end);
  return { ...found, masked, column: Array.from(text.slice(0, at + found.start)).length + 1 };
}

function insideBase64(found: Replacement, part: string): Match {
  return { ...found, form: 'base64', masked: part.slice(found.start, found.end), column: undefined };
}

function detailOf(
  { name, known, form, column, credential, masked }: Match,
  { pointer, inName }: Place,
  values: readonly KnownValue[],
): FindingDetail {
  const length = lengthClass(Array.from(credential ?? masked).length);
  const isShape = !known && credential !== undefined && !belongsToKnown(credential, values);
  return {
    name,
    known,
    form,
    pointer,
    inName,
    column,
    length,
    fingerprint: isShape ? allowFingerprint(credential) : undefined,
  };
}

/** From a fingerprint of a known value, of a part of it, or of little more, the value could be guessed. */
function belongsToKnown(credential: string, values: readonly KnownValue[]): boolean {
  return values.some(
    ({ value }) => value.includes(credential) || (strengthOf(value) !== 'weak' && credential.includes(value)),
  );
}

function lengthClass(characters: number): LengthClass {
  if (characters < 8) return '1-7';
  if (characters < 16) return '8-15';
  if (characters < 32) return '16-31';
  return characters < 64 ? '32-63' : '64+';
}
