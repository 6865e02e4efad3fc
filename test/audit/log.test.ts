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

/** The folder of this key, made from the format alone. */
const folder = (): string =>
  join(state, 'audit', createHmac('sha256', deriveKey('audit-index')).update('folder').digest('hex').slice(0, 16));

function open(times: string[]) {
  return openAuditLog({
    state,
    uid: process.geteuid?.(),
    pid: 42,
    deriveKey,
    now: () => new Date(times.shift() ?? '2030-01-01T12:00:00Z'),
  });
}

function linesOf(name: string): string[] {
  return readFileSync(join(folder(), name), 'utf8').trimEnd().split('\n');
}

function logLines(): string[] {
  const [file = ''] = readdirSync(folder()).filter((name) => name.endsWith('.jsonl'));
  return linesOf(file);
}

const hash = (line: string): string => createHash('sha256').update(line).digest('hex');

/** Checks what a verifier checks, written from the format alone. */
function macIsRight(line: string, key: Buffer): boolean {
  const { hmac, ...rest } = JSON.parse(line) as Record<string, unknown>;
  return createHmac('sha256', key).update(JSON.stringify(rest)).digest('hex') === hmac;
}

const step = (previous: Buffer): Buffer => Buffer.from(hkdfSync('sha256', previous, '', 'audit-next', 32));

describe('the audit log', () => {
  test('is a chain of authenticated lines in a private file of its own', () => {
    const log = open([]);
    log.append('launch', { profile: 'shop', fp: 'sha256:ab', gate: 'record' });
    log.append('read', { secrets: ['db/shop'] });
    log.append('end', { cause: 'client', status: 0, scrubbed: { 'db.password': 2 }, dropped: 0 });
    log.close();
    const lines = logLines();
    const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ v, seq, ev, day }) => [v, seq, ev, day])).toEqual([
      [1, 1, 'launch', '2030-01-01'],
      [1, 2, 'read', undefined],
      [1, 3, 'end', undefined],
    ]);
    expect(records.map(({ prev }) => prev)).toEqual(['0'.repeat(64), hash(lines[0] ?? ''), hash(lines[1] ?? '')]);
    expect(lines.every((line) => macIsRight(line, deriveKey('audit|2030-01-01')))).toBe(true);
    const [file] = readdirSync(folder()).filter((name) => name.endsWith('.jsonl'));
    expect(file).toMatch(/^20300101T120000Z-42-[\w-]{6}\.jsonl$/);
    for (const name of readdirSync(folder())) expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
  });

  test('has its beginning and its end in the index, whose last line is named by the head', () => {
    const log = open([]);
    log.append('launch', { profile: 'shop' });
    log.close();
    const lines = linesOf('index');
    const [opened, closed] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(opened).toMatchObject({ v: 1, ev: 'open', prev: [], file: expect.stringMatching(/\.jsonl$/) });
    expect(closed).toMatchObject({ ev: 'close', log: opened?.['log'], seq: 1, last: hash(logLines()[0] ?? '') });
    expect(closed).toMatchObject({ prev: [hash(lines[0] ?? '')] });
    const [head = ''] = linesOf('index.head');
    expect(JSON.parse(head)).toMatchObject({ v: 1, heads: [hash(lines[1] ?? '')] });
    expect([...lines, head].every((line) => macIsRight(line, deriveKey('audit-index')))).toBe(true);
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
    const head = { v: 1, log: 'x', seq: 1, t: '2030-01-01T00:00:00.000Z', mono: 0, ev: 'read' } as const;
    const line = recordLine(head, { secrets: names, profile: 'shop' }, '0'.repeat(64), master);
    expect(Buffer.byteLength(line)).toBeLessThan(4096);
    expect(JSON.parse(line)).toMatchObject({ profile: 'shop', truncated: true });
    expect(macIsRight(line, master)).toBe(true);
  });

  test('a name that would steer a terminal stands in it as escapes of JSON', () => {
    const tool = `a\u001b[2J\u009b\u202e\u2028\n\ud800`;
    const head = { v: 1, log: 'x', seq: 1, t: '2030-01-01T00:00:00.000Z', mono: 0, ev: 'tool' } as const;
    const line = recordLine(head, { tool }, '0'.repeat(64), master);
    expect(line).toMatch(/^[\u0020-\u007e]*$/);
    expect(JSON.parse(line)).toMatchObject({ tool });
  });

  test('a folder that cannot be written is an error that names it', () => {
    writeFileSync(join(state, 'audit'), '');
    chmodSync(state, 0o700);
    expect(() => open([])).toThrow(/audit log .* cannot be written/);
  });
});
