// `ENC[v1,AESGCM,<base64>]`: how a sealed value is written.

export interface SealedText {
  /** Standard alphabet with padding (RFC 4648 §4), canonical: nonce 12 | ciphertext | tag 16. */
  readonly base64: string;
}

const SEALED = /^ENC\[v1,AESGCM,([A-Za-z0-9+/]{36,}={0,2})\]$/;
/** Nonce and tag, and one byte of text at least. */
const MIN_BYTES = 29;

/** A text says what is wrong; it repeats nothing. */
export function parseSealed(text: string): SealedText | string {
  if (/^ENC\[(?:PKCS7|CMS),/.test(text)) return 'sealed values of this kind are not launched from';
  const base64 = SEALED.exec(text)?.[1];
  if (base64 === undefined) return 'this is no sealed value: ENC[v1,AESGCM,…], as "secretctl seal" writes it';
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64 || bytes.length < MIN_BYTES) return 'this sealed value is cut off or changed';
  return { base64 };
}

export function formatSealed(sealed: Buffer): string {
  return `ENC[v1,AESGCM,${sealed.toString('base64')}]`;
}
