// Side doors of our own process, which holds secrets for as long as a server runs.

import { writeFileSync } from 'node:fs';

export function closeSideDoors(): void {
  // Node opens its inspector on this signal, and any user of the machine can connect to that.
  process.on('SIGUSR1', () => undefined);
  try {
    // No memory in core dumps (core(5)); inherited by the server. Other systems have no such file.
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Not Linux, or not allowed: ulimit -c decides.
  }
}
