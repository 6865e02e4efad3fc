import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findProfile, listProfiles } from '../../src/profile/find.js';
import { LIMITS } from '../../src/profile/prescan.js';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'secretctl-find-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const uid = process.geteuid?.();
const at = (path: string): string => join(home, path);
const options = (cwd = 'repo') => ({
  cwd: at(cwd),
  places: { profiles: at('user') },
  builtinProfiles: at('builtin'),
  uid,
});

function write(path: string, text = `# ${path}\n`): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text, { mode: 0o644 });
  return at(path);
}

function refusal(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

describe('the order of the look-up', () => {
  const ORDER = [
    'repo/a/b/profiles/p.yaml',
    'repo/a/b/.secretctl/p.yaml',
    'repo/a/profiles/p.yaml',
    'repo/profiles/p.yaml',
    'repo/.secretctl/p.yaml',
    'user/p.yaml',
    'builtin/p.yaml',
  ];

  test('each place shadows those after it', () => {
    mkdirSync(at('repo/.git'), { recursive: true });
    for (const file of ORDER) write(file);
    write('profiles/p.yaml');
    for (const [index, file] of ORDER.entries()) {
      const found = findProfile('p', options('repo/a/b'));
      expect(found).toEqual({
        name: 'p',
        path: at(file),
        origin: file.startsWith('repo') ? 'project' : file.split('/')[0],
        bytes: readFileSync(at(file)),
        workTree: file.startsWith('repo') ? at('repo') : undefined,
        shadowed: ORDER.slice(index + 1).map(at),
      });
      rmSync(at(file));
    }
    expect(refusal(() => findProfile('p', options('repo/a/b')))).toMatchObject({ code: 'profile-not-found' });
  });

  test('.git may be a file, as in a linked work tree', () => {
    write('repo/.git', 'gitdir: elsewhere\n');
    write('repo/profiles/p.yaml');
    expect(findProfile('p', options('repo')).workTree).toBe(at('repo'));
    mkdirSync(at('repo/sub'));
    expect(findProfile('p', options('repo/sub')).path).toBe(at('repo/profiles/p.yaml'));
  });

  test('without .git only the working directory counts', () => {
    write('repo/profiles/p.yaml');
    mkdirSync(at('repo/sub'));
    expect(findProfile('p', options('repo')).origin).toBe('project');
    expect(refusal(() => findProfile('p', options('repo/sub')))).toMatchObject({ code: 'profile-not-found' });
  });

  test('a built-in profile stays one when the working directory is the package itself', () => {
    write('repo/profiles/p.yaml');
    const found = findProfile('p', { ...options('repo'), builtinProfiles: at('repo/profiles') });
    expect(found).toMatchObject({ origin: 'builtin', shadowed: [] });
  });

  test('--profile-file names the file alone', () => {
    write('repo/profiles/p.yaml');
    const path = write('repo/other.yaml');
    const found = findProfile('p', { ...options(), profileFile: 'other.yaml' });
    expect(found).toMatchObject({ name: 'p', path, origin: 'file', shadowed: [] });
    expect(findProfile(path, { ...options(), profileFile: path }).name).toBe('other');
    write('repo/My File.yaml');
    expect(findProfile('My File', { ...options(), profileFile: 'My File.yaml' }).name).toBe('My File');
    expect(refusal(() => findProfile('p', { ...options(), profileFile: 'no/file.yaml' }))).toMatchObject({
      code: 'profile-not-found',
      message: `there is no profile ${at('repo/no/file.yaml')}`,
    });
  });
});

describe('names', () => {
  test.each([
    '../x',
    '..',
    '.',
    '',
    'a/b',
    '/etc/passwd',
    'a..b',
    'A',
    'ä',
    'a\0',
    'C:x',
    'a\\b',
    '-a',
    '.a',
    'x'.repeat(65),
  ])('%j is no name', (name) => {
    write('repo/x.yaml');
    write('etc/passwd.yaml');
    expect(refusal(() => findProfile(name, options()))).toMatchObject({ code: 'usage', exitStatus: 64 });
  });

  test.each([
    ['Not A Name', 'secretctl profile list'],
    ['../x.yaml', 'secretctl mcp-launch NAME --profile-file PATH'],
  ])('%j is answered with a command that works', (name, hint) => {
    expect(refusal(() => findProfile(name, options()))).toMatchObject({ hint });
  });

  test('one that is found nowhere is told where that is', () => {
    mkdirSync(at('repo/sub'), { recursive: true });
    expect(refusal(() => findProfile('zzz', options()))).toMatchObject({
      message: `there is no profile "zzz" in profiles/ or .secretctl/ here, in ${at('user')}, or among the built-in ones`,
    });
    mkdirSync(at('repo/.git'));
    expect(refusal(() => findProfile('zzz', options('repo/sub')))).toMatchObject({
      message: expect.stringContaining(`here or above, up to ${at('repo')}, in `),
    });
    const user = join(homedir(), 'a', 'profiles');
    expect(refusal(() => findProfile('zzz', { ...options(), places: { profiles: user } }))).toMatchObject({
      message: expect.stringContaining(', in ~/a/profiles, or'),
    });
  });

  test('the other ending of YAML is named', () => {
    write('repo/profiles/p.yml');
    expect(refusal(() => findProfile('p', options()))).toMatchObject({
      code: 'profile-not-found',
      message: `there is no profile "p", but there is ${at('repo/profiles/p.yml')}`,
      hint: 'rename it to p.yaml',
    });
  });

  test('one that is nearly right gets a suggestion', () => {
    write('builtin/postgres.yaml');
    expect(refusal(() => findProfile('postgers', options()))).toMatchObject({
      code: 'profile-not-found',
      message: expect.stringMatching(/^there is no profile "postgers" in .*; did you mean "postgres"\?$/),
      hint: 'secretctl profile list',
    });
  });
});

describe('a file that cannot be trusted is refused, not skipped', () => {
  beforeEach(() => {
    write('builtin/p.yaml');
  });
  const cases: Readonly<Record<string, (path: string) => void>> = {
    'a symbolic link': (path) => symlinkSync(write('repo/profiles/other.yaml'), path),
    'a dangling link': (path) => symlinkSync('nowhere', path),
    'a FIFO': (path) => void execFileSync('mkfifo', [path]),
    'a folder': (path) => mkdirSync(path),
    'a link to /dev/zero': (path) => symlinkSync('/dev/zero', path),
    'too large': (path) => writeFileSync(path, Buffer.alloc(LIMITS.bytes + 1, '#'), { mode: 0o644 }),
    'writable by the group': (path) => writeWithMode(path, 0o664),
    'writable by all': (path) => writeWithMode(path, 0o646),
  };

  test.each(Object.entries(cases))('%s', (_, make) => {
    mkdirSync(at('repo/profiles'), { recursive: true });
    make(at('repo/profiles/p.yaml'));
    expect(refusal(() => findProfile('p', options()))).toMatchObject({ code: 'unsafe-file', exitStatus: 77 });
    expect(refusal(() => findProfile('p', { ...options(), profileFile: 'profiles/p.yaml' }))).toMatchObject({
      code: 'unsafe-file',
    });
  });

  test('another owner; root may own it', () => {
    const path = write('repo/profiles/p.yaml');
    const asOther = { ...options(), uid: (uid ?? 0) + 1 };
    if (uid !== 0) {
      expect(refusal(() => findProfile('p', asOther))).toMatchObject({ code: 'unsafe-file' });
      return;
    }
    expect(findProfile('p', asOther).path).toBe(path);
    chownSync(path, 12345, 12345);
    expect(refusal(() => findProfile('p', options()))).toMatchObject({
      code: 'unsafe-file',
      message: `the profile ${path} belongs to another user (uid 12345)`,
    });
  });

  test('a folder that leads out of the project', () => {
    write('outside/p.yaml');
    mkdirSync(at('repo/.git'), { recursive: true });
    symlinkSync(at('outside'), at('repo/profiles'));
    expect(refusal(() => findProfile('p', options()))).toMatchObject({ code: 'unsafe-file' });
  });

  test('a folder that is a link inside the project, and the user’s own link', () => {
    write('repo/config/p.yaml');
    symlinkSync('config', at('repo/profiles'));
    expect(findProfile('p', options()).path).toBe(at('repo/config/p.yaml'));
    write('dotfiles/q.yaml');
    symlinkSync(at('dotfiles'), at('user'));
    expect(findProfile('q', options())).toMatchObject({ path: at('dotfiles/q.yaml'), origin: 'user' });
  });

  test('hard links are files like any other', () => {
    mkdirSync(at('repo/profiles'), { recursive: true });
    linkSync(at('builtin/p.yaml'), at('repo/profiles/p.yaml'));
    expect(findProfile('p', options()).origin).toBe('project');
  });
});

test('listProfiles names what findProfile finds, and what is shadowed', () => {
  write('repo/profiles/b.yaml');
  write('repo/profiles/No-Name.yaml');
  write('repo/profiles/a.yml');
  write('user/b.yaml');
  write('user/c.yaml');
  write('builtin/a.yaml');
  expect(listProfiles(options())).toEqual([
    { name: 'a', origin: 'builtin', path: at('builtin/a.yaml'), shadowed: [] },
    { name: 'b', origin: 'project', path: at('repo/profiles/b.yaml'), shadowed: [at('user/b.yaml')] },
    { name: 'c', origin: 'user', path: at('user/c.yaml'), shadowed: [] },
  ]);
});

function writeWithMode(path: string, mode: number): void {
  writeFileSync(path, '# x\n');
  chmodSync(path, mode);
}
