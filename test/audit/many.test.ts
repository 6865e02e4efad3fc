// Many processes write logs at the same time, and one removes old ones meanwhile: the index loses nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hkdfSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { prune } from '../../src/audit/prune.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { root } from '../support/project.js';

const PROCESSES = 6;
const LOGS = 30;
const uid = process.geteuid?.();
const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', 'master', '', label, 32));
const writer = join(root, 'dist', 'test', 'support', 'audit-writer.js');
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'secretctl-audit-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

async function writeAll(meanwhile: () => Promise<void>): Promise<void> {
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, [writer, state, String(LOGS)], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const running = Promise.all(children.map((child) => once(child, 'close')));
  const writers = { isOver: false };
  void running.then(() => (writers.isOver = true));
  while (!writers.isOver) {
    // oxlint-disable-next-line no-await-in-loop -- for as long as they write
    await Promise.all([meanwhile(), setTimeout(5)]);
  }
  expect((await running).map(([status]) => status as number)).toEqual(children.map(() => 0));
}

test('nobody removes anything', async () => {
  await writeAll(async () => undefined);
  const all = PROCESSES * LOGS;
  expect(verifyAudit({ state, uid }, derive)).toMatchObject({
    logs: all,
    records: 2 * all,
    open: [],
    complaints: [],
    notes: [],
  });
}, 60_000);

test('one removes old logs as they come', async () => {
  let removed = 0;
  const retire = async (): Promise<void> => {
    const [name] = readdirSync(state).includes('audit') ? readdirSync(join(state, 'audit')) : [];
    if (name === undefined) return;
    const folder = join(state, 'audit', name);
    removed += (await prune({ folder, uid, now: new Date(), days: 90 }, derive('audit-index'))).length;
  };
  await writeAll(retire);
  await retire();
  expect(removed).toBe((PROCESSES * LOGS) / 2);
  expect(verifyAudit({ state, uid }, derive)).toMatchObject({
    logs: (PROCESSES * LOGS) / 2,
    open: [],
    complaints: [],
    notes: [],
  });
}, 60_000);
