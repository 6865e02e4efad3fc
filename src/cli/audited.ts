// What leaves in plain text is recorded first: what is not audited is not handed out.

import { openAuditLog } from '../audit/log.js';
import type { Host } from '../system/host.js';
import type { Vault } from '../vault/store.js';

/** One record for each secret. Throws `io`. */
export function auditRead(
  { places, pid, now }: Host,
  vault: Vault,
  secrets: readonly string[],
  to: 'terminal' | 'pipe' | 'file',
): void {
  const audit = openAuditLog({ state: places.state, pid, now, deriveKey: (label) => vault.deriveKey(label) });
  for (const secret of secrets) audit.append('read', { secrets: [secret], to });
  audit.close();
}
