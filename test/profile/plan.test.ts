import { describe, expect, test } from '@jest/globals';
import { fingerprint, pin, type PlanBody } from '../../src/profile/fingerprint.js';
import { maskText } from '../../src/profile/mask.js';
import { parseProfile } from '../../src/profile/parse.js';
import { buildPlan, describePlan } from '../../src/profile/plan.js';
import type { LaunchPlan, PinnedPackage, ProfileSource, ResolvedFacts } from '../../src/profile/types.js';
import { DB, HEAD, SERVER } from './marked.js';

const DOCUMENT =
  `${HEAD}description: A shop\n${SERVER}  args: ["--host=\${db.host}", "two"]\n  startupTimeout: 30s\n` +
  'secrets:\n  db: secret://db/shop\n  web: {host: h, password: secret://web#pw}\n' +
  'env:\n  URL: "postgres://${db.user}:${db.password | uri}@h"\n  PORT: 5432\n  KEY: secret://key\n' +
  `redact:\n  allow: ["sha256:${'1'.repeat(64)}", "sha256:${'0'.repeat(64)}"]\n`;

const FACTS: ResolvedFacts = {
  command: {
    written: 'node',
    path: '/usr/bin/node',
    realPath: '/opt/node/bin/node',
    insideWorkTree: false,
    fromSystem: true,
  },
  cwdPath: '/',
  extraArgs: ['--extra'],
  childPath: '/usr/bin:/bin',
};

function plan(
  document = DOCUMENT,
  source: Partial<ProfileSource> = {},
  facts: Partial<ResolvedFacts> = {},
): LaunchPlan {
  const found: ProfileSource = {
    name: 'shop',
    path: '/repo/profiles/shop.yaml',
    origin: 'project',
    workTree: '/repo',
    shadowed: [],
    bytes: Buffer.from(document),
    ...source,
  };
  return buildPlan(parseProfile(found), found, { ...FACTS, ...facts });
}

test('a plan holds what the profile says, as templates and references', () => {
  const { fingerprint: _, pin: __, ...body } = plan();
  expect(body).toEqual({
    profile: 'shop',
    source: { path: '/repo/profiles/shop.yaml', origin: 'project', workTree: '/repo' },
    command: FACTS.command,
    package: undefined,
    args: ['--host=${db.host}', 'two'],
    extraArgs: ['--extra'],
    cwd: { mode: 'neutral', path: '/' },
    env: new Map([
      ['URL', 'postgres://${db.user}:${db.password|uri}@h'],
      ['PORT', '5432'],
      ['KEY', '${KEY}'],
    ]),
    secrets: new Map<string, unknown>([
      ['db', 'secret://db/shop'],
      [
        'web',
        new Map([
          ['host', { kind: 'plain', text: 'h' }],
          ['password', { kind: 'reference', text: 'secret://web#pw' }],
        ]),
      ],
      ['KEY', 'secret://key'],
    ]),
    startupTimeoutMs: 30_000,
    maxLineBytes: 67_108_864,
    shutdownGraceMs: undefined,
    tools: { allow: undefined, deny: [], denyArguments: [], readOnly: false },
    audit: 'best-effort',
    redactAllow: [`sha256:${'1'.repeat(64)}`, `sha256:${'0'.repeat(64)}`],
    sealedFor: undefined,
  } satisfies Record<keyof PlanBody, unknown>);
});

test('the digests are pinned: a change asks every person for every plan again', () => {
  expect(plan().fingerprint).toBe('sha256:821e6eb8a37d48c230e1c9fcc193b0e08fe782e7a8ae699e1435352a776f9ce2');
  expect(plan().pin).toBe('sha256:3d9b17e94361f856effed499a0652a7ce6c55a6787481148d2ab888f68fd4f61');
});

const PACKAGE: PinnedPackage = {
  spec: 'npm:@a/b@1.2.3',
  registry: 'npm',
  name: '@a/b',
  version: '1.2.3',
  integrity: 'sha512-one',
  tree: 'sha256:0',
  bin: undefined,
};

