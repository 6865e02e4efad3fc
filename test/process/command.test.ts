import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import { resolveCommand, trustedPath } from '../../src/process/command.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'secretctl-command-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, mode = 0o755): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

function context(path: string[], distrusted: string[] = []) {
  return {
    env: { PATH: path.join(':') },
    platform: 'linux' as const,
    uid: process.geteuid?.(),
    node: process.execPath,
    profileFolder: root,
    distrusted,
    packaged: false,
  };
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof SecretctlError ? error.code : String(error);
  }
}

describe('the PATH that is trusted', () => {
  test('has no relative, missing, world-writable or repository folder', () => {
    const fine = join(root, 'fine');
    const open = join(root, 'open');
    const repository = join(root, 'repository');
    for (const folder of [fine, open, join(repository, 'bin')]) mkdirSync(folder, { recursive: true });
    chmodSync(open, 0o777);
    symlinkSync(join(repository, 'bin'), join(root, 'link'));
    const path = ['', '.', 'bin', fine, open, join(root, 'missing'), join(repository, 'bin'), join(root, 'link')];
    expect(trustedPath(context(path, [repository]))).toBe(fine);
  });
});

describe('resolving a command', () => {
  test('takes the first folder of the PATH that has it, and keeps the name it was found under', () => {
    const real = program(join(root, 'lib', 'server.js'));
    mkdirSync(join(root, 'bin'));
    symlinkSync(real, join(root, 'bin', 'server'));
    const found = resolveCommand('server', context([join(root, 'bin')]));
    expect(found).toEqual({
      written: 'server',
      path: join(root, 'bin', 'server'),
      realPath: real,
      insideWorkTree: false,
      fromSystem: false,
    });
  });

  test('a relative path starts at the profile and is pinned by its content', () => {
    program(join(root, 'tools', 'server'));
    const found = resolveCommand('./tools/server', context([]));
    expect(found.path).toBe(join(root, 'tools', 'server'));
    expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('says whether the command lies inside a git work tree', () => {
    mkdirSync(join(root, '.git'));
    program(join(root, 'bin', 'server'));
    expect(resolveCommand('server', context([join(root, 'bin')])).insideWorkTree).toBe(true);
  });

  test.each([
    ['nowhere', 'nowhere', 'command-not-found'],
    ['not executable', './plain', 'not-executable'],
    ['a folder', './folder', 'command-not-found'],
    ['a missing file', './missing', 'command-not-found'],
  ])('%s is refused', (_, written, code) => {
    program(join(root, 'plain'), 0o644);
    mkdirSync(join(root, 'folder'));
    expect(codeOf(() => resolveCommand(written, context([root])))).toBe(code);
  });

  test('a command that only the repository offers is refused, and the message says where it was', () => {
    program(join(root, 'repository', 'bin', 'server'));
    const inRepository = context([join(root, 'repository', 'bin')], [join(root, 'repository')]);
    expect(() => resolveCommand('server', inRepository)).toThrow(/repository\/bin\/server, in a folder that/);
  });
});
