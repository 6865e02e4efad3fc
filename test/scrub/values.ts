// Known values of every class, made from a fixed start value so that no file holds anything that looks like a credential.

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A small generator with a fixed start value (xorshift32): the same values in every run. */
export function generator(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

export function randomText(length: number, alphabet = ALNUM, start = 2463534242): string {
  const next = generator(start + length);
  return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
}

const body = randomText(9);
const tail = randomText(11, ALNUM, 77);

/** Class → value. All of these are strong. */
export const STRONG: Readonly<Record<string, string>> = {
  'random 12': randomText(12),
  'random 20': randomText(20),
  'random 40': randomText(40),
  'random 120': randomText(120),
  'hex 64': randomText(64, '0123456789abcdef'),
  'base64 with + and /': `${randomText(7)}+${randomText(6)}/${randomText(9, ALNUM, 5)}+/8=`,
  'prefixed token': ['gh', 'p_', randomText(36)].join(''),
  punctuation: `!${body}@#^*()=${tail}~`,
  'quotes and brackets': `${body}"<&'>\\${tail}`,
  'begins with a quote': `"${body}${tail}`,
  'begins with a backslash': `\\${body}${tail}`,
  'ends with a backslash': `${body}${tail}\\`,
  'runs of quotes and backslashes': `${body}''""\\\\''$$${tail}`,
  'dollar, hash, percent': `$${body}#%${tail}%41$`,
  spaces: `${body} and ${tail} yes`,
  'latin, composed': `p\u00e4ssw\u00f6rt-\u00e9\u00e8-${tail}`,
  'latin, decomposed': `p\u00e4ssw\u00f6rt-\u00e9\u00e8-${tail}`.normalize('NFD'),
  cyrillic: `\u043f\u0430\u0440\u043e\u043b\u044c-${tail}`,
  'beyond the basic plane': `\u{1f511}${body}\u{1f600}${tail}`,
  ideographs: `\u5bc6\u7801${body}\u5bc6\u7801${tail}`,
  'self-overlapping aab': `aab${'aab'.repeat(3)}${body}aab`,
  'self-overlapping abcabd': `abcabd${body}abcabdabcabd9`,
  'digits 20': randomText(20, '0123456789'),
  'begins with n': `nr${body}${tail}`,
  'uri password': `p@ss:w/rd?${tail}`,
  'holds REDACTED': `[REDACTED:${body}]${tail}`,
};

export const MEDIUM: Readonly<Record<string, string>> = {
  'word and digits': 'sunflower22',
  'capitalised word': 'Bluebonnet',
  'digits 8': '73519428',
};

export const WEAK: Readonly<Record<string, string>> = {
  common: 'postgres',
  'four characters': 'x7Qz',
};
