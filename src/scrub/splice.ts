// Replaces ranges of a line's bytes; everything between them is copied as it is.

export interface ByteEdit {
  readonly start: number;
  readonly end: number;
  /** A character for each byte (latin1). */
  readonly mask: string;
  readonly name: string;
}

/** The bytes with every edit made. Edits must be in order and must not overlap. */
export function splice(bytes: Buffer, edits: readonly Omit<ByteEdit, 'name'>[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, mask } of edits) {
    parts.push(bytes.subarray(at, start), Buffer.from(mask, 'latin1'));
    at = end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}
