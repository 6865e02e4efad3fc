// Passwords in statements: roles and users, mappings, subscriptions, and what the dialects add.

import type { Range } from '../sequence.js';
import type { Detector } from './detector.js';
import { hit } from './sample-password.js';
import { isPlaceholder } from './value-placeholder.js';
import { isCredential, quotedAt } from './value.js';
import { isFollowedBySpace, isSqlGiven } from './quick.js';

const CONTEXT =
  /\b(?:create|alter|grant|set|with|encrypted|unencrypted|login|options|user|role|from|connection|identified|mapping|secret)\b/i;
/** Required in front: the word would match in prose and in other languages. */
const LITERAL = /\s{1,8}(?=(?:N|E|U&)?'|\\{1,15}')/y;
const ASSIGNED =
  /(?:\s{0,8}(?:\bfor\b[^=;]{1,80})?\s{0,8}=\s{0,8}(?:old_)?(?:password\s?)?\(?|\s?\()\s{0,4}(?=(?:N|E)?')/iy;
const DOLLAR = /\s{1,8}(\$\w{0,20}\$)/y;

const STATEMENT_BEFORE = /\b(?:create|alter|set|grant)\b/i;
/** `const password = '…'` is no statement. */
const OPTION_BEFORE = /(?:\b(?:set|with|add|alter)\s{1,8}|[,(]\s{0,8})$/i;

/** `PASSWORD 'x'`, `SET PASSWORD [FOR u] = 'x'`, `WITH PASSWORD = N'x'`, `PASSWORD $$x$$`. */
function findPassword(text: string, at: number, anchor: string): Range | undefined {
  // A keyword stands alone: `getSecret('x')` is a call.
  if (/[\w.]/.test(text[at - 1] ?? '')) return undefined;
  const end = at + anchor.length;
  const hasContext = CONTEXT.test(text.slice(Math.max(0, at - 160), at));
  const isOption =
    OPTION_BEFORE.test(text.slice(Math.max(0, at - 12), at)) &&
    STATEMENT_BEFORE.test(text.slice(Math.max(0, at - 160), at));
  const quoted = literalAfter(text, end, LITERAL) ?? (isOption ? literalAfter(text, end, ASSIGNED) : undefined);
  const found = quoted ?? (hasContext ? dollarQuoted(text, end) : undefined);
  if (found === undefined) return undefined;
  const value = text.slice(found.start, found.end);
  if (isPlaceholder(value)) return undefined;
  return hasContext || /^[A-Z_]+$/.test(text.slice(at, end)) || isCredential(value, true) ? found : undefined;
}

function literalAfter(text: string, at: number, gap: RegExp): Range | undefined {
  gap.lastIndex = at;
  return gap.test(text) ? quotedAt(text, gap.lastIndex) : undefined;
}

function dollarQuoted(text: string, at: number): Range | undefined {
  DOLLAR.lastIndex = at;
  const tag = DOLLAR.exec(text)?.[1];
  if (tag === undefined) return undefined;
  const start = DOLLAR.lastIndex;
  const length = text.slice(start, start + 512).indexOf(tag);
  return length > 0 ? { start, end: start + length } : undefined;
}

const QUOTE = String.raw`\\{0,15}["'\x60]`;
const PLUGIN = `(?:(?:with|via)\\s{1,8}(?:${QUOTE})?[\\w@.]{1,60}(?:${QUOTE})?\\s{1,8})?`;
const IDENTIFIED = new RegExp(
  `\\s{1,8}${PLUGIN}(?:by|as|using)\\s{1,8}(?:(?:password|values|hash)\\b\\s{0,8}\\(?\\s{0,4})?`,
  'iy',
);
const STATEMENT =
  /\b(?:create|alter)\s{1,8}user\s{1,8}\S{1,64}\s{1,8}$|\bgrant\b[^;]{1,120}\bto\s{1,8}\S{1,64}\s{1,8}$/i;

/** Oracle takes the password without quotes; prose is "identified by" many things, so the statement must stand before. */
function findIdentified(text: string, at: number, anchor: string): Range | undefined {
  IDENTIFIED.lastIndex = at + anchor.length;
  if (!IDENTIFIED.test(text)) return undefined;
  const start = IDENTIFIED.lastIndex;
  const before = text.slice(Math.max(0, at - 240), at);
  const isStatement = /\b(?:create|alter|grant|user|role|login)\b/i.test(before);
  const bare = STATEMENT.test(before) ? /^[\w$#@!%^&*+=.:-]{1,64}/.exec(text.slice(start, start + 64))?.[0] : undefined;
  const quoted = isStatement || isLoud(text, at) ? quotedAt(text, start) : undefined;
  const found = quoted ?? (bare === undefined ? undefined : { start, end: start + bare.length });
  return found === undefined || text[found.start - 1] === '`' || isPlaceholder(text.slice(found.start, found.end))
    ? undefined
    : found;
}

/** Keywords are written so; prose is not. */
function isLoud(text: string, at: number): boolean {
  return text.startsWith('IDENTIFIED', at);
}

/** `… IDENTIFIED BY 'new' REPLACE 'old'`. */
function findReplaced(text: string, at: number, anchor: string): Range | undefined {
  if (!/\bidentified\b/i.test(text.slice(Math.max(0, at - 240), at))) return undefined;
  const found = literalAfter(text, at + anchor.trimEnd().length - 2, LITERAL);
  return found === undefined || isPlaceholder(text.slice(found.start, found.end)) ? undefined : found;
}

/** `crypt('x', gen_salt('bf'))` of pgcrypto, `PASSWORD('x')` of MySQL has its own. */
function findCrypted(text: string, at: number, anchor: string): Range | undefined {
  const found = quotedAt(text, at + anchor.length - 1);
  if (
    found === undefined ||
    !/^'\s?,\s?(?:gen_salt|[a-z_]*(?:hash|passw))/i.test(text.slice(found.end, found.end + 40))
  )
    return undefined;
  return isPlaceholder(text.slice(found.start, found.end)) ? undefined : found;
}

export const SQL_DETECTORS: readonly Detector[] = [
  {
    name: 'sql-password',
    anchors: ['password', 'secret_access_key', 'secret'],
    anyCase: true,
    find: findPassword,
    quick: isSqlGiven,
    isWord: true,
    examples: () => ({
      match: [
        hit("CREATE ROLE app LOGIN PASSWORD 'PW'"),
        hit("ALTER USER app WITH ENCRYPTED PASSWORD 'PW' VALID UNTIL 'infinity'"),
        hit("create user app password 'PW';"),
        hit("CREATE ROLE app PASSWORD 'PW'", "it''s 4 secret"),
        hit("SET PASSWORD = 'PW'"),
        hit("SET PASSWORD FOR 'app'@'%' = 'PW'"),
        hit("SET PASSWORD FOR app = PASSWORD('PW')"),
        hit("CREATE LOGIN app WITH PASSWORD = N'PW', CHECK_POLICY = ON"),
        hit("CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'u', password 'PW')"),
        hit('ALTER ROLE app PASSWORD $$PW$$'),
        hit("ACCESS_KEY_ID 'ABCD' SECRET_ACCESS_KEY 'PW'"),
        hit("CREATE ROLE app PASSWORD 'PW'", 'correct horse battery'),
        hit("CREATE SECRET s (TYPE s3, SECRET 'PW')"),
      ],
      clean: [
        "CREATE ROLE app PASSWORD '****'",
        "ALTER ROLE app PASSWORD '<password>'",
        "ALTER ROLE app PASSWORD '${PASSWORD}'",
        'ALTER ROLE app PASSWORD NULL',
        'CREATE TABLE t (password text NOT NULL)',
        'password authentication failed for user "app"',
        "the password 'must be changed' soon",
        "CREATE ROLE app PASSWORD '[REDACTED:db]'",
        "IDENTIFIED BY PASSWORD 'changeme'",
      ],
    }),
    source:
      'postgresql.org/docs sql-createrole, sql-createusermapping; dev.mysql.com set-password; learn.microsoft.com create-login',
  },
  {
    name: 'sql-identified-by',
    anchors: ['identified'],
    anyCase: true,
    find: findIdentified,
    quick: isFollowedBySpace,
    examples: () => ({
      match: [
        hit("CREATE USER 'app'@'%' IDENTIFIED BY 'PW'"),
        hit("ALTER USER app IDENTIFIED WITH mysql_native_password BY 'PW'"),
        hit("CREATE USER app IDENTIFIED WITH 'caching_sha2_password' AS 'PW'"),
        hit("GRANT ALL ON *.* TO 'app'@'%' IDENTIFIED BY PASSWORD 'PW'"),
        hit("CREATE USER app IDENTIFIED VIA mysql_native_password USING PASSWORD('PW')"),
        hit('CREATE USER app IDENTIFIED BY "PW"'),
        hit('create user app identified by PW;', 'Tiger4Scott'),
        hit("ALTER USER app IDENTIFIED BY VALUES 'PW'"),
      ],
      clean: [
        'a row is identified by its key',
        'users are identified by name and date',
        "IDENTIFIED BY '****'",
        "CREATE USER app IDENTIFIED BY '<password>'",
        'CREATE USER app IDENTIFIED EXTERNALLY',
        'CREATE USER app IDENTIFIED BY password',
      ],
    }),
    source: 'dev.mysql.com/doc create-user; mariadb.com/kb create-user; docs.oracle.com CREATE USER',
  },
  {
    name: 'sql-replaced-password',
    anchors: ["replace '"],
    anyCase: true,
    find: findReplaced,
    examples: () => ({
      match: [hit("ALTER USER app IDENTIFIED BY 'x' REPLACE 'PW'")],
      clean: ["SELECT replace('a', 'b')", "ALTER USER app IDENTIFIED BY 'x' REPLACE '***'"],
    }),
    source: 'dev.mysql.com/doc alter-user',
  },
  {
    name: 'sql-crypt-argument',
    anchors: ["crypt('"],
    anyCase: true,
    find: findCrypted,
    examples: () => ({
      match: [hit("UPDATE u SET pw = crypt('PW', gen_salt('bf'))")],
      clean: ["SELECT crypt('password', gen_salt('bf'))", "encrypt('data', 'key')"],
    }),
    source: 'postgresql.org/docs pgcrypto',
  },
];
