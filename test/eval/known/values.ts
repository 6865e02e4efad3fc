// Set K, values: strong ones, as people and vendors make them. A weak word is masked in context only, and not judged here.

import type { Random } from '../random.js';

export interface Value {
  readonly kind: string;
  readonly text: string;
  /** The parts that must not be recoverable: the password of a URL, the body of a key. */
  readonly secrets: readonly string[];
}

const PER_KIND = 16;

type Make = (random: Random) => { readonly text: string; readonly secrets?: readonly string[] };

const KINDS: Readonly<Record<string, Make>> = {
  'letters and digits, 12': (random) => ({ text: random.text('b62', 12) }),
  'letters and digits, 20': (random) => ({ text: random.text('b62', 20) }),
  'letters and digits, 40': (random) => ({ text: random.text('b62', 40) }),
  'base64 alphabet': (random) => ({ text: `${random.text('b64', 20, 43)}+/${random.text('b64', 4)}=` }),
  punctuation: (random) => ({ text: mixed(random, '!@^*()_-+=[]{};:,.?~|') }),
  'quotes, backslashes, markup': (random) => ({ text: mixed(random, `"'\\<>&/\``) }),
  'dollar, hash, percent': (random) => ({ text: mixed(random, '$#%') }),
  spaces: (random) => ({ text: Array.from({ length: 4 }, () => random.text('b62', 4, 7)).join(' ') }),
  'not ASCII': (random) => ({ text: mixed(random, 'äöüßéñçøжд中文字🔑€') }),
  'repeats itself': (random) => ({ text: overlapping(random) }),
  digits: (random) => ({ text: `${random.between(1, 9)}${random.text('d', 13)}` }),
  URL: url,
  'several lines': pem,
};

export function makeValues(random: Random, perKind = PER_KIND): Value[] {
  return Object.entries(KINDS).flatMap(([kind, make]) =>
    Array.from({ length: perKind }, () => {
      const { text, secrets = [text] } = make(random);
      return { kind, text, secrets };
    }),
  );
}

/** Ends are plain: a value is trimmed where it is read, and a mark at its end would be judged with its neighbour. */
function mixed(random: Random, marks: string): string {
  const middle = Array.from({ length: 5 }, () => random.pick(Array.from(marks)) + random.text('b62', 2, 4)).join('');
  return random.text('b62', 2) + middle;
}

function overlapping(random: Random): string {
  const part = random.text('b62', 3);
  return `${part}${part}${random.text('b62', 2)}${part}${part}${part}${random.text('b62', 3)}`;
}

function url(random: Random): { text: string; secrets: string[] } {
  const password = random.text('b62', 10) + random.pick(Array.from('!/@:#%&')) + random.text('b62', 8);
  const scheme = random.pick(['postgresql', 'mysql', 'mongodb+srv', 'rediss', 'amqp']);
  return { text: `${scheme}://app:${encodeURIComponent(password)}@db.internal:5432/shop`, secrets: [password] };
}

/** The frame of a key is public; each line of its body is not. */
function pem(random: Random): { text: string; secrets: string[] } {
  const lines = [64, 64, 64, 40].map((length) => random.text('b64', length));
  const name = ['PRIVATE', 'KEY'].join(' ');
  return { text: [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join('\n'), secrets: lines };
}
