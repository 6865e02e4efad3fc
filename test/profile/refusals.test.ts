import { describe, expect, test } from '@jest/globals';
import { checkProfile } from '../../src/profile/parse.js';
import { check, DB, HEAD, inArgs, inEnv, inSecrets, placesOf, SERVER, unmark } from './marked.js';

/** Document with its places, what the message says, and the suggestion. */
type Row = readonly [document: string, says: RegExp, suggestion?: string];

const KEYS: readonly Row[] = [
  [`${HEAD}${SERVER}‸enviroment:\n  A: b\n`, /unknown key "enviroment"/],
  [`${HEAD}${SERVER}‸secret:\n  A: secret://b\n`, /unknown key "secret"/, 'secrets'],
  [`${HEAD}server:\n  ‸commnad: node\n`, /unknown key "commnad"/, 'command'],
  [`${HEAD}server:\n  command: node\n  ‸arg: []\n`, /unknown key "arg"/, 'args'],
  [`${HEAD}${SERVER}‸command: node\n`, /"command" belongs under "server"/],
  [`${HEAD}${SERVER}redact:\n  ‸deny: []\n`, /unknown key "deny"/],
  [`${HEAD}${SERVER}‸__proto__: {a: b}\n`, /unknown key "__proto__"/],
  [`‸name: shop\n${SERVER}`, /"secretctl: 1" is missing/],
  [`‸secretctl: 1\n${SERVER}`, /"name" is missing/],
  [`‸${HEAD}`, /"server" is missing/],
  [`${HEAD}server:\n  ‸args: []\n`, /"server.command" is missing/],
  ['‸- a\n', /made of keys and values/],
  ['‸', /made of keys and values/],
];

const NOT_YET: readonly Row[] = [
  [`${HEAD}${SERVER}‸lease: {}\n`, /"lease" is not supported yet/],
  ...['allowSecretInArgs'].map((key): Row => [
    `${HEAD}${SERVER}  ‸${key}: x\n`,
    new RegExp(`"server.${key}" is not supported yet`),
  ]),
  [`${HEAD}${SERVER}tools:\n  ‸pinned: x\n`, /"tools.pinned" is not supported yet/],
  [inEnv('  A: ‸ENC[v1,AESGCM,AAAA]'), /no sealed value/],
  [inSecrets('  a: ‸ENC[v2,AESGCM,AAAA]'), /no sealed value/],
  ...['awssm', 'gcsm', 'akv', 'GOPASS', 'sops', 'bws'].flatMap((scheme): Row[] => [
    [inSecrets(`  a: ‸${scheme}://x/y`), new RegExp(`${scheme} references are not supported yet`, 'i')],
    [inEnv(`  A: "‸${scheme}://x/y"`).replace('"‸', '‸"').replace('‸"', '"‸'), /not supported yet/],
  ]),
  [inSecrets('  a: ‸ref+vault://x'), /after vault:\/\/ stands/],
  [inSecrets('  a: ‸ref+awssecrets://x'), /awssecrets references are not supported yet/],
  [inSecrets('  a: ‸kdbx:x.kdbx'), /kdbx references are not supported yet/],
  [inSecrets('  a: ‸secret://a#/b/c'), /JSON pointers .* not for secret/],
];

