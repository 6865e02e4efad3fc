// Set D, what databases and systems keep instead of a password. Each can be guessed offline, so each is a secret.

import type { Random } from '../random.js';
import type { Form } from './database.js';

const base64 = (random: Random, length: number): string => random.bytes(length).toString('base64');

const MAKERS: Readonly<Record<string, (random: Random) => { before: string; secret: string; after?: string }>> = {
  'SCRAM-SHA-256': (random) => ({
    before: `SCRAM-SHA-256$4096:${base64(random, 16)}$`,
    secret: `${base64(random, 32)}:${base64(random, 32)}`,
  }),
  'md5 of PostgreSQL': (random) => ({ before: 'md5', secret: random.text('hex', 32) }),
  'MySQL native': (random) => ({ before: '*', secret: random.text('HEX', 40) }),
  'MySQL caching_sha2': (random) => ({
    before: '$A$005$',
    secret: random.text('crypt', 20) + random.text('crypt', 43),
  }),
  'bcrypt 2a': (random) => ({ before: '$2a$12$', secret: random.text('crypt', 53) }),
  'bcrypt 2b': (random) => ({ before: '$2b$10$', secret: random.text('crypt', 53) }),
  'bcrypt 2y': (random) => ({ before: '$2y$10$', secret: random.text('crypt', 53) }),
  argon2id: (random) => argon2(random, 'id'),
  argon2i: (random) => argon2(random, 'i'),
  argon2d: (random) => argon2(random, 'd'),
  sha512crypt: (random) => ({ before: `$6$${random.text('crypt', 16)}$`, secret: random.text('crypt', 86) }),
  'sha512crypt, rounds': (random) => ({
    before: `$6$rounds=5000$${random.text('crypt', 16)}$`,
    secret: random.text('crypt', 86),
  }),
  sha256crypt: (random) => ({ before: `$5$${random.text('crypt', 16)}$`, secret: random.text('crypt', 43) }),
  md5crypt: (random) => ({ before: `$1$${random.text('crypt', 8)}$`, secret: random.text('crypt', 22) }),
  apr1: (random) => ({ before: `app:$apr1$${random.text('crypt', 8)}$`, secret: random.text('crypt', 22) }),
  yescrypt: (random) => ({ before: `$y$j9T$${random.text('crypt', 22)}$`, secret: random.text('crypt', 43) }),
  'scrypt of crypt(3)': (random) => ({
    before: `$7$CU..../....${random.text('crypt', 22)}$`,
    secret: random.text('crypt', 43),
  }),
  scrypt: (random) => ({ before: `$scrypt$ln=16,r=8,p=1$${random.text('b64', 22)}$`, secret: random.text('b64', 43) }),
  'pbkdf2 of Django': (random) => ({
    before: `pbkdf2_sha256$600000$${random.text('b62', 22)}$`,
    secret: base64(random, 32),
  }),
  SSHA: (random) => ({ before: '{SSHA}', secret: base64(random, 28) }),
};

export const VERIFIERS: readonly Form[] = Object.entries(MAKERS).flatMap(([name, make]) =>
  surroundings().map((around) => ({
    row: `verifier, ${name}`,
    make: (random: Random) => {
      const { before, secret } = make(random);
      return { text: around(`${before}${secret}`), secrets: [secret] };
    },
  })),
);

function argon2(random: Random, kind: string): { before: string; secret: string } {
  return { before: `$argon2${kind}$v=19$m=65536,t=3,p=4$${random.text('b64', 22)}$`, secret: random.text('b64', 43) };
}

function surroundings(): ((verifier: string) => string)[] {
  return [
    (verifier) => ` app | ${verifier} | t`,
    (verifier) => JSON.stringify({ usename: 'app', passwd: verifier }),
    (verifier) => `ALTER ROLE app PASSWORD '${verifier}';`,
  ];
}
