// Whoever changes a log without the key of the vault is found out, whatever the change. The end of a log that was never closed
// is the exception: nothing says where it was.

import { hkdfSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { assert, nat, pre, property, uint8Array } from 'fast-check';
import { openAuditLog, type AuditLog } from '../../src/audit/log.js';
import { readIndex, verifyAudit } from '../../src/audit/verify.js';
import { verifyIndex } from '../../src/audit/verify-index.js';
import { verifyLog, type ListedLog } from '../../src/audit/verify-log.js';

const uid = process.geteuid?.();
const master = Buffer.alloc(32, 5);
const derive = (label: string): Buffer => Buffer.from(hkdfSync('sha256', master, '', label, 32));
const strange = (label: string): Buffer => Buffer.from(hkdfSync('sha256', 'other', '', label, 32));
const joined = (some: readonly string[]): string => `${some.join('\n')}\n`;
const RECORDS = 1000;

let state: string;
let folder: string;
let clock: Date;

function open(): AuditLog {
  return openAuditLog({ state, uid: process.geteuid?.(), pid: 7, deriveKey: derive, now: () => clock });
}

function write(records: number, hours = 0): void {
  const log = open();
  for (let index = 0; index < records; index++) {
    clock = new Date(clock.getTime() + (hours * 3_600_000) / records);
    log.append(index === 0 ? 'launch' : 'tool', { tool: `query-${index}`, outcome: 'ok', ms: index });
  }
  log.close();
}

const names = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
const whats = (): string[] =>
  verifyAudit({ state, uid }, derive).complaints.map(({ file, what }) => `${file.slice(0, 5)} ${what}`);

function begin(): void {
  state = mkdtempSync(join(tmpdir(), 'secretctl-audit-'));
  clock = new Date('2030-01-01T20:00:00Z');
}
function locate(): void {
  folder = join(state, 'audit', readdirSync(join(state, 'audit'))[0] ?? '');
}
const remove = (): void => rmSync(state, { recursive: true, force: true });

describe('a log of a thousand records, two midnights among them', () => {
  let bytes: Buffer;
  let lines: readonly string[];
  let listed: ListedLog;
  let other: readonly string[];
  beforeAll(() => {
    begin();
    write(RECORDS, 48);
    clock = new Date('2030-01-01T20:00:00Z');
    write(RECORDS);
    locate();
    const [one, two] = [...readIndex(folder, uid, derive('audit-index')).logs.values()];
    if (one === undefined || two === undefined) throw new Error('two logs were written');
    listed = one;
    bytes = readFileSync(join(folder, one.file));
    lines = bytes.toString().trimEnd().split('\n');
    other = readFileSync(join(folder, two.file), 'utf8').trimEnd().split('\n');
  });
  afterAll(remove);

  const judge = (text: string | Buffer): string[] =>
    verifyLog(Buffer.from(text), listed, derive).complaints.map(({ line, what }) => `${line} ${what}`);

  test('is fine as it was written', () => {
    expect(verifyLog(bytes, listed, derive)).toEqual({ records: RECORDS, complaints: [], isCut: false });
    expect(new Set(lines.map((line) => (JSON.parse(line) as { t: string }).t.slice(0, 10))).size).toBe(3);
    expect(whats()).toEqual([]);
  });

  const every = Array.from({ length: RECORDS }, (_, index) => index);
  const some = every.filter((index) => index % 167 === 0 || index > RECORDS - 3);

  test('without any one of its lines', () => {
    for (const index of some) {
      const line = index + 1;
      const wanted = line === RECORDS ? `${line - 1} truncated` : `${line} deleted`;
      expect(judge(joined(lines.toSpliced(index, 1)))).toEqual([wanted]);
    }
  });

  test('with any two neighbours in the place of each other', () => {
    for (const index of some.filter((each) => each > 0)) {
      const [one = '', two = ''] = lines.slice(index - 1, index + 1);
      expect(judge(joined(lines.toSpliced(index - 1, 2, two, one)))).toEqual([`${index + 1} reordered`]);
    }
  });

  test('with any line twice', () => {
    for (const index of some)
      expect(judge(joined(lines.toSpliced(index, 0, lines[index] ?? '')))).toEqual([`${index + 2} duplicated`]);
  });

  test('cut short after any line, and within it', () => {
    for (const index of some.filter((each) => each < RECORDS - 1)) {
      const whole = lines.slice(0, index + 1);
      expect(judge(joined(whole))).toEqual([`${index + 1} truncated`]);
      expect(judge(joined(whole).slice(0, -9))).toEqual([`${index + 1} truncated`]);
    }
    expect(judge('')).toEqual(['0 truncated']);
  });

  test('with a line of another log, added or in the place of its own', () => {
    for (const index of some) {
      const foreign = other[index] ?? '';
      expect(judge(joined(lines.toSpliced(index, 1, foreign)))).toEqual([`${index + 1} spliced`]);
      expect(judge(joined(lines.toSpliced(index, 0, foreign)))).toEqual([`${index + 1} spliced`]);
    }
  });

  test('every byte of a line counts', () => {
    const start = joined(lines.slice(0, 9)).length;
    const end = start + (lines[9]?.length ?? 0) + 1;
    const short = { ...listed, reached: undefined, isClosed: false };
    const first = joined(lines.slice(0, 12));
    expect(verifyLog(Buffer.from(first), short, derive).complaints).toEqual([]);
    for (let at = start; at < end; at++) {
      const changed = Buffer.from(first);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, verifyLog(changed, short, derive).complaints.length > 0]).toEqual([at, true]);
    }
  });

  test('any edit of a few bytes anywhere', () => {
    assert(
      property(nat(bytes.length - 1), uint8Array({ maxLength: 3 }), nat(3), (at, put, cut) => {
        const changed = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
        pre(!changed.equals(bytes));
        return verifyLog(changed, listed, derive).complaints.length > 0;
      }),
      { numRuns: 25 },
    );
  });

  test('bytes that decode to the same text are an edit', () => {
    const log = open();
    log.append('tool', { tool: 'a\ufffdb' });
    log.close();
    const file = names().at(-1) ?? '';
    const newest = [...readIndex(folder, uid, derive('audit-index')).logs.values()].at(-1);
    if (newest === undefined) throw new Error('it is in the index');
    const own = readFileSync(join(folder, newest.file));
    const at = own.indexOf(Buffer.from('\ufffd'));
    expect(file).not.toBe('');
    const changed = Buffer.concat([own.subarray(0, at), Buffer.from([0xff]), own.subarray(at + 3)]);
    expect(verifyLog(changed, newest, derive).complaints).toMatchObject([{ line: 1, what: 'edited' }]);
  });
});