const SERVER_ROWS: readonly Row[] = [
  [`${HEAD}server:\n  command: npx‸ -y server\n`, /arguments stand under "server.args"/],
  [`${HEAD}server:\n  command: ‸""\n`, /a command is one text/],
  [`${HEAD}server:\n  command: ‸[npx]\n`, /a command is one text/],
  [`${HEAD}server:\n  command: a/‸\${x}\n`, /a command is no template/],
  [`${HEAD}server:\n  command: ‸op://a/b\n`, /a command is no reference/],
  [`${HEAD}${SERVER}  args: ‸one\n`, /arguments are a list/],
  [inArgs('["a", ‸0777]'), /takes this for a number: write it in quotes/],
  [inArgs('["a", ‸1.5]'), /takes this for a number: write it in quotes/],
  [inArgs('["a", ‸true]'), /takes this for a truth value: write it in quotes/],
  [inArgs('["a", ‸{a: b}]'), /a list or a map/],
  [`${HEAD}${SERVER}  cwd: ‸sub/folder\n`, /neutral, profile, or an absolute path/],
  [`${HEAD}${SERVER}  startupTimeout: ‸60\n`, /with its unit/],
  [`${HEAD}${SERVER}  startupTimeout: ‸1h\n`, /with its unit/],
  [`${HEAD}${SERVER}  startupTimeout: ‸99ms\n`, /between 100ms and 10m/],
  [`${HEAD}${SERVER}  startupTimeout: ‸601s\n`, /between 100ms and 10m/],
  [`${HEAD}${SERVER}  maxLine: ‸64MB\n`, /a length is a whole number with its unit/],
  [`${HEAD}${SERVER}  maxLine: ‸63KiB\n`, /between 64KiB and 256MiB/],
  [`${HEAD}${SERVER}  maxLine: ‸257MiB\n`, /between 64KiB and 256MiB/],
  [`${HEAD}${SERVER}shutdown: ‸5s\n`, /under "shutdown" stands "grace"/],
  [`${HEAD}${SERVER}shutdown:\n  grace: ‸5\n`, /with its unit/],
  [`${HEAD}${SERVER}shutdown:\n  grace: ‸61s\n`, /between 100ms and 60s/],
  [`${HEAD}${SERVER}tools: ‸[query]\n`, /under "tools" stand allow, deny/],
  [`${HEAD}${SERVER}tools:\n  ‸alow: [query]\n`, /unknown key "alow"/, 'allow'],
  [`${HEAD}${SERVER}tools:\n  allow: ‸query\n`, /a list of at most 500 names/],
  [`${HEAD}${SERVER}tools:\n  deny: [a, ‸5]\n`, /a name is one text/],
  [`${HEAD}${SERVER}tools:\n  denyArguments: ["‸"]\n`.replace('"‸', '‸"'), /a name is one text/],
  [`${HEAD}${SERVER}tools:\n  readOnly: ‸"yes"\n`, /true or false/],
  [`secretctl: ‸2\nname: shop\n${SERVER}`, /version 1 only/],
  [`secretctl: 1\nname: ‸a..b\n${SERVER}`, /a name is made of/],
  [`secretctl: 1\nname: ‸Shop\n${SERVER}`, /a name is made of/],
  [`${HEAD}${SERVER}redact:\n  allow: ["‸sha256:12"]\n`.replace('"‸', '‸"'), /a fingerprint is [^,]*0-9 and a-f$/],
];

const TOO_DEEP = /indented too deep/;
const INDENTATION: readonly Row[] = [
  [`${HEAD}server:\n  command: npx\n   ‸args: ["a"]\n`, TOO_DEEP],
  [`${HEAD}server:\n  command: npx\n    ‸args: ["a"]\n    cwd: neutral\nenv:\n  A: b\n`, TOO_DEEP],
  [`${HEAD}server:\n  command: npx\n    ‸args:\n      - a\n`, TOO_DEEP],
  [`${HEAD}server:\n  command: "npx"\n   ‸args: []\n`, TOO_DEEP],
  [`${HEAD}server:\n  command: npx # why\n\n   ‸args: []\n`, TOO_DEEP],
  [`${HEAD}${SERVER}secrets:\n  a: secret://x\n   ‸b: secret://y\n    c: secret://z\n`, TOO_DEEP],
  [`${HEAD}server:\n  command: npx\n ‸args: []\n`, /does not fit the lines around it/],
];