/** One change per field, at every depth. `pin` says whether the portable digest changes too. */
const MUTATIONS: readonly (readonly [string, boolean, (body: PlanBody) => PlanBody])[] = [
  ['profile', true, (body) => ({ ...body, profile: 'other' })],
  ['source.path', true, (body) => ({ ...body, source: { ...body.source, path: '/repo/other/shop.yaml' } })],
  ['source.workTree', true, (body) => ({ ...body, source: { ...body.source, workTree: undefined } })],
  ['command.written', true, (body) => ({ ...body, command: { ...body.command, written: 'x' } })],
  ['command.path', false, (body) => ({ ...body, command: { ...body.command, path: '/x' } })],
  ['command.realPath', false, (body) => ({ ...body, command: { ...body.command, realPath: '/x' } })],
  ['command.sha256', true, (body) => ({ ...body, command: { ...body.command, sha256: 'x' } })],
  ['command.insideWorkTree', false, (body) => ({ ...body, command: { ...body.command, insideWorkTree: true } })],
  ['command.fromSystem', false, (body) => ({ ...body, command: { ...body.command, fromSystem: false } })],
  ['package, in place of the command', true, (body) => ({ ...body, package: PACKAGE })],
  ['package.spec', true, (body) => ({ ...body, package: { ...PACKAGE, spec: 'npm:@a/b@1.2.4' } })],
  ['package.integrity', true, (body) => ({ ...body, package: { ...PACKAGE, integrity: 'sha512-other' } })],
  ['package.tree', true, (body) => ({ ...body, package: { ...PACKAGE, tree: 'sha256:1' } })],
  ['package.bin', true, (body) => ({ ...body, package: { ...PACKAGE, bin: 'serve' } })],
  ['args, one changed', true, (body) => ({ ...body, args: ['--host=x', 'two'] })],
  ['args, joined', true, (body) => ({ ...body, args: ['--host=${db.host}two'] })],
  ['args, order', true, (body) => ({ ...body, args: body.args.toReversed() })],
  ['args, moved to extraArgs', true, (body) => ({ ...body, args: [...body.args, ...body.extraArgs], extraArgs: [] })],
  ['extraArgs', true, (body) => ({ ...body, extraArgs: [] })],
  ['cwd.mode', true, (body) => ({ ...body, cwd: { ...body.cwd, mode: 'profile' } })],
  ['cwd, absolute', true, (body) => ({ ...body, cwd: { mode: '/', path: '/' } })],
  ['env, a value', true, (body) => ({ ...body, env: new Map([...body.env, ['PORT', '5433']]) })],
  ['env, a filter', true, (body) => ({ ...body, env: new Map([...body.env, ['KEY', '${KEY|json}']]) })],
  ['env, one more', true, (body) => ({ ...body, env: new Map([...body.env, ['MORE', '']]) })],
  ['env, one less', true, (body) => ({ ...body, env: new Map([...body.env].slice(1)) })],
  [
    'secrets, another reference',
    true,
    (body) => ({ ...body, secrets: new Map([...body.secrets, ['db', 'secret://db/prod']]) }),
  ],
  ['secrets, one more', true, (body) => ({ ...body, secrets: new Map([...body.secrets, ['x', 'secret://x']]) })],
  [
    'secrets, a plain field',
    true,
    (body) => ({
      ...body,
      secrets: new Map([...body.secrets, ['web', new Map([['host', { kind: 'plain', text: 'evil' }]])]]),
    }),
  ],
  [
    'secrets, plain instead of reference',
    true,
    (body) => ({
      ...body,
      secrets: new Map([...body.secrets, ['db', new Map([['host', { kind: 'plain', text: 'secret://db/shop' }]])]]),
    }),
  ],
  ['startupTimeoutMs', true, (body) => ({ ...body, startupTimeoutMs: 30_001 })],
  ['maxLineBytes', true, (body) => ({ ...body, maxLineBytes: 65_536 })],
  ['audit', true, (body) => ({ ...body, audit: 'required' })],
  ['sealedFor', true, (body) => ({ ...body, sealedFor: ['ada (sha256:0)'] })],
  ['shutdownGraceMs', true, (body) => ({ ...body, shutdownGraceMs: 5_000 })],
  ['tools.allow', true, (body) => ({ ...body, tools: { ...body.tools, allow: ['query'] } })],
  ['tools.allow, nothing', true, (body) => ({ ...body, tools: { ...body.tools, allow: [] } })],
  ['tools.deny', true, (body) => ({ ...body, tools: { ...body.tools, deny: ['query'] } })],
  ['tools.denyArguments', true, (body) => ({ ...body, tools: { ...body.tools, denyArguments: ['query'] } })],
  ['tools.readOnly', true, (body) => ({ ...body, tools: { ...body.tools, readOnly: true } })],
  ['redactAllow', true, (body) => ({ ...body, redactAllow: [] })],
];

