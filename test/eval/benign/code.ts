// Source code and schemas that speak of passwords and tokens all the time and hold none.

import type { Random } from '../random.js';
import type { Kind } from './data.js';
import { createWords, lines } from './words.js';

const SIZE = 12_000;

export const CODE: readonly Kind[] = [
  { name: 'TypeScript', make: (random) => program(random, typescript) },
  { name: 'Python', make: (random) => program(random, python) },
  { name: 'Go', make: (random) => program(random, go) },
  { name: 'Java', make: (random) => program(random, java) },
  { name: 'Rust', make: (random) => program(random, rust) },
  { name: 'minified JavaScript', make: minified },
  { name: 'SQL schemas', make: sql },
  { name: 'OpenAPI', make: openApi },
];

interface Names {
  readonly a: string;
  readonly b: string;
  readonly t: string;
  readonly s: string;
  readonly n: number;
}

/** Lines need not make a program: a scanner does not see more than lines. */
function program(random: Random, write: (names: Names) => readonly string[]): string {
  const { camel, pascal, snake } = createWords(random);
  return lines(SIZE, () =>
    random.pick(write({ a: camel(), b: camel(), t: pascal(), s: snake(), n: random.below(5000) })),
  );
}

const typescript = ({ a, b, t, s, n }: Names): string[] => [
  `export interface ${t} { readonly ${a}: string; password: string; token?: string | undefined; apiKey: string | null }`,
  `const ${a} = await ${b}({ user, password: config.password, token: process.env.${s.toUpperCase()}_TOKEN, retries: ${n} });`,
  `  if (password.length < ${n} || secret === undefined) throw new ${t}Error('password must be at least ${n} characters');`,
  `function ${a}(token: Token, key: keyof ${t}): ${t} { return tokens.get(token.${b}) ?? fallback${t}; }`,
  `const headers = { Authorization: \`Bearer \${token}\`, 'X-Api-Key': apiKey, Accept: 'application/json' };`,
  `const url = \`postgres://\${user}:\${password}@\${host}:\${port}/\${database}\`;`,
  `  secretName: '${s}', secret: getSecret('${a}'), passwordField: '${b}', tokenType: 'bearer', maxTokens: ${n},`,
  `test('${s} rejects a wrong password', async () => { expect(await ${a}(password)).toBe(false); });`,
  `  for (const { ${a}, ${b} } of rows) total += Number(${a}) * ${n};`,
  `import { ${t}, create${t} } from '../${a}/${b}.js';`,
];

const python = ({ a, s, t, n }: Names): string[] => [
  `def ${s}(self, password: str, token: Optional[str] = None) -> ${t}:`,
  `    password = os.environ["DB_PASSWORD"]`,
  `    api_key = os.getenv("${s.toUpperCase()}_API_KEY", None)`,
  `    engine = create_engine(f"postgresql+asyncpg://{user}:{password}@{host}:{port}/{name}")`,
  `    secret = settings.SECRET_KEY if settings.debug else load_secret("${s}")`,
  `    if not check_password(password, user.password_hash): raise ${t}("wrong password for %s" % ${a})`,
  `    assert tokenizer.tokenize("${s}") == tokens[:${n}]`,
  `    parser.add_argument("--password", default=None, help="password of the ${s} (prompted when missing)")`,
  `    conn = psycopg.connect(host=host, user=user, password=password, dbname="${s}")`,
  `    return {"${s}": ${a}, "token_count": ${n}, "next_token": token}`,
];

const go = ({ a, b, t, s, n }: Names): string[] => [
  `func (${a[0]} *${t}) ${t}By(ctx context.Context, token string, password []byte) (*${t}, error) {`,
  `\tPassword string \`json:"password" yaml:"password"\``,
  `\tcfg.Password = os.Getenv("${s.toUpperCase()}_PASSWORD")`,
  `\tdsn := fmt.Sprintf("postgres://%s:%s@%s:%d/%s", user, password, host, port, name)`,
  `\treq.Header.Set("Authorization", "Bearer "+token)`,
  `\tif err := bcrypt.CompareHashAndPassword(hash, password); err != nil { return nil, ErrWrongPassword }`,
  `\t${a}, ok := ${b}[key]; secretKey := keys.Secret(${n})`,
  `\treturn fmt.Errorf("${s}: token %q expired", ${a})`,
];

