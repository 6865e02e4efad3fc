// What leaves in plain text is recorded first: what is not audited is not handed out.

import { bestEffort, openAuditLog } from '../audit/log.js';
import type { AuditDetails } from '../audit/record.js';
import { auditInput } from '../launch/audit.js';
import type { Host } from '../system/host.js';
import { printWarning } from './output.js';
import type { Vault } from '../vault/store.js';

/** One record for each secret. Throws `io`. */
export function auditRead(
  host: Host,
  vault: Vault,
  secrets: readonly string[],
  to: 'terminal' | 'pipe' | 'file',
): void {
  const audit = openAuditLog(auditInput(host, vault));
  for (const secret of secrets) audit.append('read', { secrets: [secret], to });
  audit.close();
}

/** An approval is what its record says; that the audit cannot be written is said, and stops nothing. */
export function auditTrust(host: Host, vault: Vault, records: readonly AuditDetails[]): void {
  const audit = bestEffort(
    () => openAuditLog(auditInput(host, vault)),
    (why) => printWarning(host, `this is not in the audit log: ${why}`),
  );
  for (const record of records) audit.append('trust', record);
  audit.close();
}
