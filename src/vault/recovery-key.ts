// A recovery key as people write it down: 256 bits in Crockford's base32, a check symbol, groups of four.
// https://www.crockford.com/base32.html

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Symbols of the check alone. */
const CHECK = `${DIGITS}*~$=U`;
const LENGTH = 52;
const MODULUS = 37n;

/** 32 bytes → `XXXX-XXXX-…-C`. */
export function formatRecoveryKey(key: Buffer): string {
  let number = BigInt(`0x${key.toString('hex')}`);
  const check = CHECK[Number(number % MODULUS)] ?? '';
  let digits = '';
  for (let left = LENGTH; left > 0; left--) {
    digits = (DIGITS[Number(number & 31n)] ?? '') + digits;
    number >>= 5n;
  }
  return [...(digits.match(/.{4}/g) ?? []), check].join('-');
}

/** Undefined for what is none: a passphrase, or a key with a typing mistake. Case, hyphens and spaces do not matter. */
export function parseRecoveryKey(text: string): Buffer | undefined {
  const symbols = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  if (symbols.length !== LENGTH + 1) return undefined;
  let number = 0n;
  for (const symbol of symbols.slice(0, LENGTH)) {
    const digit = DIGITS.indexOf(symbol);
    if (digit === -1) return undefined;
    number = number * 32n + BigInt(digit);
  }
  if (CHECK.indexOf(symbols.slice(LENGTH)) !== Number(number % MODULUS) || number >> 256n !== 0n) return undefined;
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}
