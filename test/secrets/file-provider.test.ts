import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReference } from '../../src/profile/references.js';
import { fileProvider } from '../../src/secrets/providers/file.js';
import { randomPassword } from '../support/credentials.js';
import { providerContext } from '../support/provider-context.js';

const value = randomPassword();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-provider-'));
  writeFileSync(join(folder, 'token'), `${value}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'vault.key'), randomPassword(), { mode: 0o600 });
  linkSync(join(folder, 'vault.key'), join(folder, 'link'));
  symlinkSync('/proc/self', join(folder, 'self'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function ask(reference: string): Promise<unknown> {
  const parsed = parseReference(reference);
  if (!parsed.ok) throw new Error(parsed.message);
  const context = providerContext({
    profileFolder: folder,
    ownFiles: [join(folder, 'vault.key'), join(folder, 'none')],
  });
  const [answer] = await fileProvider.resolve([parsed.reference], context);
  return answer;
}

describe('file://', () => {
  test('reads what only its owner can read', async () => {
    expect(await ask('file://token')).toEqual({ kind: 'value', value });
    expect(await ask('file://none-of-it')).toBeUndefined();
  });

  test.each(['file://vault.key', 'file://link', 'file://./vault.key?encode=base64'])(
    'never hands on what opens the vault: %s',
    async (reference) => expect(await ask(reference)).toMatchObject({ code: 'not-permitted' }),
  );

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux.each(['file:///proc/self/environ?encode=base64', 'file://self/environ?encode=base64'])(
    'hands on no environment as a whole: %s',
    async (reference) => expect(await ask(reference)).toMatchObject({ code: 'not-permitted' }),
  );

  test('takes "~" for a mistake', async () => {
    expect(await ask('file://~/token')).toMatchObject({ code: 'bad-profile' });
  });
});
