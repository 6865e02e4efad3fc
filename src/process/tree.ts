// Signals to the server and to everything that it started.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Child } from './spawn.js';

export type Tree = Pick<Child, 'pid' | 'kill'>;

/** What is already gone is no failure: that was wanted. */
export function signalTree(child: Tree, name: NodeJS.Signals, platform: NodeJS.Platform): void {
  try {
    if (platform === 'win32') endTree(child);
    // A negative number is the process group.
    else process.kill(-child.pid, name);
  } catch {
    // ESRCH
  }
}

/**
 * Windows has neither groups nor a signal that asks: `taskkill /T` ends a process with its children
 * (https://learn.microsoft.com/windows-server/administration/windows-commands/taskkill), and must come before the process
 * itself is gone, for then nobody knows its children. Designed, not run (docs/platforms.md).
 */
function endTree(child: Tree): void {
  const tool = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  const running = spawn(tool, ['/T', '/F', '/PID', String(child.pid)], { stdio: 'ignore', windowsHide: true });
  running.on('error', () => child.kill('SIGKILL'));
  running.unref();
}
