// When we are killed with SIGKILL, nothing of ours runs any more. A shell that reads from a pipe sees that the pipe ends, and ends
// the server's process group: the shell is in a session of its own, so that what was sent to our group does not reach it.

import { spawn } from 'node:child_process';

/** In seconds, which is all that POSIX sleep(1) takes: the server has seen the end of its input by then. */
const SCRIPT = 'read -r _; sleep 1; kill -TERM "-$1" && sleep 1 && kill -KILL "-$1"';

export interface Watchdog {
  /** We end in order: nothing is left to watch. */
  release(): void;
}

/**
 * For the process group of this id. Does nothing on Windows, which has no groups, and where there is no /bin/sh: then a server
 * must see the end of its input by itself.
 */
export function startWatchdog(group: number, platform: NodeJS.Platform): Watchdog {
  if (platform === 'win32') return { release: () => undefined };
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'secretctl-watchdog', String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return { release: () => void shell.kill('SIGKILL') };
}
