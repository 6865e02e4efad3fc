// A session bus of its own with gnome-keyring on it, in a home that a test owns: nothing of the desktop that tests run on.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run, type Run } from './cli.js';

/**
 * `unlocked` makes the collection if there is none yet; `locked` starts on what is there: in a new home there is no
 * collection then. `no-service` is a bus that knows no keychain.
 */
export type KeyringState = 'unlocked' | 'locked' | 'no-service';

export interface KeyringSession {
  readonly env: Readonly<Record<string, string>>;
  /** A value as a person stores it. */
  readonly store: (attributes: readonly string[], value: string) => Promise<Run>;
  readonly stop: () => Promise<void>;
}

/** Why there is no keychain to test with; undefined when there is one. Tests print it when they skip. */
export function noKeyring(): string | undefined {
  if (process.platform !== 'linux') return 'gnome-keyring is for Linux';
  const missing = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon', 'secret-tool'].find(
    (program) => spawnSync(program, ['--version']).error !== undefined,
  );
  return missing === undefined ? undefined : `the program "${missing}" is not installed`;
}

const BUS_WITHOUT_SERVICES = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

/** `home` is private; what an earlier session stored there is there again. */
export async function keyringSession(home: string, state: KeyringState): Promise<KeyringSession> {
  const runtime = join(home, 'run');
  if (!existsSync(runtime)) mkdirSync(runtime, { mode: 0o700 });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
  };
  const config = join(home, 'bus.conf');
  writeFileSync(config, BUS_WITHOUT_SERVICES);
  const daemon = `exec gnome-keyring-daemon --foreground --components=secrets${state === 'unlocked' ? ' --unlock' : ''}`;
  const script = `echo "$DBUS_SESSION_BUS_ADDRESS"; ${state === 'no-service' ? 'exec sleep 600' : `${daemon} >/dev/null`}`;
  const options = state === 'no-service' ? [`--config-file=${config}`] : [];
  // A group of its own, which is ended as a whole.
  const child = spawn('dbus-run-session', [...options, '--', 'sh', '-c', script], {
    env,
    cwd: home,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const closed = once(child, 'close');
  child.stdin.on('error', () => undefined);
  child.stdin.end('\n');
  const [address] = await once(child.stdout.setEncoding('utf8'), 'data');
  const session = { ...env, DBUS_SESSION_BUS_ADDRESS: String(address).trim() };
  if (state !== 'no-service') await untilThere(session);
  return {
    env: session,
    store: (attributes, value) =>
      run('secret-tool', ['store', '--label=test', ...attributes], { env: session, input: value }),
    async stop() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await closed;
    },
  };
}

async function untilThere(env: Readonly<Record<string, string>>): Promise<void> {
  const bus = 'org.freedesktop.DBus';
  const question = ['/org/freedesktop/DBus', `${bus}.NameHasOwner`, 'string:org.freedesktop.secrets'];
  for (let triesLeft = 100; triesLeft > 0; triesLeft -= 1) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is the purpose
    const { stdout } = await run('dbus-send', ['--session', '--print-reply', `--dest=${bus}`, ...question], { env });
    if (stdout.includes('boolean true')) return;
    // oxlint-disable-next-line no-await-in-loop -- the same
    await wait(50);
  }
  throw new Error('gnome-keyring did not come up');
}
