import { randomInt } from 'node:crypto';
import { SecretctlError } from '../errors.js';
import { usage } from './arguments.js';
import type { Command } from './command.js';
import { say } from './output.js';
import { requireEntry } from './secret-name.js';
import { withVault } from './with-vault.js';

const ALPHABETS = {
  alphanumeric: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  symbols: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~',
  hex: '0123456789abcdef',
  digits: '0123456789',
} as const;
type AlphabetName = keyof typeof ALPHABETS;

/** What the scrubber takes for strong: shorter ones are masked in fewer places. */
const MIN_BITS = 64;

export const generate: Command = {
  name: 'generate',
  summary: 'store a new random value, without showing it',
  usage: 'NAME [--field FIELD] [--length N] [--alphabet alphanumeric|symbols|hex|digits|CHARACTERS] [--replace]',
  details: `Each character is drawn evenly from the alphabet by the system's generator. At least ${MIN_BITS} bits.`,
  examples: ['secretctl generate session/key', 'secretctl generate db/postgres/dev --field password --length 40'],
  flags: {
    field: { type: 'string', value: 'FIELD', help: 'set this field, and keep the others' },
    length: { type: 'string', value: 'N', help: 'how many characters; 32 by default' },
    alphabet: { type: 'string', value: 'NAME', help: 'a name, or the characters themselves; alphanumeric by default' },
    replace: { type: 'boolean', help: 'take the place of a value that is there; it stays in the history' },
  },
  arguments: [1, 1],
  async run(host, args) {
    const name = args.positionals[0] ?? '';
    const length = lengthOf(args.text('length') ?? '32');
    const alphabet = alphabetOf(args.text('alphabet') ?? 'alphanumeric');
    const bits = Math.floor(length * Math.log2(alphabet.length));
    if (bits < MIN_BITS) throw usage(generate, `that gives ${bits} bits, and ${MIN_BITS} are the least`);
    const value = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
    const field = args.text('field');
    const change = field === undefined ? { value } : { fields: new Map([[field, value]]) };
    const entry = await withVault(host, async (vault) => {
      await vault.putAll((get) => {
        const before = get(name)?.value;
        const isThere = field === undefined ? before !== undefined : typeof before === 'object' && before.has(field);
        if (isThere && !args.has('replace')) throw taken(name, field);
        return new Map([[name, change]]);
      });
      return requireEntry(vault, name);
    });
    say(host, `generated ${name}${field === undefined ? '' : `#${field}`} (version ${entry.version}, ${bits} bits)`);
    return 0;
  },
};

function taken(name: string, field: string | undefined): SecretctlError {
  const what = field === undefined ? name : `${name}#${field}`;
  const hint = `secretctl generate ${name}${field === undefined ? '' : ` --field ${field}`} --replace`;
  return new SecretctlError('usage', `${what} has a value already`, hint);
}

function lengthOf(text: string): number {
  const length = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (length >= 1 && length <= 4096) return length;
  throw usage(generate, '--length is a number from 1 to 4096');
}

function alphabetOf(text: string): readonly string[] {
  const characters = Array.from(isAlphabet(text) ? ALPHABETS[text] : text);
  if (new Set(characters).size !== characters.length) throw usage(generate, 'the alphabet names a character twice');
  if (characters.length < 2 || characters.some((character) => /[\p{Cc}\p{Cs}]/u.test(character))) {
    throw usage(generate, '--alphabet is a name, or two printable characters or more');
  }
  return characters;
}

function isAlphabet(text: string): text is AlphabetName {
  return Object.hasOwn(ALPHABETS, text);
}
