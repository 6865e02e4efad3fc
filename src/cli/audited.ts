// What leaves in plain text is recorded first: what is not audited is not handed out.

import { openAuditLog } from '../audit/log.js';
import { auditInput } from '../launch/audit.js';
import type { Host } from '../system/host.js';
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