describe('every field of the plan is in the fingerprint', () => {
  const { fingerprint: before, pin: pinBefore, ...body } = plan();

  test.each(MUTATIONS)('%s', (_, portable, mutate) => {
    const changed = mutate(body);
    expect(fingerprint(changed)).not.toBe(before);
    expect(pin(changed) !== pinBefore).toBe(portable);
  });

  test('and no field was forgotten here', () => {
    const named = new Set(MUTATIONS.map(([name]) => name.split(/[.,]/)[0]));
    expect(named).toEqual(new Set(Object.keys(body)));
  });

  test('all mutations differ from each other', () => {
    const digests = MUTATIONS.map(([, , mutate]) => fingerprint(mutate(body)));
    expect(new Set(digests).size).toBe(MUTATIONS.length);
  });

  test('but how the file was found is not', () => {
    expect(plan(DOCUMENT, { origin: 'file', shadowed: ['/x'] }).fingerprint).toBe(before);
  });

  test('nor are the place of the neutral folder and the PATH', () => {
    const elsewhere = plan(DOCUMENT, {}, { cwdPath: '/elsewhere', childPath: '/other' });
    expect(elsewhere.fingerprint).toBe(before);
  });

  test('an absolute working directory that leads elsewhere is', () => {
    const document = DOCUMENT.replace('startupTimeout', 'cwd: /srv\n  startupTimeout');
    const [one, other] = ['/srv', '/mnt'].map((cwdPath) => plan(document, {}, { cwdPath }));
    expect(one?.fingerprint).not.toBe(other?.fingerprint);
    expect(one?.pin).toBe(other?.pin);
  });
});

test('of a package counts what it is, not where it lies and which Node runs it', () => {
  const { fingerprint: _, pin: __, ...body } = plan();
  const command = { ...FACTS.command, path: '/nix/node', realPath: '/nix/store/node' };
  const [one, other] = [body, { ...body, command }].map((each) => ({ ...each, package: PACKAGE }));
  expect(one && fingerprint(one)).toBe(other && fingerprint(other));
  expect(one && pin(one)).toBe(other && pin(other));
});

describe('what does not change a digest', () => {
  const same: Readonly<Record<string, string>> = {
    comments: DOCUMENT.replaceAll('\n', ' # why\n'),
    'line ends': DOCUMENT.replaceAll('\n', '\r\n'),
    description: DOCUMENT.replace('description: A shop\n', ''),
    quotes: DOCUMENT.replace('PORT: 5432', 'PORT: "5432"')
      .replace('"two"', 'two')
      .replace('name: shop', "'name': shop"),
    'blanks in a template': DOCUMENT.replace('db.password | uri', 'db.password|uri'),
    'order of keys': DOCUMENT.replace('  PORT: 5432\n  KEY: secret://key\n', '  KEY: secret://key\n  PORT: 5432\n'),
    'order of sections': `env:${DOCUMENT.split('env:')[1]?.split('redact:')[0]}${DOCUMENT.split('env:')[0]}redact:${DOCUMENT.split('redact:')[1]}`,
    'order of exceptions': DOCUMENT.replace(
      /allow: .*/,
      `allow:\n    - sha256:${'0'.repeat(64)}\n    - sha256:${'1'.repeat(64)}`,
    ),
    'a secret declared where it stands or above': DOCUMENT.replace(
      'secrets:\n',
      'secrets:\n  KEY: secret://key\n',
    ).replace('KEY: secret://key\nredact', 'KEY: ${KEY}\nredact'),
  };

  test.each(Object.entries(same))('%s', (_, document) => {
    expect(document).not.toBe(DOCUMENT);
    expect(plan(document).fingerprint).toBe(plan().fingerprint);
    expect(plan(document).pin).toBe(plan().pin);
  });
});

