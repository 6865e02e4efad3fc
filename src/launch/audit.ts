// What a launch and a run tell the audit: names, counts, and how it ended.

import { bestEffort, deferred, failClosed, NO_AUDIT, openAuditLog, type LaunchLog } from '../audit/log.js';
import type { AuditDetails, FoundAt, ResolvedReference } from '../audit/record.js';
import { SecretctlError } from '../errors.js';
import type { LaunchPlan, Reference, SecretSource } from '../profile/types.js';
import type { JournalEntry, Place } from '../relay/journal.js';
import type { Host } from '../system/host.js';
import type { Vault } from '../vault/store.js';

/** So many fit into one record, whatever their names. */
const REFERENCES = 8;
const PLACES = 12;

export interface LaunchAudit {
  readonly log: LaunchLog;
  /** Subscribes to the first failure of a log without which nothing may go on; undefined where that is no reason to end. */
  readonly onFailure: ((handler: () => void) => void) | undefined;
}

/**
 * An audit that fails is said once, and stops no launch, unless the profile requires it. Without a vault there is no key
 * for one. Throws `io` and `config` where it is required.
 */
export function startAudit(
  host: Host,
  vault: Vault | undefined,
  { audit, profile }: Pick<LaunchPlan, 'audit' | 'profile'>,
  warn: (message: string) => void,
): LaunchAudit {
  if (audit === 'required') return requiredAudit(host, vault, profile);
  if (vault === undefined) return { log: NO_AUDIT, onFailure: undefined };
  const log = bestEffort(
    () => openAuditLog(auditInput(host, vault)),
    (why) => warn(`this launch is not fully audited: ${why}`),
  );
  return { log: deferred(log), onFailure: undefined };
}

function requiredAudit(host: Host, vault: Vault | undefined, profile: string): LaunchAudit {
  if (vault === undefined) {
    const message = `the profile "${profile}" requires an audit, and its key comes from a vault`;
    throw new SecretctlError('config', message, 'secretctl init --key-file');
  }
  let handle: (() => void) | undefined;
  const log = failClosed(openAuditLog(auditInput(host, vault)), () => handle?.());
  return { log, onFailure: (handler) => void (handle = handler) };
}

export function auditInput({ places, pid, now, uid }: Host, vault: Pick<Vault, 'deriveKey'>) {
  return { state: places.state, pid, now, uid, deriveKey: vault.deriveKey.bind(vault) };
}

/** The plan's names, and where each came from: what stands behind the scheme may be a value, unless it is a name in our vault. */
export function auditReferences(log: Pick<LaunchLog, 'append'>, sources: ReadonlyMap<string, SecretSource>): void {
  const references = [...sources].flatMap(([name, source]) => referencesOf(name, source));
  for (let at = 0; at < references.length; at += REFERENCES)
    log.append('resolve', { references: references.slice(at, at + REFERENCES) });
}

function referencesOf(name: string, source: SecretSource): ResolvedReference[] {
  if (source.kind === 'reference') return [shown(name, source.reference)];
  return [...source.fields].flatMap(([field, part]) =>
    part.kind === 'reference' ? [shown(`${name}.${field}`, part.reference)] : [],
  );
}

function shown(name: string, { scheme, body, field }: Reference): ResolvedReference {
  if (scheme !== 'secret') return { name, scheme };
  return { name, scheme, secret: field === undefined ? body : `${body}#${field}` };
}

/** A launch that was stopped after the vault was open. The error is the one to tell, whatever becomes of the log. */
export function auditRefusal(log: LaunchLog, { profile, fingerprint }: LaunchPlan, error: unknown): void {
  try {
    const code = error instanceof SecretctlError ? error.code : 'internal';
    log.append('refuse', { profile, fp: fingerprint, code });
    log.close();
  } catch {
    // Nothing was started, or it is gone: there is nothing left to refuse.
  }
}

/** Of the relay, as records. */
export function auditEntry(log: Pick<LaunchLog, 'append'>, entry: JournalEntry): void {
  if (entry.kind === 'call') {
    const { tool, outcome, ms, places } = entry;
    const call = { ...(tool !== undefined && { tool }), outcome, ...(ms !== undefined && { ms }) };
    return log.append('tool', { ...call, ...foundIn(places.slice(0, PLACES), places.length - PLACES) });
  }
  for (let at = 0; at < entry.places.length; at += PLACES)
    log.append('found', foundIn(entry.places.slice(at, at + PLACES), 0));
}

function foundIn(places: readonly Place[], more: number): AuditDetails {
  if (places.length === 0) return {};
  const found: readonly FoundAt[] = places;
  return { found, ...(more > 0 && { more }) };
}
