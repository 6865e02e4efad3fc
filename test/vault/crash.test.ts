import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keyFileVault, open, type VaultHome, vaultHome } from '../support/vault-home.js';

const WRITER = fileURLToPath(new URL('../support/vault-writer.js', import.meta.url));
/** Each costs the start of a process; `npm run test:crash` has more. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 100);

let home: VaultHome;
beforeEach(() => {
  home = vaultHome();
});
afterEach(() => home.remove());

/** Names that the writer acknowledged. With `killAfterMs`, it is killed that long after its first one. */
async function runWriter(prefix: string, count: number, killAfterMs?: number, also = ''): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, home.folder, prefix, String(count), also], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    if (printed === '' && killAfterMs !== undefined) void sleep(killAfterMs).then(() => child.kill('SIGKILL'));
    printed += chunk.toString();
  });
  await once(child, 'close');
  expect(complaint).toBe('');
  return printed.split('\n').slice(0, -1);
}

describe('writers', () => {
  test('twenty at once lose nothing', async () => {
    (await keyFileVault(home.places)).close();
    const writers = Array.from({ length: 20 }, (_, i) => `writer${i}`);
    const acknowledged = await Promise.all(writers.map((prefix) => runWriter(prefix, 3)));
    const vault = await open(home.places);
    expect(vault.list().map(({ name }) => name)).toEqual(acknowledged.flat().toSorted());
    expect([vault.list().length, vault.generation]).toEqual([60, 61]);
  }, 60_000);

  test(
    `killed ${ROUNDS / 2} times while they change slots and the master key: always readable, and nothing acknowledged is lost`,
    async () => {
      (await keyFileVault(home.places)).close();
      const acknowledged = new Set<string>();
      for (let round = 0; round < ROUNDS / 2; round++) {
        const also = round % 2 === 0 ? 'rekey' : 'slots';
        for (const name of await runWriter(`round${round}`, 0, Math.random() * 25, also)) acknowledged.add(name);
        const vault = await open(home.places);
        const present = new Set(vault.list().map(({ name }) => name));
        expect([...acknowledged].filter((name) => !present.has(name))).toEqual([]);
      }
      expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS / 2);
    },
    10_000 + ROUNDS * 1000,
  );

  test(
    `killed ${ROUNDS} times at any moment: always readable, and what was acknowledged is there`,
    async () => {
      (await keyFileVault(home.places)).close();
      const acknowledged = new Set<string>();
      for (let round = 0; round < ROUNDS; round += 4) {
        const runs = [0, 1, 2, 3].map((i) => runWriter(`round${round + i}`, 0, Math.random() * 12));
        for (const name of (await Promise.all(runs)).flat()) acknowledged.add(name);
        const vault = await open(home.places);
        const present = new Set(vault.list().map(({ name }) => name));
        expect([...acknowledged].filter((name) => !present.has(name))).toEqual([]);
      }
      expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS);
      const vault = await open(home.places);
      await vault.put('after', { value: 'all' });
    },
    10_000 + ROUNDS * 1000,
  );
});

test('leftovers of killed writers go after an hour, nothing else does', async () => {
  const vault = await keyFileVault(home.places);
  const old = `${home.places.vault}.00aa.tmp`;
  for (const path of [old, `${home.places.vault}.11bb.tmp`, `${home.places.vault}.txt`, `${home.folder}/other.tmp`])
    writeFileSync(path, '');
  const longAgo = new Date(Date.now() - 3_700_000);
  for (const path of [old, `${home.folder}/other.tmp`]) utimesSync(path, longAgo, longAgo);
  await vault.put('x', { value: '1' });
  const names = readdirSync(home.folder);
  expect(names).not.toContain('vault.sctl.00aa.tmp');
  expect(names).toEqual(expect.arrayContaining(['vault.sctl.11bb.tmp', 'vault.sctl.txt', 'other.tmp']));
});
