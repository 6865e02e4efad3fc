// A process that writes audit logs: node audit-writer.js STATE COUNT. Every second one is dated a hundred days back, files too.

import { hkdfSync } from 'node:crypto';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../../src/audit/log.js';

const [state = '', count = '0'] = process.argv.slice(2);
const deriveKey = (label: string): Buffer => Buffer.from(hkdfSync('sha256', 'master', '', label, 32));

for (let index = 0; index < Number(count); index++) {
  const time = new Date(Date.now() - (index % 2) * 100 * 24 * 3_600_000);
  const log = openAuditLog({ state, uid: process.geteuid?.(), pid: process.pid, deriveKey, now: () => time });
  log.append('launch', { profile: 'shop' });
  log.append('end', { status: 0 });
  log.close();
  if (index % 2 === 1) date(time);
  // oxlint-disable-next-line no-await-in-loop -- what is written beside, is written here
  await new Promise((resolve) => setImmediate(resolve));
}

function date(time: Date): void {
  const folder = join(state, 'audit', readdirSync(join(state, 'audit'))[0] ?? '');
  const stamp = time.toISOString().slice(0, 10).replaceAll('-', '');
  const own = readdirSync(folder).filter((name) => name.startsWith(stamp) && name.includes(`-${process.pid}-`));
  for (const name of own) {
    try {
      utimesSync(join(folder, name), time, time);
    } catch {
      // An earlier one, which has been removed.
    }
  }
}