describe('the pin', () => {
  test('is the same in another checkout, for another node, however the file was named', () => {
    const command = { ...FACTS.command, path: '/nix/node', realPath: '/nix/store/node' };
    const other = plan(DOCUMENT, { path: '/ci/w/profiles/shop.yaml', workTree: '/ci/w', origin: 'file' }, { command });
    expect(other.pin).toBe(plan().pin);
    expect(other.fingerprint).not.toBe(plan().fingerprint);
  });

  test('tells a repository’s profile, one outside of any, and the built-in one apart', () => {
    const outside = plan(DOCUMENT, { origin: 'user', workTree: undefined });
    const pins = [plan().pin, outside.pin, plan(DOCUMENT, { origin: 'builtin' }).pin];
    expect(new Set(pins).size).toBe(3);
  });
});

test('describePlan is plain JSON', () => {
  const described = describePlan(plan());
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  expect(described.secrets).toEqual({
    db: 'secret://db/shop',
    web: { host: 'h', password: 'secret://web#pw' },
    KEY: 'secret://key',
  });
  expect(described.command.sha256).toBeNull();
  expect(describePlan(plan(`${HEAD}${SERVER}${DB}`, { workTree: undefined })).source.workTree).toBeNull();
});

test('describePlan holds no plain-text credential, and the digests do not change', () => {
  const word = ['hunter', '2', 'xy'].join('');
  const document =
    `${HEAD}${SERVER}  args: ["--token=${word}", "--password", "${word}", "http://h/?a=b&api_key=${word}&c=d"]\n` +
    `secrets:\n  db: {host: h, params: "a=b&password=${word}", password: secret://db#pw}\n` +
    `env:\n  API_TOKEN: ${word}\n  DSN: "Server=h;Password='${word};${word}';Port=1"\n` +
    `  URL: "http://h/?token=${word}\${db.password|uri}"\n  JSON: '{"token": "${word}", "a": 1}'\n` +
    `  HEADER: "Authorization: Bearer ${word}"\n  AUTH_SECRET: "${word}\${db.password}"\n`;
  const whole = plan(document, {}, { extraArgs: ['--secret', word] });
  const described = describePlan(whole);
  expect(JSON.stringify(described)).not.toContain(word);
  expect(described).toMatchObject({
    args: ['--token=…', '--password', '…', 'http://h/?a=b&api_key=…&c=d'],
    extraArgs: ['--secret', '…'],
    secrets: { db: { host: 'h', params: 'a=b&password=…', password: 'secret://db#pw' } },
    env: {
      API_TOKEN: '…',
      DSN: 'Server=h;Password=…;Port=1',
      URL: 'http://h/?token=…${db.password|uri}',
      AUTH_SECRET: '…${db.password}',
    },
  });
  expect(JSON.stringify([whole.args, whole.extraArgs])).toContain(word);
});

test('masking a long, hostile text takes no time to speak of', () => {
  const parts = ['token', 'token ', "token='", 'token={', 'token={;', 'token=";', 'pass', '"token": '];
  for (const text of parts.map((part) => part.repeat(8_000))) expect(maskText(text).length).toBeLessThan(64_001);
});
