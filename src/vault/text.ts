// The two spellings that the vault's lines use. Each value has one spelling only; any other is refused.

/** base64url without padding (RFC 4648 §5). */
export function encode(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/** Undefined for anything but the canonical spelling of bytes: Node itself accepts padding, other alphabets and stray bits. */
export function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** The same question without the bytes; the digits themselves have been checked. Bits of the last one that mean nothing are zero. */
export function isCanonicalBase64(text: string): boolean {
  const last = text.at(-1) ?? '';
  const over = text.length % 4;
  return over === 0 || (over === 2 && 'AQgw'.includes(last)) || (over === 3 && 'AEIMQUYcgkosw048'.includes(last));
}

/** Undefined for anything but a canonical decimal from 0 to the largest safe integer. */
export function decimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
