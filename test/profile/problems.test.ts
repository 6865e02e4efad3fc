import { describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import { checkProfile, parseProfile } from '../../src/profile/parse.js';
import { renderProblems } from '../../src/profile/problems.js';
import { HEAD, inArgs, inEnv, inSecrets, SERVER } from './marked.js';

function render(document: string): string {
  const bytes = Buffer.from(document);
  return renderProblems('p.yaml', bytes, checkProfile(bytes).problems);
}

describe('a problem as people see it', () => {
  test('place, message, line, caret, suggestion', () => {
    expect(render(`${HEAD}server:\n  commnad: node\n`)).toBe(
      ['p.yaml:4:3: unknown key "commnad"', '   4 |   commnad: …', '     |   ^', '     = did you mean command?'].join(
        '\n',
      ),
    );
  });

  test('a template and a reference are shown, for they are names', () => {
    expect(render(inEnv('  A: x ${dbb.password} y'))).toContain('   8 |   A: …${dbb.password}…\n     |       ^');
    expect(render(inSecrets('  db: secret://a?b'))).toContain('   6 |   db: secret://a…\n     |       ^');
  });

  test.each([
    [`${HEAD}${SERVER}  cwd: here\n`, '   5 |   cwd: here', '     |        ^'],
    [`secretctl: 2\nname: shop\n${SERVER}`, '   1 | secretctl: 2', '     |            ^'],
    [`${HEAD}${SERVER}redact:\n  allow: [sha256]\n`, '   6 |   allow: [sha256]', '     |           ^'],
  ])('%j is shown as it is', (document, line, caret) => {
    expect(render(document).split('\n').slice(1, 3)).toEqual([line, caret]);
  });

  test('the caret counts characters, and what cannot be printed is spelt out', () => {
    expect(render('secretctl: 1\nname: 🙂é\u0000x\n')).toBe(
      [
        'p.yaml:2:9: the invisible character U+0000 does not belong here',
        String.raw`   2 | name: 🙂é\u{0}x`,
        '     |          ^',
      ].join('\n'),
    );
  });

  test('a problem at the end, after the last line', () => {
    expect(render('')).toBe(
      'p.yaml:1:1: a profile is made of keys and values, such as "secretctl: 1"\n   1 | \n     | ^',
    );
  });

  test('a long line is cut around the caret', () => {
    const rows = render(`${HEAD}${SERVER}redact:\n  allow: ["${'x'.repeat(500)}", short]\n`).split('\n');
    const second = rows.slice(3);
    expect(second[1]).toMatch(/^ {3}6 \| ….{100}$/);
    expect(second[1]?.indexOf('short')).toBe(second[2]?.indexOf('^'));
  });

  test('no more than twenty', () => {
    const rows = render(inEnv(Array.from({ length: 30 }, (_, i) => `  A${i}: true`).join('\n')));
    expect(rows.match(/write it in quotes/g)).toHaveLength(20);
    expect(rows).toMatch(/\nand 10 more$/);
  });

  test('nothing steers the terminal', () => {
    const printed = renderProblems('\u001b[2J.yaml', Buffer.from('\u009b\u202e: [\n'), [
      { line: 1, column: 1, message: '\u0007', suggestion: '\u2066' },
    ]);
    expect(printed).not.toMatch(/[^\n -~\u00a0-\u200a\u2010-\u2027…]/);
  });
});

// Whatever is wrong with a profile, a password that somebody pasted into it is not printed.
describe('a pasted credential stays hidden', () => {
  const word = ['hunter', '2!', 'Xy'].join('');
  test.each([
    inSecrets(`  db: ${word}`),
    inSecrets(`  db: "${word}"`),
    inSecrets(`  db: {password: ${word}}`),
    inSecrets(`  db:\n    password: ${word}`),
    inSecrets(`  db:\n    - ${word}`),
    inSecrets(`  db: opp://${word}`),
    inSecrets(`  db: secret://${word}?`),
    inEnv(`  PATH: ${word}`),
    inEnv(`  A: \${x} ${word}`),
    inEnv(`  A: ${word} \${x`),
    inEnv(`  A: op://${word}`),
    inEnv(`  A: postgres://u:${word}@h`),
    inEnv(`  A: ENC[${word}`),
    inEnv(`  A: ${word} # ${word}\n  A: ${word}`),
    inEnv(`  A: [${word}`),
    inEnv(`  A: ${word}: ${word}`),
    inEnv(`\tA: ${word}`),
    inSecrets(`  db: {host: h, ${word}}`),
    inEnv(`  {A: b, ${word}}`),
    `{secretctl: 1, ${word}}\n`,
    inEnv(`  A: "${word}`),
    inEnv(`  A: '${word}'${word}`),
    inEnv(`  A: |\n   ${word}\n  ${word}`),
    inEnv(`  A: &${word} x`),
    inEnv(`  A: *${word}`),
    inEnv(`  A: !${word} x`),
    inEnv(`  A: "\\q${word}"`),
    inArgs(`["--password=${word}", true]`),
    inArgs(`["${word}", op://x]`),
    `${HEAD}server:\n  command: node --password ${word}\n`,
    `${HEAD}${SERVER}enviroment:\n  A: ${word}\n  B: &x ${word}\n`,
    `${HEAD}${SERVER}env: {A: ${word}, B: true, C: &x y}\n`,
    `{secretctl: 1, name: shop, env: {A: ${word}}}\n`,
    `secretctl: 1 # ${word}\nname: Shop # ${word}\n`,
    `description: ${word} *x\n  a\nname: &x\n`,
    `${word}\n`,
    `- ${word}\n`,
    `env:\n- A: ${word}\n- &x\n`,
    `${HEAD}${SERVER}? ${word}\n`.replace('? ', 'env: '),
    `${HEAD}${SERVER}%${word}\n`,
    `${HEAD}${SERVER}tools: {}\nenv:\n  A: ${word}\u0000\n`,
  ])('%j', (document) => {
    const printed = render(document);
    expect(printed).not.toBe('');
    // The names of an unknown secret and of an anchor's place are all that a message repeats.
    expect(printed.replaceAll(/secret:\/\/\S+/g, '')).not.toContain(word);
  });
});

describe('parseProfile', () => {
  test('returns the profile', () => expect(parseProfile(sourceOf(`${HEAD}${SERVER}`)).name).toBe('shop'));

  test('throws bad-profile with the first problem, and all of them as its cause', () => {
    const thrown = catchError(() =>
      parseProfile(sourceOf('secretctl: 1\nname: shop\nserver:\n  commnad: x\n  args: 1\n')),
    );
    expect(thrown).toMatchObject({
      code: 'bad-profile',
      exitStatus: 65,
      hint: 'secretctl profile check shop',
      message: '/repo/profiles/shop.yaml:4:3: unknown key "commnad"; did you mean command? (and 1 more)',
    });
    expect(thrown.cause).toHaveLength(2);
  });
});

function catchError(action: () => unknown): SecretctlError {
  try {
    action();
  } catch (error) {
    if (error instanceof SecretctlError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function sourceOf(document: string) {
  return {
    name: 'shop',
    path: '/repo/profiles/shop.yaml',
    origin: 'project' as const,
    bytes: Buffer.from(document),
    workTree: '/repo',
    shadowed: [],
  };
}
