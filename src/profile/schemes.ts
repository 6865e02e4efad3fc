// The schemes of references that resolve: what may stand after each. A new one is a line here and a provider in
// src/secrets/providers/.

export interface Scheme {
  /** What stands between `://` and `?`, decoded; the whole rest for `raw`. */
  readonly body: RegExp;
  /** The same in words, for messages. */
  readonly says: string;
  /** Keys that may stand after `?`. A key that ends in `*` stands for all that begin so. */
  readonly query?: readonly string[];
  /** What may stand after `#`: nothing, a field of ours, the name or number of a line, or a field or JSON pointer (RFC 6901). */
  readonly fragment: 'none' | 'field' | 'line' | 'pointer';
  /** `written`: neither body nor query is decoded; `raw`: all that stands there is the body; else percent-encoding is decoded once. */
  readonly spelling?: 'written' | 'raw';
  /** Another scheme that this is a spelling of. */
  readonly aliasOf?: string;
  readonly example: string;
}

/** No control characters; `%00` in a reference is one. */
const TEXT = /^\P{Cc}{1,1024}$/u;
const TWO_PARTS = /^(?:(?!\/)\P{Cc}){1,512}\/\P{Cc}{1,512}$/u;
const OP =
  /^(?:(?![/?])\P{Cc}){1,256}(?:\/(?:(?![/?])\P{Cc}){1,256}){2,3}(?:\?(?:attribute=otp|ssh-format=openssh))?$/u;
const KV = {
  body: /^[\w.-]+(?:\/[\w.@ +-]+)+$/,
  says: 'the mount and the path: vault://secret/app#password',
  query: ['version', 'ns', 'namespace', 'kv'],
  fragment: 'pointer',
} as const;
const KEYRING = {
  body: TWO_PARTS,
  says: 'SERVICE/ACCOUNT',
  fragment: 'pointer',
  example: 'keyring://github.com/ada',
} as const;

export const SCHEMES = {
  secret: {
    body: /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/,
    says: 'a secret\'s name: letters, digits, ".", "_", "/" and "-", at most 128',
    fragment: 'field',
    spelling: 'written',
    example: 'secret://db/postgres/dev#password',
  },
  op: {
    body: OP,
    says: 'vault/item/field or vault/item/section/field, and perhaps ?attribute=otp or ?ssh-format=openssh',
    fragment: 'none',
    spelling: 'raw',
    example: 'op://dev/github/token',
  },
  env: {
    body: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
    says: 'the name of a variable',
    fragment: 'pointer',
    example: 'env://GITHUB_TOKEN',
  },
  file: {
    body: TEXT,
    says: 'a path, relative to the profile or absolute',
    query: ['encode'],
    fragment: 'pointer',
    example: 'file:///run/secrets/token',
  },
  exec: {
    body: TEXT,
    says: 'a command: exec:///usr/bin/program?args=a,b, or exec://program/ARGUMENT',
    query: ['args', 'timeout', 'trim', 'env_*'],
    fragment: 'pointer',
    spelling: 'written',
    example: 'exec:///usr/local/bin/token?args=get,github',
  },
  keyring: KEYRING,
  keychain: { ...KEYRING, aliasOf: 'keyring' },
  pass: {
    body: TEXT,
    says: 'the path of an entry',
    fragment: 'line',
    example: 'pass://web/github.com',
  },
  vault: { ...KV, example: 'vault://secret/app#password' },
  bao: { ...KV, example: 'bao://secret/app#password' },
  openbao: { ...KV, aliasOf: 'bao', example: 'bao://secret/app#password' },
} as const satisfies Readonly<Record<string, Scheme>>;

export type SchemeName = keyof typeof SCHEMES;

export function schemeNamed(name: string): Scheme | undefined {
  const table: Readonly<Record<string, Scheme>> = SCHEMES;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
