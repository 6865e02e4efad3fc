// Connection URIs: the password before the host, a token in its place, passwords in the query, and Oracle's own form.

import type { Range } from '../sequence.js';
import { startOfName } from './assignment.js';
import type { Detector } from './detector.js';
import { hit, samplePassword, sampleText } from './sample-password.js';
import { isPlaceholder } from './value-placeholder.js';
import { quotedAt } from './value.js';
import { hasUser, isParameter } from './quick.js';

const REACH = 640;
/** JSON may escape slashes, and JSON in JSON the backslashes too: the last stands for three of them and more. */
const MARKS = ['://', ':\\/\\/', ':\\\\/\\\\/', ':\\\\\\'];
const SCHEME = /([A-Za-z][A-Za-z0-9+.-]{0,30})$/;
/** A path may hold `@`; so beyond the first slash a password is sought only where the web has no say. */
const WEB = /^(?:https?|wss?|s?ftp|ssh|git|file|svn)(?:\+|$)|\+https?$/i;
const RUN = /(?:[^\s"'`<>\\]|\\(?=[^\s"'`\\nrtu/])|\$\{[^}]{0,64}\}|<[A-Za-z_ -]{1,40}>)+/y;
const USER = /^(?:[^\s:/?#@[\]]|%[0-9A-Fa-f]{2}|\$\{[^}]{0,64}\}){0,128}/;

const MARK = /:\\{0,15}\/\\{0,15}\//y;

/** Behind the mark that begins at `at`; it may have lost escapes since it was found. */
function markEnd(text: string, at: number): number {
  MARK.lastIndex = at;
  return MARK.test(text) ? MARK.lastIndex : text.length;
}

interface Authority {
  readonly user: Range;
  readonly password: Range;
}

/** User and password of the URI whose `://` ends at `at`. */
function authorityAt(text: string, scheme: string, at: number): Authority | undefined {
  const run = runAt(text, at);
  const user = USER.exec(run)?.[0] ?? '';
  if (run[user.length] !== ':') return undefined;
  const start = user.length + 1;
  const end = passwordEnd(run, start, WEB.test(scheme));
  return end < 0
    ? undefined
    : { user: { start: at, end: at + user.length }, password: { start: at + start, end: at + end } };
}

/** What may belong to one URI: to the next space or quote, and not into another URI. */
function runAt(text: string, at: number): string {
  const near = text.slice(at, at + REACH);
  const next = near.indexOf('://');
  const own = next < 0 ? near : near.slice(0, startOfName(near, next));
  RUN.lastIndex = 0;
  return RUN.exec(own)?.[0] ?? '';
}

/** The last `@` before the host: raw ones belong to the password. -1 when there is none. */
function passwordEnd(run: string, start: number, isWeb: boolean): number {
  const slash = run.slice(start).search(/[/?#]/);
  const front = slash < 0 ? run.length : start + slash;
  const inFront = run.lastIndexOf('@', front);
  if (isWeb) return inFront >= start ? inFront : -1;
  if (inFront < start && /^(?:\d{0,5}(?:[/?#)\],;|]|$)|[${%]|<)/.test(run.slice(start))) return -1;
  const query = run.slice(start).search(/[?&][A-Za-z_.]{2,40}=/);
  const last = run.lastIndexOf('@', query < 0 ? run.length : start + query);
  return last >= start && /^(?:[\w.[*-]|\/|$)/.test(run.slice(last + 1)) ? last : Math.max(-1, inFront);
}

function schemeBefore(text: string, at: number): string | undefined {
  return SCHEME.exec(text.slice(Math.max(0, at - 32), at))?.[1];
}

/** Accounts that come with the software are known to everybody. */
const DEFAULTS = /^(?:postgres|root|admin|guest|sa|test|user|username|usr|name)$/i;

function findPassword(text: string, at: number): Range | undefined {
  const found = authorityAt(text, schemeBefore(text, at) ?? '', markEnd(text, at));
  if (found === undefined) return undefined;
  const password = text.slice(found.password.start, found.password.end);
  const user = text.slice(found.user.start, found.user.end);
  // Hosts of code sites take the token as the user.
  if (/^(?:x-oauth-basic)?$/.test(password)) return isToken(user) ? found.user : undefined;
  if (isPlaceholder(password) || isPlaceholder(decoded(password)) || (user === password && DEFAULTS.test(user)))
    return undefined;
  return found.password;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const TOKEN = /[A-Za-z0-9_.~%=+-]{20,255}(?=@)/y;

function findToken(text: string, at: number): Range | undefined {
  const start = markEnd(text, at);
  TOKEN.lastIndex = start;
  return TOKEN.test(text) && isToken(text.slice(start, TOKEN.lastIndex)) ? { start, end: TOKEN.lastIndex } : undefined;
}

function isToken(user: string): boolean {
  if (user.length < 20 || isPlaceholder(user)) return false;
  return (user.match(/\d/g) ?? []).length >= 2 && /[A-Za-z]/.test(user);
}

const QUERY = /([\w.-]{0,40})=([^\s"'`<>&\\;]{1,512})/y;
const CERTAIN = /(?:password|passwd|pwd|pass|secret)$/i;

/** Behind `?` or `&`: the value to the next parameter. Tokens and signatures need a digit: they are words in manuals. */
function findParameter(text: string, at: number): Range | undefined {
  const start = startOfName(text, at);
  if (!/(?:[?&]|&amp;|\\u0026)$/i.test(text.slice(Math.max(0, start - 6), start))) return undefined;
  QUERY.lastIndex = start;
  const [, name = '', raw = ''] = QUERY.exec(text) ?? [];
  const value = raw.replace(/[),;\]}]+$/, '');
  if (value === '' || isPlaceholder(value) || isPlaceholder(decoded(value))) return undefined;
  if (!CERTAIN.test(name) && !(value.length >= 8 && /\d/.test(value))) return undefined;
  const from = start + name.length + 1;
  return { start: from, end: from + value.length };
}

const THIN = /[^\s/@:"'\\]{1,64}(?:\/|\\\/)/y;

/** `jdbc:oracle:thin:user/password@host`. */
function findThin(text: string, at: number, anchor: string): Range | undefined {
  THIN.lastIndex = at + anchor.length;
  if (!THIN.test(text)) return undefined;
  const start = THIN.lastIndex;
  const quoted = quotedAt(text, start);
  const run = /^[^\s"'`<>\\]+/.exec(text.slice(start, start + 256))?.[0] ?? '';
  const found = quoted ?? { start, end: start + run.lastIndexOf('@') };
  return found.end > found.start && !isPlaceholder(text.slice(found.start, found.end)) ? found : undefined;
}

const GO_DSN = /(?<![^\s"'`(=])[^\s:/@"'`]{1,64}:(\S{1,128})$/;

/** `user:password@tcp(host:3306)/db`: read back from the protocol. */
function findBeforeProtocol(text: string, at: number): Range | undefined {
  const password = GO_DSN.exec(text.slice(Math.max(0, at - 200), at))?.[1] ?? '';
  return isPlaceholder(password) || /["'`]/.test(password) ? undefined : { start: at - password.length, end: at };
}

const SCHEMES =
  'postgres postgresql postgresql+asyncpg mysql mysql+pymysql mariadb mongodb mongodb+srv redis rediss amqp mssql clickhouse snowflake ldaps ftp https neo4j+s nats jdbc:mysql';

export const URI_DETECTORS: readonly Detector[] = [
  {
    name: 'uri-password',
    anchors: MARKS,
    find: findPassword,
    quick: hasUser,
    examples: () => ({
      match: [
        ...SCHEMES.split(' ').map((scheme) => hit(`${scheme}://app:PW@db.internal:1234/x`)),
        hit('redis://:PW@cache:6379/0'),
        hit('postgres://app:PW@[2001:db8::1]:5432/app'),
        hit('mongodb://app:PW@h1:27017,h2:27017/app?replicaSet=rs0'),
        hit('postgres://app:PW@db/app', 'p%40ss%3A7%2Fx'),
        hit('postgres://app:PW@db/app', 'p@ss@7w0rd'),
        hit('postgres://app:PW@db/app', 'p/9?s#w'),
        hit('could not connect to "postgres://app:PW@db:5432/app": timeout'),
        hit(String.raw`postgres:\/\/app:PW@db\/app`),
        hit('https://PW:x-oauth-basic@example.net/r.git', sampleText(40)),
      ],
      clean: [
        'postgresql://user:password@host:5432/db',
        'postgres://app:****@db/app',
        'postgres://${USER}:${PASSWORD}@${HOST}/db',
        'f"postgres://{user}:{password}@{host}/db"',
        'postgres://app:<password>@db/app',
        'postgres://app:REDACTED@db/app',
        'postgres://app:[REDACTED:db]@db/app',
        'postgres://postgres:postgres@localhost/postgres',
        'http://localhost:3000/@vite/client',
        'https://registry.example.net:443/@scope%2fname',
        'http://[::1]:3000/@id/x',
        'ssh://git@example.net:22/x/y.git',
        'postgres://db:5432/app?contact=a@example.net',
        'see http://a.example:80, mail@b.example',
        '"postgres://app:" + password + "@db/app"',
        'postgres://app:%s@db/app',
        'postgres://app:$DB_PASSWORD@db/app',
      ],
    }),
    source: 'RFC 3986 §3.2.1; postgresql.org/docs libpq-connect; mongodb.com/docs connection-string',
  },
  {
    name: 'uri-token',
    anchors: MARKS,
    find: findToken,
    quick: hasUser,
    examples: () => ({
      match: [
        hit('https://PW@example.net/owner/repo.git', sampleText(40)),
        hit('https://PW@api.example.net/', sampleText(24)),
      ],
      clean: [
        'https://git@example.net/owner/repo.git',
        'https://firstname.lastname.of.somebody@example.net/',
        'ftp://anonymous@example.net',
      ],
    }),
    source: 'RFC 3986 §3.2.1; docs.github.com: cloning with a token',
  },
  {
    name: 'uri-parameter',
    anchors: [
      'password=',
      'passwd=',
      'pwd=',
      'pass=',
      'secret=',
      'token=',
      'sig=',
      'signature=',
      'apikey=',
      'api_key=',
    ],
    anyCase: true,
    find: findParameter,
    quick: isParameter,
    isWord: true,
    examples: () => ({
      match: [
        hit('jdbc:postgresql://db/app?user=u&password=PW'),
        hit('postgresql:///app?host=db&password=PW&sslmode=require'),
        hit('postgres://db/app?sslpassword=PW'),
        hit('https://b.example.net/x?sv=2022&sig=PW', `${sampleText(43)}%3D`),
        hit('GET /callback?access_token=PW HTTP/1.1', sampleText(32)),
        hit('libsql://x.example.net?authToken=PW', sampleText(40)),
        hit('https://example.net/?token=PW"', samplePassword()),
        hit('mysql://db/app?pwd=PW'),
      ],
      clean: [
        '/login?password=${password}',
        '/x?token=<token>',
        '?token=abc',
        '?password=****&x=1',
        '?sig=REDACTED',
        '?token_type=bearer',
      ],
    }),
    source: 'RFC 3986 §3.4; postgresql.org/docs libpq-connect §34.1.2; learn.microsoft.com: SAS; RFC 6750 §2.3',
  },
  {
    name: 'oracle-thin-password',
    anchors: [':thin:', ':oci:', ':oci8:'],
    find: findThin,
    examples: () => ({
      match: [
        hit('jdbc:oracle:thin:app/PW@//db:1521/orcl'),
        hit('jdbc:oracle:thin:app/PW@db:1521:sid'),
        hit('jdbc:oracle:oci:app/"PW"@tns'),
      ],
      clean: [
        'jdbc:oracle:thin:@//db:1521/orcl',
        'jdbc:oracle:thin:user/password@//host',
        'jdbc:oracle:thin:app/${PW}@db',
      ],
    }),
    source: 'docs.oracle.com: JDBC developer guide, data sources and URLs',
  },
  {
    name: 'go-dsn-password',
    anchors: ['@tcp(', '@unix(', '@tcp6('],
    find: findBeforeProtocol,
    examples: () => ({
      match: [hit('app:PW@tcp(db:3306)/app?parseTime=true'), hit('dsn := "app:PW@unix(/tmp/mysql.sock)/app"')],
      clean: [
        'user:password@tcp(localhost:3306)/db',
        'app:%s@tcp(%s)/db',
        'root@tcp(db:3306)/app',
        '${USER}:${PASS}@tcp(db)/x',
      ],
    }),
    source: 'github.com/go-sql-driver/mysql: DSN (data source name)',
  },
];
