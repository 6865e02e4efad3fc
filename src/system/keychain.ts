// The keychain of the operating system: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows. Its
// addon is optional, and nothing loads it before somebody asks for an item.

import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AsyncEntry } from '@napi-rs/keyring';
import { SecretctlError } from '../errors.js';
import type { Environment } from './host.js';

export interface Keychain {
  /** Undefined when there is no such item. All throw `unavailable`, `locked`, `not-supported`, `timeout`. */
  get(service: string, account: string): Promise<Buffer | undefined>;
  set(service: string, account: string, bytes: Buffer): Promise<void>;
  /** False when there was none. */
  delete(service: string, account: string): Promise<boolean>;
}

/** A person may have to unlock it in a dialogue; who waits for us gives up soon after. */
const TIMEOUT_MS = 8000;
/** Without it the addon falls back silently to the kernel's keyring, which is lost at the next start. */
const OPTIONS = { linux: { store: 'secret-service' } } as const;
const INSTALL = 'npm install -g @napi-rs/keyring';

interface Addon {
  readonly AsyncEntry: typeof AsyncEntry;
}

/** Throws `not-supported` where the addon is not installed. That there is no keychain shows with the first item. */
export async function openKeychain(timeoutMs = TIMEOUT_MS): Promise<Keychain> {
  const addon = loadAddon();
  const withEntry = <T>(
    service: string,
    account: string,
    use: (entry: AsyncEntry, signal: AbortSignal) => Promise<T>,
  ): Promise<T> =>
    inTime(timeoutMs, async (signal) => {
      try {
        return await use(new addon.AsyncEntry(service, account, OPTIONS), signal);
      } catch (error) {
        throw asKeychainError(error);
      }
    });
  return {
    async get(service, account) {
      const bytes = await withEntry(service, account, (entry, signal) => entry.getSecret(signal));
      return bytes === null ? undefined : Buffer.from(bytes);
    },
    set: (service, account, bytes) => withEntry(service, account, (entry, signal) => entry.setSecret(bytes, signal)),
    delete: (service, account) => withEntry(service, account, (entry, signal) => entry.deleteCredential(signal)),
  };
}

/** Opened by the first question, so that whoever has none to ask loads nothing. */
export function lazyKeychain(open: () => Promise<Keychain> = openKeychain): Keychain {
  let opened: Promise<Keychain> | undefined;
  const keychain = (): Promise<Keychain> => (opened ??= open());
  return {
    get: async (service, account) => (await keychain()).get(service, account),
    set: async (service, account, bytes) => (await keychain()).set(service, account, bytes),
    delete: async (service, account) => (await keychain()).delete(service, account),
  };
}

/**
 * Where the session's bus is. Some clients hand on a few variables only, and this is none of them: then it is where systemd
 * puts it, if what lies there is ours. Undefined when there is none.
 */
export function sessionBus(env: Environment, uid: number | undefined, runFolder = '/run/user'): string | undefined {
  const named = env['DBUS_SESSION_BUS_ADDRESS'];
  if (named !== undefined && named !== '') return named;
  if (uid === undefined) return undefined;
  const socket = `${runFolder}/${uid}/bus`;
  const stats = statSync(socket, { throwIfNoEntry: false });
  return stats?.isSocket() === true && stats.uid === uid ? `unix:path=${socket}` : undefined;
}

function loadAddon(): Addon {
  if (process.platform === 'linux') {
    // The addon asks the C library, so a variable of the process is the one way to tell it.
    const bus = sessionBus(process.env, process.geteuid?.());
    if (bus === undefined) throw noBus();
    process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
  }
  try {
    // `import` would start the loader of ES modules for this one file: 4 ms of a launch.
    const addon: Addon = createRequire(import.meta.url)('@napi-rs/keyring');
    return addon;
  } catch {
    const why = 'the module @napi-rs/keyring, which reaches the keychain, is not installed';
    throw new SecretctlError('not-supported', why, INSTALL);
  }
}

/** The addon does not interrupt what has begun: so the wait is ended here. */
async function inTime<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new SecretctlError('timeout', `the keychain did not answer within ${timeoutMs / 1000} s`));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** By the addon's English texts, which are all that it tells. They are not repeated: who knows what the next ones hold. */
function asKeychainError(error: unknown): SecretctlError {
  const text = error instanceof Error ? error.message : '';
  if (/prompt was dismissed|is locked|interaction is not allowed/i.test(text)) return keychainLocked();
  if (/no result found/i.test(text)) {
    return new SecretctlError('unavailable', 'the keychain has no collection to keep items in', 'seahorse');
  }
  if (/ServiceUnknown|not provided by any/i.test(text)) return noKeychain();
  if (/did not receive a reply/i.test(text)) return new SecretctlError('unavailable', 'the keychain does not answer');
  return /dbus|d-bus/i.test(text) ? noBus() : new SecretctlError('unavailable', 'the keychain refused');
}

export function keychainLocked(platform: NodeJS.Platform = process.platform): SecretctlError {
  const unlock = platform === 'darwin' ? 'security unlock-keychain' : 'secret-tool search --unlock service secretctl';
  return new SecretctlError('locked', 'the keychain is locked', unlock);
}

export function noBus(): SecretctlError {
  const why = 'there is no keychain: no D-Bus of a session can be reached';
  return new SecretctlError('unavailable', why, 'systemctl --user start dbus.socket');
}

export function noKeychain(): SecretctlError {
  return new SecretctlError('unavailable', 'there is no keychain on this D-Bus', 'apt-get install gnome-keyring');
}
