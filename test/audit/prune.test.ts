// Retention, under the eyes of verify: what we remove is not missed, what anybody else removes is.

import { hkdfSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openIndex } from '../../src/audit/index-file.js';
import { openAuditLog, type LaunchLog } from '../../src/audit/log.js';
import { prune } from '../../src/audit/prune.js';
import { verifyAudit } from '../../src/audit/verify.js';
import { refusal } from '../support/errors.js';

const uid = process.geteuid?.();
const DAY = 24 * 3600 * 1000;
const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', 'master', '', label, 32));
let state: string;
let folder: string;
let clock: number;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'secretctl-audit-'));
  clock = Date.parse('2030-01-01T12:00:00Z');
  for (let day = 0; day < 200; day += 10) write();
  folder = join(state, 'audit', readdirSync(join(state, 'audit'))[0] ?? '');
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

function open(): LaunchLog {
  return openAuditLog({ state, uid, pid: 1, deriveKey: derive, now: () => new Date(clock) });
}

/** A log of one day, ten days after the last one. */
function write(): void {
  const log = open();
  log.append('launch', { profile: 'shop' });
  log.close();
  date();
  clock += 10 * DAY;
}

/** Files have the time that their records have. */
function date(): void {
  const place = join(state, 'audit', readdirSync(join(state, 'audit'))[0] ?? '');
  for (const name of readdirSync(place).filter((each) => each.endsWith('.jsonl'))) {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)T/.exec(name) ?? [];
    const time = new Date(`${year}-${month}-${day}T12:00:00Z`);
    utimesSync(join(place, name), time, time);
  }
}

const logs = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
const verdict = () => verifyAudit({ state, uid }, derive);
const pruned = (days = 90): Promise<readonly string[]> =>
  prune({ folder, uid, now: new Date(clock), days }, derive('audit-index'));

test('removes logs that are older than the limit, and their lines; the rest verifies', async () => {
  expect((await pruned()).length).toBe(11);
  expect([logs().length, verdict()]).toMatchObject([9, { logs: 9, complaints: [], notes: [] }]);
  expect(await pruned()).toEqual([]);
  write();
  expect(verdict()).toMatchObject({ logs: 10, complaints: [], notes: [] });
  clock += 40 * DAY;
  expect((await pruned()).length).toBeGreaterThan(3);
  expect(verdict()).toMatchObject({ complaints: [], notes: [] });
  expect(readdirSync(folder).filter((name) => /\.(?:tmp|lock)$/.test(name))).toEqual([]);
});

test('all of them, and then a new one', async () => {
  clock += 1000 * DAY;
  expect((await pruned()).length).toBe(20);
  expect(verdict()).toMatchObject({ logs: 0, complaints: [], notes: [] });
  write();
  expect(verdict()).toMatchObject({ logs: 1, complaints: [], notes: [] });
});

test('what somebody else has removed is still missed, and a line that is removed with it', async () => {
  await pruned();
  const [first = ''] = logs();
  const bytes = readFileSync(join(folder, first));
  rmSync(join(folder, first));
  expect(verdict().complaints).toMatchObject([{ file: first, what: 'missing' }]);
  writeFileSync(join(folder, first), bytes, { mode: 0o600 });
  const index = readFileSync(join(folder, 'index'), 'utf8').trimEnd().split('\n');
  for (let at = 0; at < index.length; at++) {
    writeFileSync(
      join(folder, 'index'),
      index
        .toSpliced(at, 1)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect([at, verdict().complaints.length > 0]).toEqual([at, true]);
  }
});

test('an old log that comes back is said, and is no fault', async () => {
  const [first = ''] = logs();
  const bytes = readFileSync(join(folder, first));
  await pruned();
  writeFileSync(join(folder, first), bytes, { mode: 0o600 });
  expect(verdict()).toMatchObject({ complaints: [], notes: [expect.stringContaining('there again')] });
});

test('an index that was tampered with is left alone', async () => {
  const index = readFileSync(join(folder, 'index'), 'utf8').trimEnd().split('\n');
  writeFileSync(
    join(folder, 'index'),
    index
      .toSpliced(4, 1)
      .map((line) => `${line}\n`)
      .join(''),
  );
  expect(await refusal(() => pruned())).toMatchObject({ code: 'bad-data' });
  expect(logs().length).toBe(20);
});

test('a log that is still written to stays, and goes on', async () => {
  const log = open();
  log.append('launch', {});
  const running = logs().at(-1) ?? '';
  clock += 300 * DAY;
  utimesSync(join(folder, running), new Date(clock), new Date(clock));
  expect((await pruned()).length).toBe(20);
  log.append('end', {});
  log.close();
  expect(verdict()).toMatchObject({ logs: 1, open: [], complaints: [], notes: [] });
});

test('whoever has the old index open writes into the new one', async () => {
  const index = openIndex(folder, derive('audit-index'));
  await pruned();
  index.append({ ev: 'open', log: 'late', file: 'late.jsonl' }, new Date(clock));
  index.close();
  expect(verdict().complaints).toMatchObject([{ file: 'late.jsonl', what: 'missing' }]);
});

test('is done once a day by a launch that ends, and never fails one', async () => {
  clock += 10 * DAY;
  const log = open();
  await log.retire();
  log.close();
  date();
  const left = logs().length;
  expect(left).toBeLessThan(20);
  clock += 60 * DAY;
  utimesSync(join(folder, 'retired'), new Date(clock), new Date(clock));
  const soon = open();
  await soon.retire();
  soon.close();
  expect(logs().length).toBe(left + 1);
  writeFileSync(join(folder, 'index'), 'not an index\n');
  clock += 2 * DAY;
  const other = open();
  await other.retire();
  other.close();
  expect(logs().length).toBe(left + 2);
});