describe('the files of a vault', () => {
  beforeEach(() => {
    begin();
    for (let index = 0; index < 5; index++) write(3);
    locate();
  });
  afterEach(remove);

  test('are fine as they were written', () => {
    expect(verifyAudit({ state, uid }, derive)).toMatchObject({
      logs: 5,
      records: 15,
      complaints: [],
      notes: [],
      open: [],
    });
  });

  test('one that is gone', () => {
    rmSync(join(folder, names()[2] ?? ''));
    expect(whats()).toEqual(['20300 missing']);
  });

  test('one that somebody put there', () => {
    copyFileSync(join(folder, names()[2] ?? ''), join(folder, '20300101T200000Z-7-ABCDEF.jsonl'));
    expect(whats()).toEqual(['20300 unlisted']);
  });

  test('one in the place of another', () => {
    copyFileSync(join(folder, names()[2] ?? ''), join(folder, names()[3] ?? ''));
    expect(whats()).toEqual(['20300 spliced', '20300 spliced', '20300 spliced']);
  });

  test('all of them with the index, but for its head', () => {
    for (const name of [...names(), 'index']) rmSync(join(folder, name));
    expect(whats()).toEqual(['index missing']);
  });

  test('a log that was not closed is named, and is no complaint', () => {
    const log = open();
    log.append('launch', {});
    expect(verifyAudit({ state, uid }, derive)).toMatchObject({ complaints: [], open: [expect.any(String)] });
    log.close();
    expect(verifyAudit({ state, uid }, derive)).toMatchObject({ complaints: [], open: [] });
  });

  test('every line of the index that is removed is missed, the last one too', () => {
    const index = readFileSync(join(folder, 'index'), 'utf8').trimEnd().split('\n');
    const head = readFileSync(join(folder, 'index.head'));
    const key = derive('audit-index');
    const judge = (lines: readonly string[]): number =>
      verifyIndex(Buffer.from(lines.map((line) => `${line}\n`).join('')), head, key).complaints.length;
    expect(judge(index)).toBe(0);
    for (let at = 0; at < index.length; at++) expect([at, judge(index.toSpliced(at, 1)) > 0]).toEqual([at, true]);
    for (let end = 0; end < index.length; end++) expect([end, judge(index.slice(0, end)) > 0]).toEqual([end, true]);
    for (let at = 1; at < index.length; at++)
      expect(judge(index.toSpliced(at - 1, 2, index[at] ?? '', index[at - 1] ?? ''))).toBeGreaterThan(0);
  });

  test('every bit of the index and of its head counts', () => {
    const index = readFileSync(join(folder, 'index'));
    const head = readFileSync(join(folder, 'index.head'));
    const key = derive('audit-index');
    const isFound = (changed: Buffer, other: Buffer): boolean => verifyIndex(changed, other, key).complaints.length > 0;
    for (let at = 0; at < index.length; at++) {
      const changed = Buffer.from(index);
      changed[at] = (changed[at] ?? 0) ^ 2;
      expect([at, isFound(changed, head)]).toEqual([at, true]);
    }
    for (let at = 0; at < head.length; at++) {
      const changed = Buffer.from(head);
      changed[at] = (changed[at] ?? 0) ^ 2;
      expect([at, isFound(index, changed)]).toEqual([at, true]);
    }
  });

  test('what a full disk left of a line spoils nothing', () => {
    writeFileSync(join(folder, 'index'), '{"v":1,"t":"2030', { flag: 'a' });
    write(2);
    const { complaints, notes, logs } = verifyAudit({ state, uid }, derive);
    expect([complaints, notes, logs]).toEqual([[], [expect.stringContaining('incomplete')], 6]);
  });

  test('another key sees that it is another', () => {
    const { logs, complaints, notes } = verifyAudit({ state, uid }, strange);
    expect([logs, complaints, notes]).toEqual([0, [], [expect.stringContaining('another vault key')]]);
  });
});
