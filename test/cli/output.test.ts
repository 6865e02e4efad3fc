import { Writable } from 'node:stream';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseArguments } from '../../src/cli/arguments.js';
import { printJson } from '../../src/cli/output.js';
import { profileShow } from '../../src/cli/profile.js';
import type { Host } from '../../src/system/host.js';

/** As much of a host as these commands look at. */
function hostWith(isTTY: boolean, cwd = '/'): { host: Host; printed: () => string } {
  const chunks: Buffer[] = [];
  const write = (chunk: Buffer, _: unknown, done: () => void): void => {
    chunks.push(Buffer.from(chunk));
    done();
  };
  const stdout = Object.assign(new Writable({ write }), { isTTY });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const host = { stdout, stderr, cwd, uid: process.geteuid?.(), env: {}, places: {}, builtinProfiles: '/' };
  return { host: host as unknown as Host, printed: () => Buffer.concat(chunks).toString() };
}

test('JSON holds nothing that a terminal acts on, and the same value', () => {
  const value = { a: '\u001b\u007f\u009b2J\u202e\u2028\u2029\u{e0001}\u200b é🙂' };
  const { host, printed } = hostWith(false);
  printJson(host, value);
  // oxlint-disable-next-line no-control-regex -- controls are what this looks for
  expect(printed()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]|\p{Cf}/u);
  expect(printed()).toContain(String.raw`\u001b\u007f\u009b2J\u202e\u2028\u2029\udb40\udc01\u200b é🙂`);
  expect(JSON.parse(printed())).toEqual(value);
});

test('a profile is shown byte for byte to a file, and harmless to a terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-show-'));
  try {
    const text = 'name: x # \u001b[2J\r\n';
    writeFileSync(join(folder, 'x.yaml'), text, { mode: 0o600 });
    const args = parseArguments(profileShow, ['./x.yaml']);
    for (const [isTTY, expected] of [
      [false, text],
      [true, 'name: x # \\u{1b}[2J\n'],
    ] as const) {
      const { host, printed } = hostWith(isTTY, folder);
      expect(await profileShow.run(host, args)).toBe(0);
      expect(printed()).toBe(expected);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
