// Anchors as data, so that a launch needs no detector before an anchor of one stands in a line.

import type { Detector } from './detector.js';
import type { Anchors, Use } from './literals.js';

/** Texts one behind the other, a line each; and in the order of them, a line each, who asked for them. */
export interface Packed {
  readonly literals: string;
  /** A digit for each literal: 1 for any letter case, 2 for a word. */
  readonly kinds: string;
  readonly literalUses: string;
  readonly prefixes: string;
  readonly prefixUses: string;
  readonly names: string;
  readonly nameUses: string;
}

export function pack(anchors: Anchors, detectors: readonly Detector[]): Packed {
  const usesBy = (texts: readonly unknown[], usesAt: (index: number) => readonly Use[]): string =>
    texts.map((_, index) => usesAt(index).map(packedUse).join(' ')).join('\n');
  const packedUse = ({ detector, anchor, offset }: Use): string =>
    [detectors.indexOf(detector), detector.anchors.indexOf(anchor), offset].join(',');
  const { literals, prefixes, names } = anchors;
  return {
    literals: lines(literals.map(({ text }) => text)),
    kinds: literals.map(({ anyCase, isWord }) => (anyCase === true ? 1 : 0) + (isWord === true ? 2 : 0)).join(''),
    literalUses: usesBy(literals, anchors.literalUses),
    prefixes: lines(prefixes),
    prefixUses: usesBy(prefixes, anchors.prefixUses),
    names: lines(names),
    nameUses: usesBy(names, anchors.nameUses),
  };
}

function lines(texts: readonly string[]): string {
  if (texts.some((text) => text.includes('\n'))) throw new RangeError('no anchor has a line break in it');
  return texts.join('\n');
}

/** `detectors` is asked at the first use of any of them. */
export function unpack(packed: Packed, detectors: () => readonly Detector[]): Anchors {
  const kinds = packed.kinds;
  return {
    literals: packed.literals.split('\n').map((text, index) => {
      const kind = kinds.charCodeAt(index);
      return { text, anyCase: (kind & 1) !== 0, isWord: (kind & 2) !== 0 };
    }),
    literalUses: usesIn(packed.literalUses, detectors),
    prefixes: packed.prefixes.split('\n'),
    prefixUses: usesIn(packed.prefixUses, detectors),
    names: packed.names.split('\n'),
    nameUses: usesIn(packed.nameUses, detectors),
  };
}

function usesIn(packed: string, detectors: () => readonly Detector[]): (index: number) => readonly Use[] {
  const known: (readonly Use[])[] = [];
  let rows: readonly string[] | undefined;
  return (index) => {
    rows ??= packed.split('\n');
    const uses = known[index] ?? usesOf(rows[index] ?? '', detectors());
    known[index] = uses;
    return uses;
  };
}

function usesOf(row: string, detectors: readonly Detector[]): readonly Use[] {
  if (row === '') return [];
  return row.split(' ').map((use) => {
    const [place = 0, of = 0, offset = 0] = use.split(',').map(Number);
    const detector = detectors[place];
    const anchor = detector?.anchors[of];
    if (detector === undefined || anchor === undefined)
      throw new RangeError('the anchors are those of other detectors');
    return { detector, anchor, offset };
  });
}
