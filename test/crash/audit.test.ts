// Every change of a line of a log of a thousand records: removed, doubled, swapped, foreign, cut off behind it.

import { hkdfSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openAuditLog } from '../../src/audit/log.js';
import { readIndex } from '../../src/audit/verify.js';
import { verifyLog, type ListedLog } from '../../src/audit/verify-log.js';

const RECORDS = 1000;
const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', 'master', '', label, 32));
let state: string;
let lines: readonly string[];
let other: readonly string[];
let listed: ListedLog;

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'secretctl-audit-'));
  let minutes = 0;
  const now = (): Date => new Date(Date.parse('2030-01-01T00:00:00Z') + minutes++ * 60_000);
  for (let index = 0; index < 2; index++) {
    const log = openAuditLog({ state, uid: process.geteuid?.(), pid: 1, deriveKey: derive, now });
    for (let record = 0; record < RECORDS; record++) log.append('tool', { tool: 'query', ms: record });
    log.close();
  }
  const folder = join(state, 'audit', readdirSync(join(state, 'audit'))[0] ?? '');
  const logs = [...readIndex(folder, process.geteuid?.(), derive('audit-index')).logs.values()];
  const [one, two] = logs.map(({ file }) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'));
  if (logs[0] === undefined) throw new Error('it is in the index');
  [listed, lines, other] = [logs[0], one ?? [], two ?? []];
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

const CHANGES: Readonly<Record<string, (at: number) => readonly string[]>> = {
  removed: (at) => lines.toSpliced(at, 1),
  doubled: (at) => lines.toSpliced(at, 0, lines[at] ?? ''),
  'swapped with the next': (at) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? ''),
  'replaced by a foreign one': (at) => lines.toSpliced(at, 1, other[at] ?? ''),
  'the last one': (at) => lines.slice(0, at + 1),
  edited: (at) => lines.toSpliced(at, 1, (lines[at] ?? '').replace('query', 'quest')),
};

test.each(Object.entries(CHANGES))(
  'each line %s',
  (_, change) => {
    const missed = Array.from({ length: RECORDS - 1 }, (__, at) => at).filter((at) => {
      const text = change(at).map((line) => `${line}\n`);
      return verifyLog(Buffer.from(text.join('')), listed, derive).complaints.length === 0;
    });
    expect(missed).toEqual([]);
  },
  300_000,
);
