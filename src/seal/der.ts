// DER (X.690) by node-forge, whose strings are bytes in Latin-1: the few shapes that seals are made of.

import asn1, { type Asn1 } from 'node-forge/lib/asn1.js';

export type Node = Asn1;

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
/** Deeper than any message of ours. */
const MAX_DEPTH = 16;

export function sequence(...items: Node[]): Node {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, items);
}

/** SET OF: DER wants its items in the order of their bytes. */
export function setOf(items: readonly Node[]): Node {
  const sorted = items
    .map((item) => ({ item, bytes: toDer(item) }))
    .toSorted((one, other) => Buffer.compare(one.bytes, other.bytes));
  return asn1.create(
    UNIVERSAL,
    asn1.Type.SET,
    true,
    sorted.map(({ item }) => item),
  );
}

export function oid(dotted: string): Node {
  return asn1.create(UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());
}

/** Small and not negative. */
export function integer(value: number): Node {
  return asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

export function octets(bytes: Buffer): Node {
  return asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, bytes.toString('latin1'));
}

export function nothing(): Node {
  return asn1.create(UNIVERSAL, asn1.Type.NULL, false, '');
}

/** `[tag] EXPLICIT`. */
export function explicit(tag: number, inner: Node): Node {
  return asn1.create(CONTEXT_SPECIFIC, tag, true, [inner]);
}

/** `[tag] IMPLICIT OCTET STRING`. */
export function implicitOctets(tag: number, bytes: Buffer): Node {
  return asn1.create(CONTEXT_SPECIFIC, tag, false, bytes.toString('latin1'));
}

export function toDer(node: Node): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** Undefined for what is no DER. Whether it is the one encoding of what it says is for the caller to find out. */
export function fromDer(bytes: Buffer): Node | undefined {
  try {
    const options = { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: MAX_DEPTH };
    return asn1.fromDer(bytes.toString('latin1'), options);
  } catch {
    return undefined;
  }
}

/** What stands inside; none for a value. */
export function itemsOf(node: Node | undefined): readonly Node[] {
  const value: unknown = node?.value;
  return Array.isArray(value) ? value : [];
}

/** The node at a path of indexes. */
export function at(node: Node | undefined, ...path: number[]): Node | undefined {
  return path.reduce<Node | undefined>((place, index) => itemsOf(place)[index], node);
}

/** The bytes of a value; none of what holds other nodes. */
export function bytesOf(node: Node | undefined): Buffer {
  const value: unknown = node?.value;
  return Buffer.from(typeof value === 'string' ? value : '', 'latin1');
}
