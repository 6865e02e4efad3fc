// An identity whose passphrase a real gnome-keyring keeps.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { notRun } from '../support/errors.js';
import { keyringSession, noKeyring } from '../support/keyring-session.js';
import { temporaryFolder } from '../support/leave-nothing.js';

test('is opened by the keychain, and by nothing else', async () => {
  const missing = noKeyring();
  if (missing !== undefined) return notRun(missing);
  const folder = await temporaryFolder();
  const keyring = await keyringSession(folder.path, 'unlocked');
  try {
    const env = { ...keyring.env, SECRETCTL_HOME: folder.path };
    const value = randomPassword();
    expect((await secretctl(['identity', 'new', '--keychain'], { env })).status).toBe(0);
    expect(readFileSync(join(folder.path, 'identity.pem'), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    writeFileSync(join(folder.path, 'shop.yaml'), 'secretctl: 1\nname: shop\nserver:\n  command: node\n', {
      mode: 0o600,
    });
    const inFolder = { env, cwd: folder.path };
    const sealed = await secretctl(['seal', 'shop.yaml', '--field', 'env.A'], { ...inFolder, input: value });
    expect([sealed.status, sealed.stderr]).toEqual([0, expect.stringContaining('sealed env.A')]);
    const unseal = ['unseal', 'shop.yaml', '--field', 'env.A', '--stdout'];
    expect(await secretctl(unseal, inFolder)).toMatchObject({ status: 0, stdout: value });
    const refused = await secretctl(unseal, {
      ...inFolder,
      env: { ...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
    });
    expect([refused.status, refused.stderr]).toEqual([77, expect.stringContaining('the identity is encrypted')]);
  } finally {
    await keyring.stop();
    await folder.remove();
  }
});
