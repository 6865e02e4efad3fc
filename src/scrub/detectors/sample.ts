// Text that looks random and is the same in every run: bodies of example credentials, which no file may hold.

/** `size` characters of an alphabet given as the inside of a character class; at least one digit where it has digits. */
export function sample(alphabet: string, size: number, start = 1): string {
  const characters = charactersOf(alphabet);
  const next = generator(start * 7919 + size);
  const text = Array.from({ length: size }, () => characters[next(characters.length)]).join('');
  return characters.includes('7') && size > 2 ? `${text.slice(0, 1)}7${text.slice(2)}` : text;
}

function charactersOf(alphabet: string): readonly string[] {
  const inside = new RegExp(`[${alphabet}]`);
  return Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).filter((one) => inside.test(one));
}

/** xorshift32 (Marsaglia, 2003). */
function generator(start: number): (limit: number) => number {
  let state = Math.imul(start, 2654435761) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 8) % limit;
  };
}
