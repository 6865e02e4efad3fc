// Reads and verifies every log of one vault key: the index first, which says which there must be, then each of them.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { readSafeFile } from '../system/safe-file.js';
import { HEAD_FILE, INDEX_FILE } from './index-file.js';
import { folderOf, INDEX_KEY, type DeriveKey } from './keys.js';
import { verifyIndex, type IndexVerdict } from './verify-index.js';
import { verifyLog, type Complaint, type ListedLog } from './verify-log.js';

export interface AuditPlace {
  readonly state: string;
  readonly uid: number | undefined;
}

export interface AuditComplaint extends Complaint {
  /** Name of the file, or `index`. */
  readonly file: string;
}

export interface AuditVerdict {
  readonly folder: string;
  /** How many logs are in the index. */
  readonly logs: number;
  /** Of those, the ones that were not closed: they are running, or ended without us. */
  readonly open: readonly string[];
  /** Genuine records in all of them. */
  readonly records: number;
  readonly complaints: readonly AuditComplaint[];
  readonly notes: readonly string[];
}

const TRIES = 20;
const MOST_BYTES = 512 * 1024 * 1024;

export function verifyAudit({ state, uid }: AuditPlace, derive: DeriveKey): AuditVerdict {
  const root = join(state, 'audit');
  const indexKey = derive(INDEX_KEY);
  const folder = join(root, folderOf(indexKey));
  // In this order: what is begun meanwhile is in the index and not in the list, and a head names what was there before.
  const files = filesIn(folder).filter((name) => name.endsWith('.jsonl'));
  const index = readIndex(folder, uid, indexKey);
  const results = [...index.logs.values()].map((listed) => judge(folder, listed, uid, derive));
  const known = new Set([...index.logs.values()].map(({ file }) => file));
  const strangers = files.filter((name) => !known.has(name)).map((name) => stranger(folder, name, index, uid));
  const cut = results.flatMap(({ listed, isCut }) => (isCut ? [`${listed.file}: the last line is incomplete`] : []));
  return {
    folder,
    logs: index.logs.size,
    open: results.filter(({ listed }) => !listed.isClosed).map(({ listed }) => listed.file),
    records: results.reduce((sum, { records }) => sum + records, 0),
    complaints: [
      ...index.complaints.map((each) => ({ file: INDEX_FILE, ...each })),
      ...results.flatMap(({ listed, complaints }) => complaints.map((each) => ({ file: listed.file, ...each }))),
      ...strangers.flatMap((each) => (typeof each === 'string' ? [] : [each])),
    ],
    notes: [
      ...index.notes.map((each) => `${INDEX_FILE}: ${each}`),
      ...cut,
      ...strangers.flatMap((each) => (typeof each === 'string' ? [each] : [])),
      ...otherKeys(root, folderOf(indexKey)),
    ],
  };
}

/** The head is read before the index, which only grows. */
export function readIndex(folder: string, uid: number | undefined, key: Buffer): IndexVerdict {
  let head = read(join(folder, HEAD_FILE), uid);
  let bytes = read(join(folder, INDEX_FILE), uid);
  for (let tries = 0; tries < TRIES; tries++) {
    const again = read(join(folder, HEAD_FILE), uid);
    if (again === undefined || head?.equals(again) === true) break;
    // Somebody has written meanwhile, and may have removed old logs: of two generations these two would not fit.
    head = again;
    bytes = read(join(folder, INDEX_FILE), uid);
  }
  const verdict = verifyIndex(bytes ?? Buffer.alloc(0), head, key);
  if (bytes !== undefined || verdict.heads.length === 0) return verdict;
  return { ...verdict, complaints: [{ what: 'missing', detail: 'the index is gone' }] };
}

interface Judged {
  readonly listed: ListedLog;
  readonly records: number;
  readonly complaints: readonly Complaint[];
  readonly isCut: boolean;
}

function judge(folder: string, listed: ListedLog, uid: number | undefined, derive: DeriveKey): Judged {
  const nothing = { listed, records: 0, isCut: false };
  try {
    const bytes = read(join(folder, listed.file), uid);
    if (bytes !== undefined) return { listed, ...verifyLog(bytes, listed, derive) };
    const had = listed.reached === undefined ? '' : ` with its ${listed.reached.seq} records`;
    return { ...nothing, complaints: [{ what: 'missing', detail: `the log is gone${had}` }] };
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    return { ...nothing, complaints: [{ what: 'unreadable', detail: error.message }] };
  }
}

/** A process that is killed in its first moment leaves an empty file. */
function stranger(folder: string, file: string, index: IndexVerdict, uid: number | undefined): AuditComplaint | string {
  if (index.pruned.has(file)) return `${file}: retention has removed it, and it is there again`;
  const bytes = read(join(folder, file), uid);
  if (bytes === undefined || bytes.length === 0) return `${file}: empty, and not in the index`;
  return {
    file,
    what: 'unlisted',
    detail: 'the index does not know this log: its line was removed, or it was put there',
  };
}

function otherKeys(root: string, own: string): string[] {
  const others = filesIn(root).filter((name) => name !== own && /^[0-9a-f]{16}$/.test(name));
  return others.map(
    (name) => `${join(root, name)}: logs under another vault key, which cannot be verified with this one`,
  );
}

function read(path: string, uid: number | undefined): Buffer | undefined {
  try {
    return readSafeFile(path, { what: 'audit log', maxBytes: MOST_BYTES, forbiddenMode: 0o077, uid, mayGrow: true })
      .bytes;
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
    throw error;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new SecretctlError(
      'io',
      `the audit logs in ${folder} cannot be read (${systemCode(error) ?? 'unknown error'})`,
    );
  }
}
