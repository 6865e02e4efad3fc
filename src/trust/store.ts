// Where trust records lie: one file per fingerprint in `state/trust/`.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SecretctlError } from '../errors.js';
import { writeAtomically } from '../system/atomic-write.js';
import { readSafeFile } from '../system/safe-file.js';
import { parseRecord, type SignedRecord } from './record.js';

const MAX_RECORD_BYTES = 16 * 1024;

export interface TrustStore {
  find(fingerprint: string): SignedRecord | undefined;
  /** Every readable record; unreadable ones are left out, they approve nothing. */
  list(): SignedRecord[];
  /** Replaces earlier records of the same profile file with the same extra arguments. */
  save(record: SignedRecord): void;
  remove(fingerprint: string): void;
}

export function openTrustStore(state: string, uid: number | undefined): TrustStore {
  const folder = join(state, 'trust');
  const fileOf = (fingerprint: string): string => join(folder, `${fingerprint.replace('sha256:', '')}.json`);
  const read = (path: string): SignedRecord | undefined => {
    try {
      const rules = { what: 'trust record', maxBytes: MAX_RECORD_BYTES, forbiddenMode: 0o077, uid };
      return parseRecord(readSafeFile(path, rules).bytes.toString('utf8'));
    } catch (error) {
      if (error instanceof SecretctlError && error.code === 'file-not-found') return undefined;
      throw error;
    }
  };
  const readable = (path: string): SignedRecord | undefined => {
    try {
      return read(path);
    } catch {
      return undefined;
    }
  };
  const list = (): SignedRecord[] => recordFiles(folder).flatMap((file) => readable(join(folder, file)) ?? []);
  const remove = (fingerprint: string): void => rmSync(fileOf(fingerprint), { force: true });
  return {
    find(fingerprint) {
      const record = read(fileOf(fingerprint));
      return record?.fingerprint === fingerprint ? record : undefined;
    },
    list,
    save(record) {
      writeAtomically(fileOf(record.fingerprint), Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
      for (const other of list()) {
        const isEarlier = other.path === record.path && other.extra === record.extra;
        if (isEarlier && other.fingerprint !== record.fingerprint) remove(other.fingerprint);
      }
    },
    remove,
  };
}

function recordFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
}
