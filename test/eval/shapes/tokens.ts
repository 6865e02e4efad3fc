// Tokens of a family, made while the program runs: none stands in a file.

import { ALPHABETS } from '../random.js';
import type { Alphabet, Random } from '../random.js';
import { FAMILIES } from './families.js';

export interface Token {
  readonly family: string;
  readonly text: string;
  /** The name that stands beside it, when the shape alone says nothing. */
  readonly label?: string;
  /** What must not be recoverable: all behind the prefix. */
  readonly secrets: readonly string[];
}

export interface TokenFamily {
  readonly name: string;
  readonly make: (random: Random) => Token;
}

export const TOKEN_FAMILIES: readonly TokenFamily[] = [
  ...FAMILIES.map(({ name, pattern, label }) => ({
    name,
    make: (random: Random): Token => {
      const { text, from } = fill(pattern, random);
      return { family: name, text, secrets: [text.slice(from)], ...(label === undefined ? {} : { label }) };
    },
  })),
  ...Object.entries<(random: Random) => { text: string; secrets: string[] }>({
    JWT: jwt,
    // The first part is the number of the bot's account, in base64.
    'Discord bot': (random) => {
      const account = Buffer.from(`1${random.text('d', 18)}`).toString('base64url');
      const rest = `${random.text('w', 6)}.${random.text('w', 38)}`;
      return { text: `${account}.${rest}`, secrets: [rest] };
    },
    'JWT without a signature': (random) => {
      const text = jwt(random).text.replace(/[^.]*$/, '');
      return { text, secrets: [text.split('.')[1] ?? ''] };
    },
    'private key': (random) => key(random, ['PRIVATE', 'KEY']),
    'private key, RSA': (random) => key(random, ['RSA', 'PRIVATE', 'KEY']),
    'private key, OpenSSH': (random) => key(random, ['OPENSSH', 'PRIVATE', 'KEY']),
    'private key, cut off': (random) => {
      const { text, secrets } = key(random, ['EC', 'PRIVATE', 'KEY']);
      return { text: text.slice(0, 160), secrets: secrets.slice(0, 1) };
    },
    'PGP key': (random) => key(random, ['PGP', 'PRIVATE', 'KEY', 'BLOCK']),
    otpauth: (random) => {
      const secret = random.text('b32', 32);
      return { text: `otpauth://totp/acme:ann?${['secret', secret].join('=')}`, secrets: [secret] };
    },
    Kerberos: (random) => {
      const secret = random.text('hex', 200);
      return { text: `$krb5tgs$23$*svc$ACME$http/web*$${secret.slice(0, 32)}$${secret.slice(32)}`, secrets: [secret] };
    },
  }).map(([name, make]) => ({ name, make: (random: Random): Token => ({ family: name, ...make(random) }) })),
];

/** The text, and where its first random part begins. */
function fill(pattern: string, random: Random): { text: string; from: number } {
  let from: number | undefined;
  let text = '';
  let at = 0;
  for (const part of pattern.matchAll(/\{(\w+):(\d+)\}/g)) {
    text += pattern.slice(at, part.index);
    from ??= text.length;
    text += random.text(alphabet(part[1] ?? ''), Number(part[2]));
    at = part.index + part[0].length;
  }
  return { text: text + pattern.slice(at), from: from ?? 0 };
}

/** A typing error in the table must not pass as a family that is always found. */
function alphabet(name: string): Alphabet {
  if (name in ALPHABETS) return name as Alphabet;
  throw new Error(`no alphabet ${name}`);
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The header says nothing; the claims and the signature do. */
function jwt(random: Random): { text: string; secrets: string[] } {
  const payload = part({
    sub: random.text('d', 10),
    name: random.text('a', 8),
    iat: 1_700_000_000 + random.below(1e8),
  });
  const signature = random.text('w', 43);
  return { text: `${part({ alg: 'HS256', typ: 'JWT' })}.${payload}.${signature}`, secrets: [payload, signature] };
}

/** The frame names the kind of key and stays; no line of the body may. */
function key(random: Random, words: readonly string[]): { text: string; secrets: string[] } {
  const lines = [64, 64, 64, 64, 44].map((length) => random.text('b64', length));
  const name = words.join(' ');
  return { text: [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join('\n'), secrets: lines };
}
