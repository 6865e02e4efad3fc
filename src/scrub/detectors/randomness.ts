// Whether the body of a token is random, as a real one is, or an example of documentation.

const WORDS = /EXAMPLE|(?:your|my|the|some)[_-](?:token|key|secret|api)|REDACTED|placeholder|0{10}|[xX]{6}|\*{3}|\.{3}/;
const FEWEST_DIFFERENT = 5;

/** A body with a word of an example in it, or made of hardly any different characters: there is nothing to hide. */
export function isSample(body: string): boolean {
  return WORDS.test(body) || new Set(body).size < Math.min(FEWEST_DIFFERENT, body.length);
}

/** Whether a token with a short or common prefix is more than a name: a digit in it, and characters that differ enough. */
export function looksRandom(text: string): boolean {
  return /[0-9]/.test(text) && /[A-Za-z]/.test(text) && entropyOf(text) >= 3;
}

/**
 * Whether a longer text is drawn at random rather than put together of words and numbers: letters and digits take turns in
 * it, and so do small and capital letters. Of `getUser2` a word begins with each capital letter: it counts once.
 */
export function looksDrawn(text: string): boolean {
  const numbers = text.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
  const capitals = text.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  return numbers >= 3 && numbers + capitals >= text.length / 8 && looksRandom(text);
}

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
