// Fifty processes write twenty secrets each while others read: none is lost, and no reader sees half of anything.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keyFileVault, open, type VaultHome, vaultHome } from '../support/vault-home.js';

const WRITER = fileURLToPath(new URL('../support/vault-writer.js', import.meta.url));
const [WRITERS, EACH] = [50, 20];

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => home.remove());

test(`${WRITERS} processes × ${EACH} secrets, and readers`, async () => {
  (await keyFileVault(home.places)).close();
  const state = { isDone: false };
  const readers = Array.from({ length: 4 }, async () => {
    let seen = 0;
    while (!state.isDone) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const vault = await open(home.places);
      const { length } = vault.list();
      expect(length).toBeGreaterThanOrEqual(seen);
      seen = length;
      vault.close();
      // oxlint-disable-next-line no-await-in-loop -- the same
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  const writers = Array.from({ length: WRITERS }, async (_, index) => {
    const child = spawn(process.execPath, [WRITER, home.folder, `writer${index}`, String(EACH)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [names] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return names.trimEnd().split('\n');
  });
  const acknowledged = (await Promise.all(writers)).flat();
  state.isDone = true;
  await Promise.all(readers);
  const vault = await open(home.places);
  expect(vault.list().map(({ name }) => name)).toEqual(acknowledged.toSorted());
  expect([acknowledged.length, vault.generation]).toEqual([WRITERS * EACH, WRITERS * EACH + 1]);
}, 600_000);
