// `ENC[v1,AESGCM,<base64>]`: how a sealed value is written. `ENC[CMS,<base64>]`: a value that OpenSSL alone opens, too.

export interface SealedText {
  /** `v1`: under the profile key. `CMS`: a message of its own for whoever may read it. */
  readonly kind: 'v1' | 'CMS';
  /** v1: nonce 12 | ciphertext | tag 16. CMS: DER of an AuthEnvelopedData (RFC 5083). */
  readonly bytes: Buffer;
}

/** Standard alphabet with padding (RFC 4648 §4), canonical. */
const SEALED = /^ENC\[(v1,AESGCM|CMS),([A-Za-z0-9+/]{36,}={0,2})\]$/;
/** Nonce and tag, and one byte of text at least. */
const MIN_BYTES = 29;

/** A text says what is wrong; it repeats nothing. */
export function parseSealed(text: string): SealedText | string {
  if (text.startsWith('ENC[PKCS7,')) {
    return 'sealed values of this kind are not launched from: secretctl import FILE --from eyaml';
  }
  const [, kind, base64] = SEALED.exec(text) ?? [];
  if (kind === undefined || base64 === undefined) {
    return 'this is no sealed value: ENC[v1,AESGCM,…], as "secretctl seal" writes it';
  }
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64 || bytes.length < MIN_BYTES) return 'this sealed value is cut off or changed';
  return { kind: kind === 'CMS' ? 'CMS' : 'v1', bytes };
}

export function formatSealed({ kind, bytes }: SealedText): string {
  return `ENC[${kind === 'v1' ? 'v1,AESGCM' : kind},${bytes.toString('base64')}]`;
}
