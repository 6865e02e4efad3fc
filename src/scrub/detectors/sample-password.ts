// Credentials for the examples of the detectors, made when they are asked for.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The same text in every run (xorshift32). */
export function sampleText(length: number, alphabet = LETTERS, start = 2463534242): string {
  let state = start;
  return Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return alphabet[(state >>> 0) % alphabet.length];
  }).join('');
}

/** A password with a letter of each case, a digit and punctuation that no form has to escape. */
export function samplePassword(): string {
  return `${sampleText(7)}-4k!${sampleText(5, LETTERS, 7)}`;
}

/** An example of a match: the mask in place of the first `PW` in a pattern. */
export function hit(pattern: string, mask = samplePassword()): { readonly text: string; readonly mask: string } {
  return { text: pattern.replace(/PW(?!D)/, () => mask), mask };
}
