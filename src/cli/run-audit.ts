// What the `audit` commands do.

import { join, resolve } from 'node:path';
import { folderOf, INDEX_KEY } from '../audit/keys.js';
import { RETENTION_DAYS } from '../audit/log.js';
import { prune } from '../audit/prune.js';
import { isEvent, readRecords, type AuditFilter, type StoredRecord } from '../audit/read.js';
import { verifyAudit, type AuditVerdict } from '../audit/verify.js';
import { SecretctlError, systemCode } from '../errors.js';
import { createDurably, writeFailure } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { safeShort } from '../system/safe-text.js';
import type { ParsedArguments } from './command.js';
import { auditExport, auditList, auditPrune } from './audit.js';
import { usage } from './arguments.js';
import { printJson, printTable, say } from './output.js';
import { withVault } from './with-vault.js';

const OF_DATA = 65;
const UNITS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 7 * 24 };

export function runList(host: Host, args: ParsedArguments): number {
  const found = recordsFor(host, args);
  const last = args.text('last');
  if (last !== undefined && !/^[1-9]\d{0,6}$/.test(last)) throw usage(auditList, '--last takes a number, from 1');
  const records = last === undefined ? found : found.slice(-Number(last));
  if (args.has('json'))
    printJson(
      host,
      records.map(({ members }) => members),
    );
  else if (records.length === 0) say(host, 'no record matches');
  else printTable(host, [['TIME', 'EVENT', 'WHAT'], ...records.map(rowOf)]);
  return 0;
}

export async function runVerify(host: Host, args: ParsedArguments): Promise<number> {
  const { places, uid } = host;
  const verdict = await withVault(host, (vault) =>
    verifyAudit({ state: places.state, uid }, (label) => vault.deriveKey(label)),
  );
  const { folder, logs, records, open, complaints, notes } = verdict;
  if (args.has('json'))
    printJson(host, { ok: complaints.length === 0, folder, logs, records, open, complaints, notes });
  else printVerdict(host, verdict);
  return complaints.length === 0 ? 0 : OF_DATA;
}

export async function runExport(host: Host, args: ParsedArguments): Promise<number> {
  const format = args.text('format');
  const out = args.text('out');
  if (format !== 'otlp' && args.has('endpoint')) throw usage(auditExport, '--endpoint is for --format otlp');
  if (format === 'otlp') {
    if (out !== undefined) throw usage(auditExport, '--out is not for --format otlp, which sends');
    const { sendRecords } = await import('../audit/otlp.js');
    const records = recordsFor(host, args);
    await sendRecords(records, { endpoint: args.text('endpoint') });
    say(host, `sent ${records.length} records`);
    return 0;
  }
  if (format === 'jsonl')
    write(
      host,
      out,
      recordsFor(host, args)
        .map(({ line }) => `${line}\n`)
        .join(''),
    );
  else if (format === 'csv') write(host, out, (await import('../audit/csv.js')).csvOf(recordsFor(host, args)));
  else throw usage(auditExport, '--format is jsonl, csv or otlp');
  return 0;
}

export async function runPrune(host: Host, args: ParsedArguments): Promise<number> {
  const { places, uid, now } = host;
  const [, count, unit = ''] = /^([1-9]\d{0,4})([dw])$/.exec(args.text('older-than') ?? `${RETENTION_DAYS}d`) ?? [];
  if (count === undefined) throw usage(auditPrune, '--older-than takes days or weeks: 30d, 12w');
  const days = (Number(count) * (UNITS[unit] ?? 0)) / 24;
  const removed = await withVault(host, (vault) => {
    const { complaints } = verifyAudit({ state: places.state, uid }, (label) => vault.deriveKey(label));
    if (complaints.length > 0) {
      const message = 'the audit logs are not as they were written, so nothing is removed';
      throw new SecretctlError('bad-data', message, 'secretctl audit verify');
    }
    const key = vault.deriveKey(INDEX_KEY);
    return prune({ folder: join(places.state, 'audit', folderOf(key)), uid, now: now(), days }, key);
  });
  say(host, removed.length === 0 ? 'nothing is that old' : `removed ${removed.length} logs`);
  return 0;
}

function recordsFor(host: Host, args: ParsedArguments): readonly StoredRecord[] {
  const event = args.text('event');
  if (event !== undefined && !isEvent(event)) {
    const known = 'launch, refuse, trust, resolve, read, tool, found, end';
    throw new SecretctlError('usage', `there is no event "${event}", but ${known}`);
  }
  const since = args.text('since');
  const filter: AuditFilter = {
    since: since === undefined ? undefined : timeOf(since, host.now()),
    profile: args.text('profile'),
    event,
    secret: args.text('secret'),
  };
  return readRecords(host.places.state, host.uid, filter);
}

/** `7d` ago, or a date. */
function timeOf(text: string, now: Date): string {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0) * 3_600_000).toISOString();
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new SecretctlError('usage', `"${text}" is no time`, 'use 7d, 12h, 2w or 2030-01-31');
  return new Date(time).toISOString();
}

const HIDDEN = new Set(['v', 'log', 'seq', 't', 'mono', 'ev', 'day', 'prev', 'hmac', 'fp']);

function rowOf({ members }: StoredRecord): readonly string[] {
  const facts = Object.entries(members).filter(([name]) => !HIDDEN.has(name));
  const what = facts.map(([name, fact]) => `${name}=${typeof fact === 'string' ? fact : JSON.stringify(fact)}`);
  return [members.t.slice(0, 19).replace('T', ' '), members.ev, safeShort(what.join(' '))];
}

function printVerdict(host: Host, { folder, logs, records, open, complaints, notes }: AuditVerdict): void {
  for (const { file, line, what, detail } of complaints)
    host.stdout.write(`${safeShort(file)}${line === undefined ? '' : `:${line}`}: ${what}: ${safeShort(detail)}\n`);
  for (const each of notes) say(host, each);
  for (const file of open) say(host, `${file}: not closed: it is being written, or its process was killed`);
  const sum = `${logs} logs with ${records} records in ${folder}`;
  const bad = `${complaints.length} thing${complaints.length === 1 ? '' : 's'} in ${folder} not as written`;
  say(host, complaints.length === 0 ? `${sum} are as they were written` : bad);
}

/** A file is new: nothing is written over. */
function write(host: Host, out: string | undefined, text: string): void {
  if (out === undefined) {
    host.stdout.write(text);
    return;
  }
  try {
    createDurably(resolve(host.cwd, out), Buffer.from(text));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new SecretctlError('usage', `${out} exists already`);
    throw writeFailure(out, error);
  }
}
