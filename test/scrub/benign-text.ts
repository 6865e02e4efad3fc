// Text that holds no credential but speaks of them: schemas, logs, code, settings and manuals, from a fixed start value.

import { generator } from './values.js';

const WORDS =
  'order customer invoice status created password token session account user secret key value index table report count cache request author keyboard compass passenger primary'.split(
    ' ',
  );

type Pick = <Item>(items: readonly Item[]) => Item;

const LINES: readonly ((pick: Pick, number: (limit: number) => number) => string)[] = [
  (pick, n) =>
    `CREATE TABLE ${pick(WORDS)}_${n(99)} (id bigint PRIMARY KEY, password_hash text NOT NULL, ${pick(WORDS)} varchar(${n(255)}) DEFAULT '${pick(WORDS)}');`,
  (pick) =>
    `ALTER TABLE ${pick(WORDS)} ADD COLUMN password varchar(255); COMMENT ON COLUMN u.password IS 'bcrypt, never plain';`,
  (pick, n) => `INSERT INTO ${pick(WORDS)} VALUES (${n(9999)}, '${pick(WORDS)}', now()); -- password is set elsewhere`,
  (_, n) =>
    `2026-01-0${n(9)} 12:${10 + n(49)}:${10 + n(49)}.${n(999)} UTC [${n(32000)}] FATAL:  password authentication failed for user "app_${n(9)}"`,
  (_, n) => `ERROR 1045 (28000): Access denied for user 'app'@'10.0.${n(255)}.${n(255)}' (using password: YES)`,
  (pick, n) => `INFO connected to postgres://app@db-${n(9)}.internal:5432/${pick(WORDS)} in ${n(900)} ms`,
  (pick) => `const password = process.env.${pick(WORDS).toUpperCase()}_PASSWORD ?? config.get('db.password');`,
  (pick) => `password = os.environ["${pick(WORDS).toUpperCase()}_PASSWORD"]  # set by the launcher`,
  (pick) => `def connect(user: str, password: str = None, token: Optional[str] = None) -> ${pick(WORDS)}:`,
  (pick) => `  if (!password || password.length < 12) throw new Error('${pick(WORDS)} password is too short');`,
  () =>
    `this.password = password; this.secret = secret; return { password, secret: options.secret, apiKey: this.apiKey };`,
  () => `password := os.Getenv("DB_PASSWORD"); secret, err := client.GetSecret(ctx, name)`,
  () => `String password = System.getenv("DB_PASSWORD"); connection.setPassword(password);`,
  () =>
    `"properties": {"password": {"type": "string", "description": "Password of the user", "minLength": 8}, "secret": {"type": "string"}}`,
  () => `<input type="password" name="password" placeholder="Password" autocomplete="current-password">`,
  () =>
    `"login.password": "Password", "login.password.hint": "At least 8 characters", "errors.password": "The password is wrong."`,
  () => `spring.datasource.password=\${DB_PASSWORD}`,
  () => `    password: {{ .Values.postgresql.auth.password | quote }}`,
  () => `        valueFrom: {secretKeyRef: {name: db-credentials, key: password}}`,
  () => `Use \`postgresql://user:password@host:5432/dbname\` or set PGPASSWORD before you start psql.`,
  () =>
    'mysql -u root -p mydb < dump.sql; mysqldump --password=$MYSQL_PASSWORD db; curl -u "$USER:$TOKEN" https://example.net',
  (_, n) => `| id | user | password_changed_at | secret_count |\n| ${n(99)} | app | 2026-02-0${n(9)} | ${n(9)} |`,
  (_, n) => `commit ${hex(n, 40)} Reset password: fix the token cache (#${n(999)})`,
  (_, n) =>
    `"integrity": "sha512-${base64(n, 86)}==", "resolved": "https://registry.example.net/a/-/a-${n(9)}.0.0.tgz"`,
  (_, n) =>
    `"id": "${hex(n, 8)}-${hex(n, 4)}-4${hex(n, 3)}-8${hex(n, 3)}-${hex(n, 12)}", "etag": "${hex(n, 32)}", "md5": "${hex(n, 32)}"`,
  (_, n) => `http://localhost:3000/@fs/src/password.ts?t=17000${n(99999)}&token_type=bearer http://[::1]:8080/`,
  (_, n) =>
    `nextCursor=${base64(n, 24)} progressToken=${n(99999)} max_tokens=${n(4096)} token_count: ${n(4096)} password_length: ${n(64)}`,
  () => `Authorization: Bearer <token>   (bearer authentication; see the Basic scheme for user and password)`,
  () =>
    `auth_basic "Restricted"; proxy_set_header Authorization $http_authorization; proxy_set_header Cookie $http_cookie;`,
  (pick) =>
    `Every ${pick(WORDS)} is identified by its name. The password is kept by the keeper: pass it on, secret or not.`,
  () => `PWD=/home/app/work OLDPWD=/home/app SHELL=/bin/sh`,
  (_, n) => `hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(${n(14)})); assert password != "password"`,
  () =>
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; CREATE ROLE reader NOLOGIN; -- PASSWORD 'xxx' comes later`,
  (_, n) => `| password | varchar(${n(255)}) | YES | | NULL | |`,
  () =>
    `type Login = { user: string; password: string; remember?: boolean }; interface Secret { secret: Uint8Array; apiKey?: string }`,
  () => `throw new Error(\`invalid password: \${reason}\`); logger.info("password: %s", "***");`,
  () => `<data name="Password"><value>Password</value></data><data name="Secret"><value>Secret name</value></data>`,
];

function hex(number: (limit: number) => number, length: number): string {
  return Array.from({ length }, () => number(16).toString(16)).join('');
}

function base64(number: (limit: number) => number, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return Array.from({ length }, () => alphabet[number(64)]).join('');
}

/** About `size` characters. */
export function benignText(size: number): string {
  const number = generator(88_172_645);
  const pick: Pick = (items) => {
    const item = items[number(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  const lines: string[] = [];
  for (let length = 0; length < size; length += lines.at(-1)?.length ?? 1) lines.push(pick(LINES)(pick, number));
  return lines.join('\n');
}
