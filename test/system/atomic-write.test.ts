import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDurably, makePrivateFolder, writeAtomically } from '../../src/system/atomic-write.js';
import { notRun, refusal } from '../support/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secretctl-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeAtomically', () => {
  test('makes file and folders for nobody else', () => {
    const path = join(folder, 'a', 'b', 'c');
    writeAtomically(path, Buffer.from('text'));
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect([statSync(path).mode & 0o777, statSync(join(folder, 'a')).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('replaces the file as a whole, mode included', () => {
    const path = join(folder, 'x');
    writeFileSync(path, 'a much longer text');
    chmodSync(path, 0o644);
    writeAtomically(path, Buffer.from('short'));
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['short', 0o600]);
  });

  test('leaves nothing when it fails', async () => {
    mkdirSync(join(folder, 'x', 'inside'), { recursive: true });
    expect((await refusal(() => writeAtomically(join(folder, 'x'), Buffer.from('text')))).code).toBe('io');
    expect(readdirSync(folder)).toEqual(['x']);
  });
});

test('createDurably never overwrites', () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'mine');
  expect(() => createDurably(path, Buffer.from('other'))).toThrow(/EEXIST/);
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

describe('makePrivateFolder', () => {
  test('tells the first folder that it made', () => {
    expect(makePrivateFolder(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'));
    expect(makePrivateFolder(join(folder, 'a', 'b', 'd'))).toBe(join(folder, 'a', 'b', 'd'));
    expect(makePrivateFolder(join(folder, 'a', 'b'))).toBeUndefined();
  });

  test('never takes a file for a folder', () => {
    writeFileSync(join(folder, 'x'), '');
    expect(() => makePrivateFolder(join(folder, 'x'))).toThrow(/EEXIST/);
    expect(() => makePrivateFolder(join(folder, 'x', 'y'))).toThrow(/EEXIST|ENOTDIR/);
  });

  test('ends where nothing can be made', async () => {
    if (!existsSync('/proc/self/stat')) return notRun('there is no /proc here');
    expect((await refusal(() => writeAtomically('/proc/nope/deeper/x', Buffer.from('text')))).code).toBe('io');
  });
});
