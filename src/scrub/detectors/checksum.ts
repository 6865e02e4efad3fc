// The end of a GitHub token: CRC-32 of the 30 characters before it in base 62 (github.blog: behind GitHub’s new token
// formats). It only raises confidence: most sample tokens that are shown in public do not carry a valid one.

import { crc32 } from './crc32.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 6;

/** Six characters for the body before them. */
export function githubChecksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < LENGTH) {
    text = (DIGITS[rest % 62] ?? '0') + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

export function hasChecksum(body: string): boolean {
  return body.length === 36 && githubChecksum(body.slice(0, 30)) === body.slice(30);
}
