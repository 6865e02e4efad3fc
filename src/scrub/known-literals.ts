// What known values leave in the raw bytes of a line, whatever they are encoded in: literals for the scan. A spelling of a
// value holds a run of its letters and digits as they are, unless something encodes one of them, or a line break cuts it.

import { decimalLiterals } from './decimal.js';
import type { Heads, Needle } from './needle.js';
import type { Trigger } from './scan/triggers.js';
import { brokenLiterals, hexLiterals, loneLiterals, SHORTEST_ANCHOR } from './scan/triggers.js';

const LONGEST_ANCHOR = 6;

/** Undefined when some value leaves nothing that could be looked for. */
export function knownLiterals(needles: readonly Needle[], numbers: readonly string[]): readonly Trigger[] | undefined {
  if (needles.length === 0) return [];
  const heads = needles.flatMap((needle) => needle.heads);
  const texts = heads.flatMap((head) => head.texts.map(anchorOf));
  const cores = heads.flatMap((head) => head.cores.map(anchorOf));
  const hex = heads.flatMap(({ bytes, tails }) => [...bytes, ...tails]);
  if ([...texts, ...cores, ...numbers].some((anchor) => anchor.length < SHORTEST_ANCHOR)) return undefined;
  if (hex.some((head) => head.length < SHORTEST_ANCHOR)) return undefined;
  const literals: readonly Trigger[] = [
    ...(texts.length === 0 ? [] : loneLiterals()),
    ...heads.flatMap((head) => head.texts.flatMap(textLiterals)),
    ...[...cores, ...numbers].map((anchor) => ({ text: anchor })),
    ...heads.flatMap(({ bytes }) => bytes.flatMap((head) => hexLiterals(head, true))),
    ...heads.flatMap(({ tails }) => tails.flatMap((tail) => hexLiterals(tail, false))),
    ...heads.flatMap(({ lists }) => lists.flatMap(decimalLiterals)),
  ];
  return withoutTwins(literals);
}

/** Equal literals become one, which is looked at as closely as the least strict of them. */
function withoutTwins(literals: readonly Trigger[]): readonly Trigger[] {
  const unique = new Map<string, Trigger>();
  for (const one of literals) {
    const key = `${String(one.anyCase)}${one.text}`;
    const other = unique.get(key);
    unique.set(key, other === undefined ? one : joined(one, other));
  }
  return [...unique.values()];
}

function joined({ mayBe, ...rest }: Trigger, { mayBe: orMayBe }: Trigger): Trigger {
  if (mayBe === undefined || orMayBe === undefined) return rest;
  return { ...rest, mayBe: (line, at) => mayBe(line, at) || orMayBe(line, at) };
}

/** The anchor of a text as it is counts only where the rest of the text goes on beside it, or something encodes that. */
function textLiterals(text: string): readonly Trigger[] {
  const anchor = anchorOf(text);
  const [plain, ...broken] = brokenLiterals(anchor);
  const bytes = Buffer.from(text);
  const start = bytes.indexOf(anchor);
  const mayBe = (line: Buffer, at: number): boolean => {
    for (let index = start + anchor.length; index < bytes.length; index++) {
      const byte = line[at - start + index];
      if (byte !== bytes[index]) return isEncoding(byte, bytes[index]);
    }
    for (let index = start - 1; index >= 0; index--) {
      const place = at - start + index;
      if (line[place] !== bytes[index]) return endsBreak(line, place) || isEncoding(line[place], bytes[index]);
    }
    return true;
  };
  return plain === undefined ? broken : [{ ...plain, mayBe }, ...broken];
}

/** The letter of an escaped line break: what stands before it may go on before the break. */
function endsBreak(line: Buffer, at: number): boolean {
  return (line[at] === LINE_FEED || line[at] === RETURN) && line[at - 1] === BACKSLASH;
}
const BACKSLASH = 0x5c;
const LINE_FEED = 0x6e;
const RETURN = 0x72;

/** Whether this may stand for, or before or behind, another byte: only a letter or digit in place of one does not. */
function isEncoding(byte: number | undefined, wanted: number | undefined): boolean {
  return byte !== undefined && !(isAlphanumeric(byte) && isAlphanumeric(wanted ?? 0));
}

function isAlphanumeric(byte: number): boolean {
  const letter = byte | 0x20;
  return byte < 0x80 && ((letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39));
}

/** The same for decoded text: the anchors of texts, of base64, and numbers. */
export function knownAnchors(heads: readonly Heads[], numbers: readonly string[]): readonly string[] {
  const anchors = heads.flatMap(({ texts, cores }) => [...texts, ...cores].map(anchorOf));
  return [...new Set([...numbers, ...anchors])];
}

/**
 * A run of ASCII letters and digits, at most 6 of them: a long one, and rather a random one than a word. It begins with
 * neither `n` nor `r`, for those behind a backslash look like a line break and would be taken out.
 */
function anchorOf(text: string): string {
  const runs = (text.match(/[A-Za-z0-9]+/g) ?? []).map((run) => run.replace(/^[nr]+/, '').slice(0, LONGEST_ANCHOR));
  return runs.reduce((best, run) => (rarityOf(run) > rarityOf(best) ? run : best), '');
}

function rarityOf(run: string): number {
  return run.length + (/[0-9]/.test(run) ? 3 : 0) + (/[a-z]/.test(run) && /[A-Z]/.test(run) ? 3 : 0);
}
