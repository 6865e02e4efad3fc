import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { showPlan } from '../../src/cli/plan-text.js';
import type { LaunchPlan, ProfileSource } from '../../src/profile/types.js';

const SOURCE: ProfileSource = {
  name: 'shop',
  path: '/repo/profiles/shop.yaml',
  origin: 'project',
  workTree: '/repo',
  shadowed: ['/home/me/shop.yaml'],
  bytes: Buffer.alloc(0),
};

const PLAN: LaunchPlan = {
  profile: 'shop',
  source: { path: SOURCE.path, origin: 'project', workTree: '/repo' },
  command: {
    written: 'npx',
    path: '/usr/bin/npx',
    realPath: '/usr/lib/npm/npx.js',
    insideWorkTree: false,
    fromSystem: true,
  },
  package: undefined,
  args: ['-y', 'server'],
  extraArgs: ['--more'],
  cwd: { mode: 'neutral', path: '/' },
  env: new Map([
    ['HOST', '${db.host}'],
    ['KEY', '${KEY}'],
  ]),
  secrets: new Map<string, LaunchPlan['secrets'] extends ReadonlyMap<string, infer T> ? T : never>([
    ['KEY', 'secret://key'],
    [
      'db',
      new Map([
        ['host', { kind: 'plain' as const, text: 'h' }],
        ['password', { kind: 'reference' as const, text: 'secret://db#pw' }],
      ]),
    ],
  ]),
  startupTimeoutMs: 60_000,
  maxLineBytes: 67_108_864,
  shutdownGraceMs: undefined,
  tools: { allow: undefined, deny: [], denyArguments: [], readOnly: false },
  audit: 'best-effort',
  sealedFor: undefined,
  redactAllow: [],
  fingerprint: `sha256:${'0'.repeat(64)}`,
  pin: `sha256:${'1'.repeat(64)}`,
};

const rowsOf = (plan: Partial<LaunchPlan>, width?: number): string[] =>
  showPlan({ ...PLAN, ...plan }, SOURCE, width)
    .split('\n')
    .slice(3, -2);

/** What a row says, its lines put together again. */
function joined(rows: readonly string[]): string[] {
  const texts: string[] = [];
  for (const row of rows) {
    if (row.startsWith('  ↳')) texts.push(`${texts.pop()}${row.slice(15)}`);
    else texts.push(row.slice(2));
  }
  return texts;
}

test('what stays unmasked is part of what is approved', () => {
  const allowed = `sha256:${'2'.repeat(64)}`;
  expect(rowsOf({ redactAllow: [allowed] }, 120)).toContain(`  not masked   ${allowed}`);
});

test('what the policy takes away is part of what is approved', () => {
  const tools = { allow: ['query', 'list_*'], deny: ['drop'], denyArguments: ['connectionString'], readOnly: true };
  expect(rowsOf({ tools }, 120)).toEqual(
    expect.arrayContaining([
      '  only tools   query, list_*',
      '  not tools    drop',
      '  not with     connectionString',
      '  only tools   that the server marks as read-only',
    ]),
  );
});

test('one line for each thing, and nothing else', () => {
  expect(rowsOf({}, 120)).toEqual([
    '  profile      shop (project)',
    '  file         /repo/profiles/shop.yaml',
    '  not used     /home/me/shop.yaml',
    '  command      /usr/bin/npx',
    '  leads to     /usr/lib/npm/npx.js',
    '  unpinned     npx fetches what runs when it starts',
    '  pin it       secretctl profile pin shop',
    '  argument     "-y"',
    '  argument     "server"',
    '  argument     "--more"',
    '  starts in    / (neutral)',
    '  environment  HOST=${db.host}',
    '  environment  KEY=${KEY}',
    '  secret       KEY = secret://key',
    '  secret       db.host = h',
    '  secret       db.password = secret://db#pw',
    `  fingerprint  ${PLAN.fingerprint}`,
  ]);
});

