// Logs, lists, translations and documents; and every placeholder that people write where a secret would stand.

import type { Random } from '../random.js';
import type { Kind } from './data.js';
import { createWords, date, lines, uuid } from './words.js';

const SIZE = 12_000;

export const TEXTS: readonly Kind[] = [
  { name: 'logs', make: logs },
  { name: 'tool lists', make: toolLists },
  { name: 'translations', make: translations },
  { name: 'placeholders', make: placeholders },
  { name: 'configuration with references', make: references },
  { name: 'query results', make: rows },
  { name: 'documents', make: documents },
];

const address = (random: Random): string => Array.from({ length: 4 }, () => random.below(256)).join('.');

/** Messages about credentials, and identifiers of every length. */
function logs(random: Random): string {
  const { snake, camel, sentence } = createWords(random);
  return lines(SIZE, () =>
    random.pick([
      `${date(random)} INFO  [${camel()}] ${sentence()} request_id=${uuid(random)} duration=${random.below(900)}ms`,
      `${address(random)} - - [05/Jan/2024:10:00:00 +0000] "GET /${snake()}/${random.below(999)}?page=2&key=${snake()} HTTP/1.1" 200 ${random.below(9999)} "-" "Mozilla/5.0"`,
      `FATAL:  password authentication failed for user "${snake()}"`,
      `ERROR 1045 (28000): Access denied for user '${snake()}'@'localhost' (using password: YES)`,
      JSON.stringify({
        level: 'warn',
        ts: date(random),
        msg: `token expired for ${snake()}`,
        trace_id: random.text('hex', 32),
        span_id: random.text('hex', 16),
        tokens: random.below(9999),
      }),
      `WARN password of ${snake()} expires in ${random.below(30)} days; token refresh scheduled at ${date(random)}`,
      `    at ${camel()} (/app/node_modules/${snake()}/dist/${camel()}.js:${random.below(900)}:${random.below(80)})`,
      `DEBUG auth: secret "${snake()}" loaded from vault, credential type=${camel()} key_id=${random.text('up', 12)}`,
      `Authorization: [REDACTED] Cookie: *** X-Api-Key: <redacted>`,
    ]),
  );
}

function toolLists(random: Random): string {
  const { snake, sentence } = createWords(random);
  const tool = (): unknown => ({
    name: snake(),
    description: `${sentence()} Needs a token with the scope ${snake()}; the password is never logged.`,
    inputSchema: {
      type: 'object',
      properties: {
        sql: { type: 'string' },
        token: { type: 'string', description: sentence() },
        api_key: { type: 'string' },
        password: { type: 'string', description: 'Password of the user' },
      },
      required: ['sql'],
    },
    annotations: { readOnlyHint: true },
  });
  return JSON.stringify({
    tools: Array.from({ length: 20 }, tool),
    nextCursor: Buffer.from(JSON.stringify({ offset: random.below(9999), sort: snake() })).toString('base64'),
  });
}

const SAYINGS: readonly (readonly [string, string])[] = [
  ['password', 'Passwort'],
  ['password', 'Mot de passe'],
  ['password', 'Contraseña'],
  ['forgotPassword', 'Haben Sie Ihr Passwort vergessen?'],
  ['passwordTooShort', 'Le mot de passe doit contenir au moins {min} caractères'],
  ['secret', 'Geheimnis anzeigen'],
  ['token', 'Zugriffstoken'],
  ['api_key', 'Clé d’API'],
  ['password_reset', 'パスワードを再設定する'],
  ['confirmPassword', 'Подтвердите пароль'],
  ['newPassword', 'Enter a new password'],
  ['credentials', 'Invalid credentials. Please try again.'],
];

/** The word for a password stands where a password would: as the value of `password`. */
function translations(random: Random): string {
  const { camel, sentence } = createWords(random);
  return `{\n${lines(SIZE, (at) => {
    const [key, text] = at % 3 === 0 ? random.pick(SAYINGS) : [camel(), sentence()];
    return `  ${JSON.stringify(key)}: ${JSON.stringify(text)},`;
  })}  "end": ""\n}`;
}

const PLACEHOLDERS =
  '**** *** xxx xxxxxxxx ... -- null none true false undefined string text required optional example changeme password ' +
  'token secret redacted ${PASSWORD} $PASSWORD {{password}} <password> <your-token> %PASSWORD% process.env.DB_PASSWORD ' +
  "os.environ['DB_PASSWORD'] os.getenv('DB_PASSWORD') env.DB_PASSWORD ENC(abcdefghijkl) ENC[AES256_GCM,data:abcd] " +
  'op://vault/item/password secret://shop/db [REDACTED:db] REDACTED your_password your_api_key_here YOUR_TOKEN 0000000000 ' +
  '${{ secrets.DB_PASSWORD }} ${DB_PASSWORD:-} [hidden] (not set) !vault !ref';

