// When we are killed with SIGKILL, nothing of ours runs any more. A shell that reads from a pipe sees that the pipe ends, and ends
// the server's process group: the shell is in a session of its own, so that what was sent to our group does not reach it.

import { spawn, type ChildProcess } from 'node:child_process';

/** In seconds, which is all that POSIX sleep(1) takes: the server has seen the end of its input by then. */
const SCRIPT = 'read -r _; sleep 1; kill -TERM "-$1" && sleep 1 && kill -KILL "-$1"';

export interface Watchdog {
  /** We end in order: nothing is left to watch. */
  release(): void;
}

/**
 * For the process group of this id, from the next turn of the event loop on: what is already under way does not wait for the
 * start of a shell. Does nothing on Windows, which has no groups, and where no shell can be started: then a server must see the
 * end of its input by itself. Never throws.
 */
export function startWatchdog(group: number, platform: NodeJS.Platform): Watchdog {
  if (platform === 'win32') return { release: () => undefined };
  let shell: ChildProcess | undefined;
  const timer = setImmediate(() => (shell = startShell(group)));
  return {
    release() {
      clearImmediate(timer);
      shell?.kill('SIGKILL');
    },
  };
}

function startShell(group: number): ChildProcess | undefined {
  try {
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'secretctl-watchdog', String(group)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    shell.on('error', () => undefined);
    shell.unref();
    shell.stdin.on('error', () => undefined);
    return shell;
  } catch {
    // No more files or processes: the server is none the worse for it.
    return undefined;
  }
}
