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

/** Undefined for anything but a canonical decimal from 0 to the largest safe integer. */
export function decimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
