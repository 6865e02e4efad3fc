// Connection strings of libpq and ODBC, password files, directives, and command lines.

import type { Range } from '../sequence.js';
import { assignmentAt } from './assignment.js';
import type { Detector } from './detector.js';
import { hit } from './sample-password.js';
import { isPlaceholder } from './value-placeholder.js';
import { bareAt, isExpression, quotedAt } from './value.js';
import { isDirective, isFollowedBySpace, isSetting } from './quick.js';

const NEAR = 160;
const NEIGHBOUR =
  /(?:^|[\s;'"{,\\])(?:host(?:addr|name)?|user(?: ?id|name)?|uid|dbname|database|server|data source|initial catalog|driver|dsn|port|sslmode|database ?name|accountname|provider)\s?=\s?[^\s=,]/i;
/** `connect(host=host, password=password)`: arguments of a call. */
const ARGUMENT_BEFORE = /(?:,\s+|\(\s*)$/;
const SEMICOLON_BEFORE = /;\s*$/;
const TO_SEMICOLON = /^[^;"\r\n\\]{1,256}(?=;(?:\s{0,2}[A-Za-z][A-Za-z _]{0,30}=|["'\s\\]|$))/;

/** In a connection string whatever stands there is the password, however weak. */
function findInString(text: string, at: number, anchor: string): Range | undefined {
  const found = assignmentAt(text, at, anchor);
  if (found?.operator !== '=' || !/(?:^|[._])(?:ssl)?(?:password|pwd|passwd|pass)$/i.test(found.name)) return undefined;
  const before = text.slice(Math.max(0, found.nameStart - NEAR), found.nameStart);
  if (/[?&]$/.test(before) || ARGUMENT_BEFORE.test(before)) return undefined;
  const behind = text.slice(found.value.end, found.value.end + NEAR);
  if (!NEIGHBOUR.test(before) && !NEIGHBOUR.test(behind)) return undefined;
  const value = found.quoted ? found.value : unquoted(text, found.value, before);
  const password = text.slice(value.start, value.end);
  if (found.name === 'PWD' && password.startsWith('/')) return undefined;
  if (text[value.start - 1] === '{' && /^\d?$/.test(password)) return undefined;
  // `password = await` is code.
  if (!found.quoted && text[value.start - 1] === ' ' && /^[A-Za-z_]+$/.test(password)) return undefined;
  return isPlaceholder(password) || (!found.quoted && /[.([]/.test(password) && isExpression(password))
    ? undefined
    : value;
}

/** Between semicolons spaces belong to the value. */
function unquoted(text: string, value: Range, before: string): Range {
  if (text[value.start - 1] === '{' || !SEMICOLON_BEFORE.test(before)) return value;
  const whole = TO_SEMICOLON.exec(text.slice(value.start, value.start + 300))?.[0];
  return whole === undefined ? value : { start: value.start, end: value.start + whole.length };
}

/** The line around a port: five fields, and the last one is the password. */
const FIELD = String.raw`(?:[^\s:\\"']|\\{1,3}[:\\])+`;
const PGPASS = new RegExp(
  `^[ \\t]{0,8}(?:#\\s?)?${FIELD}:(?:\\d{1,5}|\\*):${FIELD}:${FIELD}:((?:[^\\s:\\\\"']|\\\\{1,3}[:\\\\]|\\\\(?=[^nrt"':\\\\]))+)$`,
);

function findInPasswordFile(text: string, at: number): Range | undefined {
  const start = startOfLine(text, at);
  if (start < 0) return undefined;
  const line = LINE.exec(text.slice(start, at + 300))?.[0] ?? '';
  const password = PGPASS.exec(line)?.[1];
  if (password === undefined || password.length < 3 || isPlaceholder(password)) return undefined;
  return { start: start + line.length - password.length, end: start + line.length };
}

const LINE = /^[ \t]{0,8}(?:#\s?)?(?:[^\s"'`\\]|\\{1,3}[:\\]|\\(?![nrt"'\\]))*/;

/** Back to a line break, real or escaped, or a quote; -1 when there are more fields on the way than a line has. */
function startOfLine(text: string, at: number): number {
  let colons = 0;
  for (let start = at; at - start < 300; start--) {
    const before = text[start - 1];
    if (before === undefined || /[\r\n"'`]/.test(before)) return start;
    if (/[nr]/.test(before) && text[start - 2] === '\\') return start;
    if (before === ':' && text[start - 2] !== '\\' && ++colons > 4) return -1;
  }
  return -1;
}

interface Command {
  readonly names: RegExp;
  /** Ends where the password begins, or has it as its last group. */
  readonly flag: RegExp;
}

const COMMANDS: readonly Command[] = [
  { names: /^(?:mysql|mariadb)/, flag: /\s-p(?=[^\s-])/ },
  { names: /^mongo/, flag: /\s(?:-p|--password)[\s=](?=[^\s-])/ },
  { names: /^(?:redis|valkey)-cli/, flag: /\s(?:-a|--pass)[\s=](?=[^\s-])/ },
  { names: /^(?:sqlcmd|bcp|osql|isql)/, flag: /\s-P\s?(?=[^\s-])/ },
  { names: /^(?:sshpass|psexec|cqlsh)/, flag: /\s-p\s?(?=[^\s-])/ },
  { names: /^(?:docker|podman)/, flag: /\slogin\s(?:.{0,200}\s)?-p\s?(?=[^\s-])/ },
  { names: /^(?:curl)/, flag: /\s(?:-u|-U|--user|--proxy-user)[\s=]?\s?\\*["']?[^\s:"'\\]{0,128}:(?=[^\s:/])/ },
  { names: /^ldap/, flag: /\s-w\s?(?=[^\s-])/ },
  { names: /^(?:sqlplus|expdp|impdp|sqlldr|rman)/, flag: /\s\\*["']?[\w$#]{1,64}\/(?=[^\s/@]{1,64}@)/ },
  { names: /^smbclient/, flag: /\s(?:-U|--user)[\s=]?\\*["']?[^\s%"']{1,64}%(?=\S)/ },
  { names: /^keytool/, flag: /\s-(?:storepass|keypass)\s(?=[^\s-])/ },
  { names: /^openssl/, flag: /\spass:(?=\S)/ },
];
const COMMAND_NAMES =
  'mysql mariadb mongo redis-cli valkey-cli sqlcmd osql isql sshpass psexec cqlsh docker podman curl ldapsearch ldapmodify ldapadd sqlplus expdp impdp sqlldr smbclient keytool openssl'.split(
    ' ',
  );

/** The password among the options of a client: the rest of the line is looked at, as far as the command goes. */
function findOnCommandLine(text: string, at: number, anchor: string): Range | undefined {
  if (/[A-Za-z0-9_@:-]/.test(text.charAt(at - 1)) && !/\\[nrt]$/.test(text.slice(Math.max(0, at - 2), at)))
    return undefined;
  const line = /^[a-z_]+(?:-cli)?(?:\.exe)?(?=\s)[^\r\n|;&]*/.exec(text.slice(at, at + 300))?.[0];
  const flag = COMMANDS.find(({ names }) => names.test(anchor))?.flag.exec(line ?? '');
  if (flag === null || flag === undefined) return undefined;
  const start = at + flag.index + flag[0].length;
  const inside = /["']$/.test(flag[0]);
  const found = (inside ? undefined : quotedAt(text, start)) ?? bareAt(text, start);
  return found === undefined ? undefined : commandValue(text, found, anchor);
}

function commandValue(text: string, found: Range, anchor: string): Range | undefined {
  const value = text.slice(found.start, found.end);
  if (isPlaceholder(value)) return undefined;
  if (anchor !== 'sqlplus' || !value.includes('@')) return found;
  return { start: found.start, end: found.start + value.lastIndexOf('@') };
}

const DIRECTIVE = /\s{1,8}/y;

/** `requirepass x` of Redis, `ACL SETUSER app >x`, and `login u password x` of netrc. */
function findDirective(text: string, at: number, anchor: string): Range | undefined {
  DIRECTIVE.lastIndex = at + anchor.length;
  if (!DIRECTIVE.test(text)) return undefined;
  const start = DIRECTIVE.lastIndex;
  const rest = text.slice(start, start + 200);
  if (anchor === 'setuser') return aclPassword(text, start, rest);
  if (anchor === 'password' && !/\blogin\s+\S{1,128}\s+$/i.test(text.slice(Math.max(0, at - 160), at)))
    return undefined;
  const found = quotedAt(text, start) ?? bareAt(text, start);
  return found === undefined || isPlaceholder(text.slice(found.start, found.end)) ? undefined : found;
}

function aclPassword(text: string, start: number, rest: string): Range | undefined {
  const rule = /^[^\r\n"']*?\s[>#](?=\S)/.exec(rest)?.[0];
  const found = rule === undefined ? undefined : bareAt(text, start + rule.length);
  return found === undefined || isPlaceholder(text.slice(found.start, found.end)) ? undefined : found;
}

const NEO4J = /[=:]\s?\\*["']?[^\s/"'\\]{1,64}\//y;

/** Variables whose names do not say it: `REDISCLI_AUTH=x`, `NEO4J_AUTH=user/x`. */
function findInEnvironment(text: string, at: number, anchor: string): Range | undefined {
  const end = at + anchor.length;
  NEO4J.lastIndex = end;
  const isPair = anchor === 'NEO4J_AUTH';
  if (isPair && !NEO4J.test(text)) return undefined;
  if (!isPair && !/[=:]/.test(text[end] ?? '')) return undefined;
  const start = isPair ? NEO4J.lastIndex : end + 1 + (text[end + 1] === ' ' ? 1 : 0);
  const found = quotedAt(text, start) ?? bareAt(text, start);
  return found === undefined || isPlaceholder(text.slice(found.start, found.end)) ? undefined : found;
}

export const SETTINGS_DETECTORS: readonly Detector[] = [
  {
    name: 'connection-password',
    anchors: ['password', 'passwd', 'pwd', 'pass='],
    anyCase: true,
    find: findInString,
    quick: isSetting,
    isWord: true,
    examples: () => ({
      match: [
        hit('host=db user=app password=PW dbname=x'),
        hit("host=db user=app password='PW'", 'with spaces and 7'),
        hit("host=db password='PW' user=app", String.raw`it\'s so`),
        hit('host=db user=app password=PW', 'hunter'),
        hit("CREATE SUBSCRIPTION s CONNECTION 'host=db user=u password=PW' PUBLICATION p"),
        hit("SELECT dblink_connect('host=db user=u password=PW')"),
        hit('Driver={ODBC Driver 18 for SQL Server};Server=db;Uid=app;Pwd=PW;'),
        hit('Server=db;User ID=u;Password=PW;Encrypt=yes'),
        hit('Server=db;User ID=u;Password=PW;Encrypt=yes', 'a b c 9'),
        hit('Server=db;Uid=u;Pwd={PW};Encrypt=yes', 'p;w}}9'),
        hit('jdbc:sqlserver://db:1433;databaseName=x;user=u;password=PW;encrypt=true'),
        hit('{host=h,user=u,password=PW}', 'hunter'),
      ],
      clean: [
        'connect(host=host, user=user, password=password)',
        'host=db user=app password=****',
        'host=db user=app password=${PW}',
        'Server=db;User ID=u;Password=<password>;',
        'host=db user=app password=REDACTED',
        'user = get_user()\npassword=config.password',
      ],
    }),
    source:
      'postgresql.org/docs libpq-connect §34.1.1; learn.microsoft.com: ODBC SQLDriverConnect, SqlConnection.ConnectionString',
  },
  {
    name: 'pgpass-line',
    anchors: [':5432:', ':5433:', ':5434:', ':5435:', ':5436:', ':5439:', ':6432:', ':6543:', ':26257:', ':*:'],
    find: findInPasswordFile,
    examples: () => ({
      match: [
        hit('db.internal:5432:app:svc:PW'),
        hit('*:*:*:svc:PW'),
        hit('# file\nlocalhost:5432:*:svc:PW\n'),
        hit('db:5432:app:svc:PW', String.raw`p\:w\\9x`),
        hit('echo "db:6432:app:svc:PW" > ~/.pgpass'),
      ],
      clean: [
        'hostname:port:database:username:password',
        '*:*:*:*:****',
        '10:5432:12',
        'db:5432:app:svc:${PW}',
        'time 12:54:32:000 x',
      ],
    }),
    source: 'postgresql.org/docs libpq-pgpass',
  },
  {
    name: 'command-password',
    anchors: COMMAND_NAMES,
    find: findOnCommandLine,
    quick: isFollowedBySpace,
    examples: () => ({
      match: [
        'mysql -u app -pPW db',
        'mysqldump -h db -uapp -pPW --all-databases',
        'mysqladmin -pPW status',
        "mariadb -u app -p'PW' db",
        'mongosh -u app -p PW',
        'redis-cli -h cache -a PW ping',
        'sqlcmd -S db -U sa -P PW',
        'curl -u app:PW https://example.net',
        'curl --user "app:PW" https://example.net',
        'sshpass -p PW ssh host',
        'psexec \\\\host -u admin -p PW cmd',
        'ldapsearch -D cn=admin -w PW',
        'sqlplus app/PW@orcl',
        'docker login -u app -p PW',
        'openssl rsa -in k.pem -passin pass:PW',
      ].map((text) => hit(text)),
      clean: [
        'mysql -u root -p',
        'mysql -u root -p mydb',
        'mysql -P 3306 -h db',
        'mysql -p${MYSQL_ROOT_PASSWORD} db',
        'docker run -p 8080:80 nginx',
        'docker compose -p project up',
        'mysql-connector -portable',
        'mkdir -p /tmp/x',
        'curl -u user:password https://example.net',
        'curl -u "$USER:$PASS" https://example.net',
        'sshpass -p "$PASSWORD" ssh host',
        'redis-cli -a "${REDIS_PASSWORD}" ping',
      ],
    }),
    source: 'manual pages of the clients named',
  },
  {
    name: 'password-directive',
    anchors: ['requirepass', 'masterauth', 'setuser'],
    anyCase: true,
    find: findDirective,
    quick: isFollowedBySpace,
    examples: () => ({
      match: [hit('requirepass PW'), hit('masterauth "PW"'), hit('ACL SETUSER app on >PW ~* +@all')],
      clean: ['requirepass ****', '# requirepass <password>', 'ACL SETUSER app on nopass'],
    }),
    source: 'redis.io/docs: configuration, ACL',
  },
  {
    name: 'password-directive',
    anchors: ['password'],
    anyCase: true,
    find: findDirective,
    quick: isDirective,
    isWord: true,
    examples: () => ({
      match: [hit('machine h login app password PW')],
      clean: ['login with your password now', 'machine h login app password ****'],
    }),
    source: 'man netrc(5)',
  },
  {
    name: 'environment-credential',
    anchors: ['REDISCLI_AUTH', 'NEO4J_AUTH'],
    find: findInEnvironment,
    examples: () => ({
      match: [hit('REDISCLI_AUTH=PW redis-cli'), hit('NEO4J_AUTH=neo4j/PW'), hit('NEO4J_AUTH: "neo4j/PW"')],
      clean: ['REDISCLI_AUTH=$PW', 'NEO4J_AUTH=none', 'NEO4J_AUTH=neo4j/password'],
    }),
    source: 'redis.io/docs: redis-cli; neo4j.com/docs: Docker',
  },
];