const java = ({ a, b, t, n }: Names): string[] => [
  `    private final String password; private String accessToken; private static final int TOKEN_LENGTH = ${n};`,
  `    @Value("\${app.${a}.password}") private String ${b}Password;`,
  `    DataSource ds = builder.url(url).username(username).password(env.getProperty("db.password")).build();`,
  `    public ${t} ${a}(String token, char[] password) throws ${t}Exception { return new ${t}(token, ${b}); }`,
  `    String auth = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));`,
  `    if (secret == null) { throw new IllegalStateException("secret is not set: " + ${a}.getName()); }`,
  `    String url = "jdbc:postgresql://" + host + "/" + name + "?user=" + user + "&password=" + password;`,
];

const rust = ({ a, s, t, n }: Names): string[] => [
  `pub struct ${t} { pub ${s}: String, password: SecretString, token: Option<Token<'static>> }`,
  `    let password = std::env::var("${s.toUpperCase()}_PASSWORD")?;`,
  `    let url = format!("mysql://{user}:{password}@{host}/{name}");`,
  `    fn ${s}(&self, key: &str, secret: &[u8; ${n}]) -> Result<${t}, Error> {`,
  `        match token { Token::Key(key) => self.${s}(key), Token::Secret(_) => Err(Error::Secret) }`,
  `    .header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()))`,
  `    assert_eq!(${s}.password_policy.min_length, ${n}); // ${a}`,
];

/** Long lines of short names, where a key word stands close to any string. */
function minified(random: Random): string {
  const { camel, snake } = createWords(random);
  const name = (): string => random.text('a', 1, 2);
  return lines(SIZE, () =>
    Array.from({ length: 60 }, () =>
      random.pick([
        `function ${name()}(e,t){return e.${camel()}?t(e.${camel()},"${snake()}"):null}`,
        `var ${name()}={password:e.password,token:t.token,secret:!0,key:"${camel()}"};`,
        `${name()}.exports=${name()}(${random.below(9999)}),${name()}=void 0,`,
        `"${snake()}"===${name()}&&(${name()}.password=n("password"),e.authorization="Bearer "+t);`,
        `const ${name()}=/^[A-Za-z0-9+/]{20,}={0,2}$/;`,
      ]),
    ).join(''),
  );
}

/** Columns called password, token and key, which hold none here. */
function sql(random: Random): string {
  const { snake, sentence } = createWords(random);
  return lines(SIZE, (at) => {
    const table = snake();
    return random.pick([
      `CREATE TABLE ${table} (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n  ${snake()} text NOT NULL,\n  password text NOT NULL,\n  password_hash varchar(255),\n  api_key varchar(64) UNIQUE,\n  token_expires timestamptz\n);`,
      `COMMENT ON COLUMN ${table}.password IS '${sentence()}';`,
      `ALTER TABLE ${table} ADD COLUMN secret_name text, DROP COLUMN password, ADD CONSTRAINT ${table}_key UNIQUE (token);`,
      `CREATE INDEX ${table}_token_idx ON ${table} (token, created_at) WHERE token IS NOT NULL;`,
      `SELECT u.id, u.password, t.token AS "token" FROM ${table} u JOIN tokens t ON t.key = u.key WHERE u.password = $1 LIMIT ${at};`,
      `INSERT INTO ${table} (id, name, amount) VALUES (${at}, '${snake()}', ${random.below(9999)});`,
      `CREATE ROLE ${table} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${table};`,
      `ALTER ROLE ${table} PASSWORD NULL; -- set it with \\password`,
      ` password_hash  | character varying(255) |           | not null | \n token          | text                   |           |          | `,
      `ALTER ROLE ${table} PASSWORD '***';\nCREATE USER ${table} IDENTIFIED BY '<password>';`,
    ]);
  });
}

/** Schemas describe a password; `format: password` is not one. */
function openApi(random: Random): string {
  const { camel, snake, sentence } = createWords(random);
  const text = (): unknown => ({ type: 'string', description: sentence() });
  const paths = Array.from({ length: 16 }, () => [
    `/${snake()}/{${camel()}Id}`,
    {
      post: {
        operationId: camel(),
        summary: sentence(),
        security: [{ bearerAuth: [] }, { apiKey: [] }],
        parameters: [{ name: 'token', in: 'query', schema: text() }],
        requestBody: {
          schema: {
            required: ['password'],
            properties: { password: { type: 'string', format: 'password', minLength: 12 }, [camel()]: text() },
          },
        },
      },
    },
  ]);
  const securitySchemes = {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
    oauth: { tokenUrl: 'https://example.com/oauth/token', authorizationUrl: 'https://example.com/oauth/authorize' },
  };
  return JSON.stringify(
    { openapi: '3.1.0', paths: Object.fromEntries(paths), components: { securitySchemes } },
    null,
    random.pick([0, 2]),
  );
}