const SECRETS: readonly Row[] = [
  [inSecrets('  db: ‸hunter2'), /not a reference: store the value with "secretctl set NAME"/],
  [inSecrets('  db: ‸opp://a/b'), /no kind of reference "opp:\/\/"/, 'op://'],
  [inSecrets('  db: ‸secrets://a/b'), /no kind of reference/, 'secret://'],
  [inSecrets('  db: ‸zzzzzz://a/b'), /no kind of reference "zzzzzz:\/\/"/],
  [inSecrets('  db: ‸secret://a?x=y'), /no query/],
  [inSecrets('  db: ‸secret:///a'), /a secret's name/],
  [inSecrets('  db: ‸secret://a b'), /a secret's name/],
  [inSecrets('  db: ‸secret://a%zz'), /a secret's name/],
  [inSecrets('  db: ‸secret://a%2Fb'), /a secret's name/],
  [inSecrets('  db: ‸secret://a#b.c'), /name of one field/],
  [inSecrets('  db: ‸'), /this is empty/],
  [inSecrets('  db: ‸[a]'), /a list or a map/],
  [inSecrets('  db: ‸{}'), /no fields/],
  [inSecrets('  ‸1db: secret://a'), /no name of a secret/],
  [inSecrets('  db: {host: h, password: ‸hunter2}'), /not a reference/],
  [inSecrets('  db: {host: h, password: ‸12345}'), /not a reference/],
  [inSecrets('  db: {host: h, port: ‸0777}'), /takes this for a number/],
  [inSecrets('  db: {host: ‸op://a/b}'), /after op:\/\/ stands/],
  [inSecrets('  db: {params: "‸a=${x}"}'), /templates stand in/],
  [inSecrets('  db: {host: ‸http://u:pw@h}'), /holds a password/],
  [inSecrets('  db: {‸1x: secret://a}'), /no name of a field/],
];

const TEMPLATES: readonly Row[] = [
  [inEnv('  A: ‸${dbb.host}'), /no secret "dbb"/, 'db'],
  [inEnv('  A: x ‸${zzzzz}'), /no secret "zzzzz"/],
  [inEnv('  A: ‸${db.host'), /"\$\{" has no "\}"/],
  [inEnv('  A: "‸${}"'), /malformed template/],
  [inEnv('  A: "‸${db..x}"'), /malformed template/],
  [inEnv('  A: "‸${db.a.b}"'), /malformed template/],
  [inEnv('  A: "‸${env:HOME}"'), /notation of an MCP client/],
  [inEnv('  A: "‸${HOME:-/root}"'), /notation of an MCP client/],
  [inEnv('  A: ‸${db.password|urii}'), /no filter "urii"/, 'uri'],
  [inEnv('  A: ‸${db.password|}'), /no filter ""/],
  [inEnv('  A: "postgres://${db.user}:‸${db.password}@h/x"'), /must be percent-encoded/, '${db.password|uri}'],
  [inEnv('  A: "a://‸${db.password|uri|base64}"'), /must be percent-encoded/, '${db.password|uri|base64|uri}'],
  [inArgs('["‸${db}"]'), /every process of this machine can read arguments/],
  [inArgs('["--password=‸${db.password}"]'), /pass \$\{db.password\} in "env"/],
  [`${HEAD}${SERVER}secrets:\n  db: {host: h}\nenv:\n  A: ‸\${db.hots}\n`, /no field "hots"/, 'host'],
  [`${HEAD}${SERVER}secrets:\n  db: {host: h}\nenv:\n  A: ‸\${db}\n`, /has fields: name one, such as \$\{db.host\}/],
  [`${HEAD}${SERVER}secrets:\n  pw: secret://a#b\nenv:\n  A: ‸\${pw.x}\n`, /one field already \(#b\)/],
];

const PLAIN: readonly Row[] = [
  [inEnv('  A: ‸{env: x}'), /a list or a map/],
  [inEnv('  A: "‸{env:TOKEN}"'), /looks like a reference \({env:…}\)/],
  [inEnv('  A: "‸prefix {file:/x} suffix"'), /looks like a reference \({file:…}\)/],
  [inEnv('  A: "‸ op://a/b"'), /looks like a reference \(op:\/\/…\)/],
  [inEnv('  A: ‸--token=vault://a'), /looks like a reference \(vault:\/\/…\)/],
  [inEnv('  A: secret://‸${db}'), /a reference is no template/],
  [inArgs('[‸secret://db/shop]'), /looks like a reference \(secret:\/\/…\)/],
  [inArgs('[‸--token=secret://db/shop]'), /looks like a reference/],
  [inArgs('[‸ref+vault://x]'), /looks like a reference/],
  [inArgs('["‸ENC[v1]"]'), /looks like a reference/],
  [inEnv('  A: ‸postgres://me:pw@h/x'), /holds a password/],
  [inEnv('  A: ‸redis://:pw@h'), /holds a password/],
  [inArgs('[‸--url=postgres://me:pw@h/x]'), /holds a password/],
  [inEnv('  A: ‸yes\n  B: ‸true'.replace('‸yes', 'yes')), /a truth value/],
  [inEnv('  A: ‸~'), /this is empty/],
  [inEnv('  A:‸'.replace('‸', ' ‸')), /this is empty/],
  ...['0777', '0x1F', '0o17', '1e3', '1.0', '+5', '-0', '12345678901234567890', '1.5', '.inf', '007'].map(
    (number): Row => [inEnv(`  A: ‸${number}`), /takes this for a number: write it in quotes/],
  ),
  [inEnv('  ‸A-B: x'), /no name of a variable/],
  [inEnv('  ‸1A: x'), /no name of a variable/],
  [`${HEAD}${SERVER}secrets:\n  A: secret://a\nenv:\n  ‸A: secret://b\n`, /declared under "secrets" already/],
  [inEnv('  ‸LC_ALL: /tmp/evil'), /takes the name of a locale/],
];

describe.each([
  ['keys', KEYS],
  ['what arrives later', NOT_YET],
  ['the server', SERVER_ROWS],
  ['indentation', INDENTATION],
  ['secrets', SECRETS],
  ['templates', TEMPLATES],
  ['plain text', PLAIN],
])('%s', (_, rows) => {
  test.each(rows.map((row) => [row[0], row] as const))('%j', (_document, [document, says, suggestion]) => {
    const { bytes, places } = unmark(document);
    const checked = checkProfile(bytes);
    expect(placesOf(checked)).toEqual(places);
    expect(checked.problems[0]?.message).toMatch(says);
    expect(checked.problems[0]?.suggestion).toBe(suggestion);
    expect(checked.profile).toBeUndefined();
  });
});

test('a message holds neither the value nor ajv’s words', () => {
  const rows = [...KEYS, ...NOT_YET, ...SERVER_ROWS, ...SECRETS, ...TEMPLATES, ...PLAIN];
  for (const [document] of rows) {
    for (const { message } of checkProfile(unmark(document).bytes).problems) {
      expect(message).not.toMatch(/hunter2|12345|:pw@|must (?:NOT|match)|instance|schema|additional/i);
      expect(message).toMatch(/^[^A-Z]|^YAML|^JSON|^[A-Z_]+ /);
      expect(message).not.toMatch(/\.$/);
    }
  }
});

test('all problems at once, in the order of the file', () => {
  const { bytes, places } = unmark(
    'secretctl: 1\nname: ‸Shop\nserver:\n  ‸commnad: node\n  args: [‸1.5, "‸${dbb.password}"]\n' +
      `${DB}env:\n  ‸PATH: /x\n  A: ‸0777\n  B: ‸op://a\n‸lease: {}\n`,
  );
  expect(placesOf(checkProfile(bytes))).toEqual(places);
});

test('a misspelt section does not make every name in it unknown', () => {
  const { problems } = check(`${HEAD}${SERVER}secerts:\n  db: secret://a\nenv:\n  A: \${db.host}\n  B: \${db}\n`);
  expect(problems).toEqual([{ line: 5, column: 1, message: 'unknown key "secerts"', suggestion: 'secrets' }]);
});

test('the profile’s name is the one it was found by', () => {
  const bytes = Buffer.from(`${HEAD}${SERVER}`);
  expect(checkProfile(bytes, 'shop').problems).toEqual([]);
  expect(checkProfile(bytes, 'other').problems).toEqual([
    {
      line: 2,
      column: 7,
      message:
        'this profile calls itself "shop", but it was found as "other": write "name: other", or rename the file to shop.yaml',
    },
  ]);
  expect(checkProfile(bytes, 'My File').problems).toEqual([]);
});

describe('variables that a profile may not set', () => {
  const denied =
    'NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_V8_COVERAGE NODE_REPL_HISTORY ' +
    'ELECTRON_RUN_AS_NODE npm_config_registry NPM_CONFIG_USERCONFIG Npm_Config_x LD_PRELOAD DYLD_INSERT_LIBRARIES ' +
    'GLIBC_TUNABLES GCONV_PATH LOCPATH PATH Path IFS ENV BASH_ENV BASH_FUNC_x SHELLOPTS PS4 PROMPT_COMMAND ' +
    'PYTHONPATH PYTHONSTARTUP PERL5LIB PERL5OPT RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS ' +
    'DOTNET_STARTUP_HOOKS COR_PROFILER CORECLR_PROFILER UV_INDEX_URL PIP_INDEX_URL pip_index_url HTTP_PROXY ' +
    'https_proxy ALL_PROXY SSL_CERT_FILE SSLKEYLOGFILE OPENSSL_CONF GIT_SSH_COMMAND SSH_AUTH_SOCK PGSYSCONFDIR ' +
    'PGSERVICEFILE PGSERVICE PGPASSFILE HOME XDG_CONFIG_HOME TMPDIR EDITOR PAGER BROWSER SECRETCTL_HOME secretctl_trust';

  test.each(denied.split(' '))('%s', (name) => {
    const { problems } = check(inEnv(`  ${name}: x`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 8, column: 3 });
    expect(problems[0]?.message).toContain(`a profile may not set ${name}: `);
  });

  test.each(['PGHOST', 'PGPASSWORD', 'NODEX', 'NPM_TOKEN', 'HOMEPAGE', 'LC_ALL', 'PATHS', 'ENVIRONMENT', 'PROXY'])(
    '%s may be set',
    (name) => expect(check(inEnv(`  ${name}: x`)).problems).toEqual([]),
  );
});

describe('what is accepted', () => {
  test('every form at once', () => {
    const { profile, problems, notes } = check(
      `${HEAD}description: A shop\nserver:\n  command: /opt/my tools/node\n  args: ["--host=\${db.host}", "file:///data", "", "*.sql", "&x"]\n` +
        '  cwd: /srv\n  startupTimeout: 2m\n  maxLine: 1MiB\naudit: required\nshutdown:\n  grace: 5s\n' +
        'tools:\n  allow: [query, "list_*"]\n  deny: [drop]\n  denyArguments: [dsn]\n  readOnly: true\n' +
        'secrets:\n  db: {host: h, port: 5432, password: "secret://db/shop#password"}\n  token: secret://a/b#c\n' +
        'env:\n  PORT: 5432\n  NEGATIVE: -5\n  EMPTY: ""\n  URL: "postgres://u:${db.password | uri }@${db.host}/x"\n' +
        '  JSON: \'{"token": "${token|json}"}\'\n  KEY: secret://api-key\n  WEB: https://example.org/?a=b:c@d\n  DOLLAR: $5\n' +
        `redact:\n  allow: ["sha256:${'0a'.repeat(32)}"]\n`,
    );
    expect(problems).toEqual([]);
    expect(notes).toEqual([]);
    expect(profile).toEqual({
      name: 'shop',
      description: 'A shop',
      server: {
        command: '/opt/my tools/node',
        args: [
          [{ text: '--host=' }, { secret: 'db', field: 'host', filters: [] }],
          [{ text: 'file:///data' }],
          [],
          [{ text: '*.sql' }],
          [{ text: '&x' }],
        ],
        cwd: '/srv',
        startupTimeoutMs: 120_000,
        maxLineBytes: 1_048_576,
      },
      secrets: new Map<string, unknown>([
        [
          'db',
          {
            kind: 'fields',
            fields: new Map<string, unknown>([
              ['host', { kind: 'plain', text: 'h' }],
              ['port', { kind: 'plain', text: '5432' }],
              ['password', { kind: 'reference', reference: reference('db/shop', 'password') }],
            ]),
          },
        ],
        ['token', { kind: 'reference', reference: reference('a/b', 'c') }],
        ['KEY', { kind: 'reference', reference: { text: 'secret://api-key', scheme: 'secret', body: 'api-key' } }],
      ]),
      env: new Map<string, unknown>([
        ['PORT', [{ text: '5432' }]],
        ['NEGATIVE', [{ text: '-5' }]],
        ['EMPTY', []],
        [
          'URL',
          [
            { text: 'postgres://u:' },
            { secret: 'db', field: 'password', filters: ['uri'] },
            { text: '@' },
            { secret: 'db', field: 'host', filters: [] },
            { text: '/x' },
          ],
        ],
        ['JSON', [{ text: '{"token": "' }, { secret: 'token', filters: ['json'] }, { text: '"}' }]],
        ['KEY', [{ secret: 'KEY', filters: [] }]],
        ['WEB', [{ text: 'https://example.org/?a=b:c@d' }]],
        ['DOLLAR', [{ text: '$5' }]],
      ]),
      redactAllow: [`sha256:${'0a'.repeat(32)}`],
      tools: { allow: ['query', 'list_*'], deny: ['drop'], denyArguments: ['dsn'], readOnly: true },
      audit: 'required',
      shutdownGraceMs: 5_000,
    });
  });

  test('a whole number as an argument, as the same text in quotes', () => {
    const { profile, problems } = check(inArgs('["--port", 5432, -1]'));
    expect(problems).toEqual([]);
    expect(profile?.server.args).toEqual([[{ text: '--port' }], [{ text: '5432' }], [{ text: '-1' }]]);
  });

  test('defaults', () => {
    const { profile } = check(`${HEAD}${SERVER}`);
    expect(profile?.server).toEqual({
      command: 'node',
      args: [],
      cwd: 'neutral',
      startupTimeoutMs: 60_000,
      maxLineBytes: 67_108_864,
    });
    expect(profile?.tools).toEqual({ allow: undefined, deny: [], denyArguments: [], readOnly: false });
    expect(profile?.audit).toBe('best-effort');
    expect(profile?.shutdownGraceMs).toBeUndefined();
    expect(profile?.secrets.size).toBe(0);
  });

  test('remarks: a secret that is never used, plain text that may be a credential', () => {
    const { problems, notes } = check(inEnv('  API_TOKEN: plain'));
    expect(problems).toEqual([]);
    expect(notes.map(({ line, column, message }) => [line, column, message.slice(0, 24)])).toEqual([
      [6, 3, 'the secret "db" is never'],
      [8, 3, 'API_TOKEN is plain text:'],
    ]);
  });
});

describe('remarks on plain text', () => {
  const word = ['hunter', '2'].join('');
  test.each([
    [inEnv(`  ‸API_TOKEN: ${word}`), /API_TOKEN is plain text/],
    [inEnv('  ‸PGPASSWORD: 12345678'), /PGPASSWORD is plain text/],
    [inEnv(`  ‸URL: https://h/?a=b&token=${word}`), /URL holds what looks like a credential/],
    [inEnv(`  ‸ODBC: Server=h;Password=${word};`), /ODBC holds what looks like a credential/],
    [inEnv('  A: x ‸$HOME y'), /expands only \$\{name\}/],
    [inEnv('  A: "‸%APPDATA%/x"'), /expands only/],
    [inEnv('  A: ‸$(pass show x)'), /expands only/],
    [inEnv('  API_TOKEN: ‸$API_TOKEN'), /expands only/],
    [inEnv('  ‸API_TOKEN: pa$word'), /API_TOKEN is plain text/],
    [inArgs(`[--a, ‸--token=${word}]`), /looks like a credential, and every process/],
    [inArgs(`[--password, ‸${word}]`), /looks like a credential, and every process/],
    [inArgs(`["‸http://h/?api_key=${word}"]`.replace('"‸', '‸"')), /looks like a credential/],
    [inSecrets(`  db: {host: h, params: ‸password=${word}}`), /looks like a credential/],
  ])('%j', (document, says) => {
    const { bytes, places } = unmark(document);
    const { problems, notes } = checkProfile(bytes);
    expect(problems).toEqual([]);
    const [note] = notes.filter(({ message }) => !message.endsWith('is never used'));
    expect(`${note?.line}:${note?.column}`).toBe(places[0]);
    expect(note?.message).toMatch(says);
    expect(note?.message).not.toContain(word);
  });

  test.each([
    inEnv('  MAX_TOKENS: 4096'),
    inEnv('  JSON: \'{"token": "${db.password|json}", "a": 1}\''),
    inEnv('  HEADER: "Authorization: ${db.password}"'),
    inEnv('  A: x%C3%A9%20y'),
    inEnv('  A: costs $5, 100%'),
    inEnv('  URL: https://h/?token=${db.password|uri}'),
    inEnv('  AUTH_TOKEN: Bearer ${db.password}'),
    inArgs('[--max-tokens, 4096, --max-tokens=4096, --password-file, /run/x, --token-file=/run/x]'),
    inArgs('[--tokenizer=x, --password, --verbose, "postgres://h/x?sslmode=require"]'),
  ])('nothing to remark on: %j', (document) => {
    const { problems, notes } = check(document);
    expect([...problems, ...notes.filter(({ message }) => !message.endsWith('is never used'))]).toEqual([]);
  });
});

function reference(body: string, field: string) {
  return { text: `secret://${body}#${field}`, scheme: 'secret', body, field };
}