describe('a text of the profile cannot look like a row', () => {
  test('blanks in a row are counted', () => {
    const rows = rowsOf({
      args: [`a${' '.repeat(500)}  fingerprint  x`],
      env: new Map([['A', 'b\u00a0\u2003\u3000\u2800c']]),
    });
    expect(rows).toContain(String.raw`  argument     "a\u{20}×502fingerprint\u{20}×2x"`);
    expect(rows).toContain(String.raw`  environment  A=b\u{a0}\u{2003}\u{3000}\u{2800}c`);
  });

  test('controls are spelt out', () => {
    const printed = showPlan({ ...PLAN, env: new Map([['A', '\u001b[2J\r\n  secret\u202e']]) }, SOURCE);
    expect(printed).toContain(String.raw`A=\u{1b}[2J\u{d}\u{a}\u{20}×2secret\u{202e}`);
  });

  test('no line is wider than the terminal, and nothing is left out', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 40, max: 130 }), (argument, value, width) => {
        const plan = { args: [argument], env: new Map([['A', value]]) };
        const rows = rowsOf(plan, width);
        for (const row of rows) {
          expect(
            Array.from(row, (character) => (character < '\u007f' ? 1 : 2)).reduce((a, b) => a + b, 0),
          ).toBeLessThan(width + 1);
          expect(row).toMatch(
            /^ {2}(?:profile|file|not used|command|leads to|warning|unpinned|pin it|argument|starts in|environment|secret|fingerprint|↳) +/,
          );
        }
        expect(joined(rows)).toEqual(joined(rowsOf(plan, 100_000)));
      }),
    );
  });

  test('80 columns unless the terminal says otherwise', () => {
    const rows = rowsOf({ args: ['x'.repeat(200)] });
    expect(Math.max(...rows.map((row) => row.length))).toBe(79);
    expect(rows).toContain(`  ↳            ${'x'.repeat(64)}`);
  });
});

test('a package is shown with all that pins it', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const parts = { registry: 'npm', name: '@a/b', version: '1.2.3' } as const;
  const pinned = { ...parts, spec: 'npm:@a/b@1.2.3', integrity, tree: 'sha256:0', bin: 'serve' };
  const command = { ...PLAN.command, written: pinned.spec, path: '/usr/bin/node', realPath: '/usr/bin/node' };
  expect(rowsOf({ package: pinned, command }, 150).slice(3, 8)).toEqual([
    '  package      npm:@a/b@1.2.3',
    '  program      serve',
    `  integrity    ${integrity}`,
    '  with all     sha256:0',
    '  command      /usr/bin/node',
  ]);
});

describe('what fetches its program at every start is marked', () => {
  const image = `x@sha256:${'0'.repeat(64)}`;
  const lines: readonly (readonly [string, readonly string[], string | undefined])[] = [
    ['/usr/bin/uvx', ['server'], 'uvx'],
    ['npx.cmd', ['-y', 'server'], 'npx'],
    ['bunx', [], 'bunx'],
    ['pnpm', ['dlx', 'server'], 'pnpm dlx'],
    ['npm', ['--yes', 'exec', 'server'], 'npm exec'],
    ['npm', ['run', 'exec'], undefined],
    ['uv', ['tool', 'run', 'server'], 'uv tool'],
    ['docker', ['run', '-i', 'x:latest'], 'docker run'],
    ['docker', ['run', '-i', image], undefined],
    ['docker', ['exec', '-i', 'x'], undefined],
    ['node', ['npx'], undefined],
    ['constructor', ['run'], undefined],
  ];
  test.each(lines)('%s %j', (written, args, runner) => {
    const rows = rowsOf({ command: { ...PLAN.command, written }, args }, 150).filter((row) => row.includes('unpinned'));
    expect(rows).toEqual(runner === undefined ? [] : [`  unpinned     ${runner} fetches what runs when it starts`]);
  });
});

describe('warnings', () => {
  const command = { ...PLAN.command, written: 'node' };
  const own = { ...command, insideWorkTree: true };
  const rows: readonly (readonly [string, Partial<LaunchPlan>, readonly string[]])[] = [
    ['no runner', { command }, []],
    [
      'a command of this repository',
      { command: { ...own, path: '/repo/bin/x' } },
      ['this repository can change what runs'],
    ],
    ['a link into it', { command: { ...own, realPath: '/repo/bin/x' } }, ['this repository can change what runs']],
    ['a command of another repository', { command: { ...own, path: '/repo2/x', realPath: '/repo2/x' } }, []],
    [
      'started in it',
      { command, cwd: { mode: 'profile', path: '/repo/profiles' } },
      ['this repository can change what runs'],
    ],
  ];
  test.each(rows)('%s', (_, plan, expected) => {
    const warnings = rowsOf(plan).filter((row) => row.startsWith('  warning'));
    expect(warnings.map((row) => row.slice(15))).toEqual(expected);
  });
});
