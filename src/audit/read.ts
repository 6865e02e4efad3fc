// The records of every log there is, in the order of time: for people and for export. Nothing here is verified.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { readSafeFile } from '../system/safe-file.js';
import { isObject, membersOf, textsIn, type Members } from './json.js';
import { AUDIT_EVENTS } from './record.js';

export interface AuditFilter {
  /** ISO 8601 UTC. */
  readonly since: string | undefined;
  readonly profile: string | undefined;
  readonly event: string | undefined;
  /** A name in the vault, of the profile, or a finding's. */
  readonly secret: string | undefined;
}

export interface StoredRecord {
  /** Time, event and log are texts. */
  readonly members: Members & { readonly t: string; readonly ev: string; readonly log: string };
  /** As it stands in the file. */
  readonly line: string;
  /** Path of the file. */
  readonly file: string;
}

const MOST_BYTES = 512 * 1024 * 1024;

/** The profile of a log counts for all of its records. Throws `io` and `unsafe-file`. */
export function readRecords(state: string, uid: number | undefined, filter: AuditFilter): readonly StoredRecord[] {
  const files = logsIn(join(state, 'audit'));
  const records = files.flatMap((file) => recordsOf(file, uid, filter));
  return records.toSorted((one, other) => (one.members.t < other.members.t ? -1 : 1));
}

export function isEvent(text: string): boolean {
  return AUDIT_EVENTS.some((event) => event === text);
}

function recordsOf(file: string, uid: number | undefined, filter: AuditFilter): readonly StoredRecord[] {
  const rules = { what: 'audit log', maxBytes: MOST_BYTES, forbiddenMode: 0o077, uid, mayGrow: true };
  const lines = readSafeFile(file, rules).bytes.toString('utf8').split('\n');
  const records = lines.flatMap((line) => {
    const members = membersOf(line);
    return members !== undefined && isRecord(members) ? [{ members, line, file }] : [];
  });
  const profile = records.map(({ members }) => members['profile']).find((name) => typeof name === 'string');
  if (filter.profile !== undefined && profile !== filter.profile) return [];
  return records.filter(
    ({ members }) =>
      (filter.since === undefined || members.t >= filter.since) &&
      (filter.event === undefined || members.ev === filter.event) &&
      (filter.secret === undefined || namesOf(members).includes(filter.secret)),
  );
}

function isRecord(members: Members): members is StoredRecord['members'] {
  return ['t', 'ev', 'log'].every((name) => typeof members[name] === 'string');
}

/** Every name of a secret; of `db/shop#password` also the secret alone. */
function namesOf({ secrets, references, found, scrubbed }: Members): readonly string[] {
  const names = [
    ...textsIn(secrets),
    ...inList(references, 'name'),
    ...inList(references, 'secret'),
    ...inList(found, 'name'),
    ...Object.keys(isObject(scrubbed) ? scrubbed : {}),
  ];
  return names.flatMap((name) => [name, name.split('#', 1)[0] ?? '']);
}

/** Of a list of objects. */
function inList(list: unknown, key: string): readonly string[] {
  return Array.isArray(list) ? list.flatMap((each: unknown) => (isObject(each) ? textsIn([each[key]]) : [])) : [];
}

function logsIn(root: string): readonly string[] {
  return foldersIn(root).flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(folder, name)),
  );
}

function foldersIn(root: string): readonly string[] {
  return namesIn(root)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => join(root, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return [];
    throw new SecretctlError('io', `${folder} cannot be read (${code ?? 'unknown error'})`);
  }
}
