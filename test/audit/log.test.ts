import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openAuditLog } from '../../src/audit/log.js';
import { recordLine } from '../../src/audit/record.js';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'secretctl-audit-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const master = Buffer.alloc(32, 3);
const deriveKey = (label: string): Buffer => Buffer.from(hkdfSync('sha256', master, '', label, 32));

function open(times: string[]) {
  return openAuditLog({ state, pid: 42, deriveKey, now: () => new Date(times.shift() ?? '2030-01-01T12:00:00Z') });
}

function logLines(): string[] {
  const [file] = readdirSync(join(state, 'audit')).filter((name) => name.endsWith('.jsonl'));
  return readFileSync(join(state, 'audit', file ?? ''), 'utf8')
    .trimEnd()
    .split('\n');
}

const hash = (line: string): string => createHash('sha256').update(line).digest('hex');

/** Checks what a verifier will check, written from the format alone. */
function macIsRight(line: string, key: Buffer): boolean {
  const { hmac, ...rest } = JSON.parse(line) as Record<string, unknown>;
  return createHmac('sha256', key).update(JSON.stringify(rest)).digest('hex') === hmac;
}

const step = (previous: Buffer): Buffer => Buffer.from(hkdfSync('sha256', previous, '', 'audit-next', 32));

describe('the audit log', () => {
  test('is a chain of authenticated lines in a private file of its own', () => {
    const log = open([]);
    log.append('launch', { profile: 'shop', fp: 'sha256:ab', gate: 'record' });
    log.append('read', { secrets: ['secret://db/shop'] });
    log.append('end', { cause: 'client', status: 0, scrubbed: { 'db.password': 2 }, dropped: 0 });
    log.close();
    const lines = logLines();
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ seq, ev }) => [seq, ev])).toEqual([
      [1, 'launch'],
      [2, 'read'],
      [3, 'end'],
    ]);
    expect(records.map(({ prev }) => prev)).toEqual(['0'.repeat(64), hash(lines[0] ?? ''), hash(lines[1] ?? '')]);
    expect(lines.every((line) => macIsRight(line, deriveKey('audit|2030-01-01')))).toBe(true);
    const [file] = readdirSync(join(state, 'audit'));
    expect(statSync(join(state, 'audit', file ?? '')).mode & 0o777).toBe(0o600);
    expect(statSync(join(state, 'audit')).mode & 0o777).toBe(0o700);
  });

  test('commits its head when it is closed', () => {
    const log = open([]);
    log.append('launch', { profile: 'shop' });
    log.close();
    const [head] = readdirSync(join(state, 'audit')).filter((name) => name.endsWith('.head'));
    const written = JSON.parse(readFileSync(join(state, 'audit', head ?? ''), 'utf8')) as { seq: number; last: string };
    expect(written).toMatchObject({ seq: 1, last: hash(logLines()[0] ?? '') });
  });

  test('steps its key one way at midnight', () => {
    const log = open(['2030-01-01T23:59:59Z', '2030-01-01T23:59:59Z', '2030-01-03T00:00:01Z']);
    log.append('launch', {});
    log.append('end', {});
    log.close();
    const first = deriveKey('audit|2030-01-01');
    const [one = '', two = ''] = logLines();
    expect(macIsRight(one, first)).toBe(true);
    expect(macIsRight(two, step(step(first)))).toBe(true);
  });

  test('a record with too many names stays one line under the limit, and says so', () => {
    const names = Array.from({ length: 500 }, (_, index) => `secret://team/service-${index}`);
    const head = { log: 'x', seq: 1, t: '2030-01-01T00:00:00.000Z', mono: 0, ev: 'read' as const };
    const line = recordLine(head, { secrets: names, profile: 'shop' }, '0'.repeat(64), master);
    expect(Buffer.byteLength(line)).toBeLessThan(4096);
    expect(JSON.parse(line)).toMatchObject({ profile: 'shop', truncated: true });
    expect(macIsRight(line, master)).toBe(true);
  });

  test('a folder that cannot be written is an error that names it', () => {
    writeFileSync(join(state, 'audit'), '');
    chmodSync(state, 0o700);
    expect(() => open([])).toThrow(/audit log .* cannot be written/);
  });
});