function placeholders(random: Random): string {
  const { snake } = createWords(random);
  const list = PLACEHOLDERS.split(/ (?![a-zA-Z}.]* ?\}\}|set\)|secrets)/);
  return lines(SIZE, () => {
    const blank = random.pick(list);
    return random.pick([
      `password=${blank}`,
      `DB_PASSWORD=${blank}`,
      `  password: ${blank}`,
      JSON.stringify({ user: snake(), password: blank, host: 'localhost' }),
      JSON.stringify({ name: 'API_KEY', value: blank }),
      `host=db user=app password=${blank} dbname=${snake()}`,
      `Authorization: Bearer ${blank}`,
      `postgres://user:password@host:5432/${snake()}`,
      `postgresql://${snake()}:****@db.internal/app`,
      'mysql://user:${MYSQL_PASSWORD}@localhost/app and redis://:<password>@cache:6379',
      `ALTER USER ${snake()} PASSWORD '${blank.replaceAll("'", '"')}';`,
      `export ${snake().toUpperCase()}_TOKEN="${blank.replaceAll('"', "'")}"`,
      `<password>${blank.replaceAll('<', '[').replaceAll('>', ']')}</password>`,
      [['AKIA', 'IOSFODNN7', 'EXAMPLE'].join(''), 'is the access key of the documentation'].join(' '),
    ]);
  });
}

/** Files that say where a secret is. */
function references(random: Random): string {
  const { snake, word } = createWords(random);
  return lines(SIZE, () =>
    random.pick([
      `        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: ${word()}-credentials\n              key: password`,
      `password: "{{ vault_${snake()}_password }}"`,
      `    token: \${{ secrets.${snake().toUpperCase()} }}`,
      `password_file: /run/secrets/${snake()}`,
      `secret_name = "${snake()}"\nkey_path = "/etc/ssl/private/${word()}.pem"`,
      `variable "${snake()}_password" {\n  type      = string\n  sensitive = true\n}`,
      `resource "aws_iam_role" "${snake()}" { arn = "arn:aws:iam::${random.text('d', 12)}:role/${word()}" }`,
      `spring.datasource.password=\${${snake().toUpperCase()}}`,
      `tls: { secretName: ${word()}-tls, key: tls.key }`,
      `token_url: https://login.example.com/oauth2/token\ntoken_type: bearer\ncsrf: enabled`,
      `primary_key: id\npartition_key: ${snake()}\nsort_key: ${snake()}\ncache_key: ${snake()}:${random.below(999)}`,
    ]),
  );
}

/** Numbers and codes that a rule about digits would destroy. */
function rows(random: Random): string {
  const { word, pascal } = createWords(random);
  return lines(SIZE, (at) =>
    at % 2 === 0
      ? JSON.stringify({
          id: at,
          name: `${pascal()} ${pascal()}`,
          email: `${word()}@example.com`,
          phone: `+1 555 ${random.text('d', 7)}`,
          total: random.below(1e6) / 100,
          created_at: date(random),
          sku: random.text('up', 10),
          note: word(),
        })
      : ` ${at} | ${pascal()} | ${word()}@example.com | ${random.text('d', 16)} | ${random.below(9999)}.50 | ${date(random)} | ORD-${random.text('up', 8)}`,
  );
}

function documents(random: Random): string {
  const { sentence, snake, word } = createWords(random);
  return lines(SIZE, () =>
    random.pick([
      `## ${sentence(2, 4)}`,
      `${sentence()} ${sentence()} ${sentence()}`,
      `- \`${snake()}\`: the password of the ${word()}, see [the guide](https://docs.example.com/${snake()}/${word()}#${word()}).`,
      'Connect with `psql postgresql://user:password@localhost:5432/mydb` and enter your password when asked.',
      'Run `curl -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/items`.',
      'Set `OPENAI_API_KEY` and `DATABASE_URL` first; a token looks like `ghp_...` or `sk-...`.',
      'The secret is stored encrypted. Tokens expire: the key rotates; passwords do not.',
      '| token | string | required | the access token of the client |',
      'Password: (not set)',
    ]),
  );
}
