// `keyring://SERVICE/ACCOUNT`: an item of the operating system's keychain. On Linux and macOS a program of the system reads
// it, which a person may have allowed; on Windows, and on Linux without that program, our own addon.

import { SecretctlError } from '../../errors.js';
import type { ToolResult } from '../../process/tool.js';
import type { Reference } from '../../profile/types.js';
import { keychainLocked, lazyKeychain, noBus, noKeychain, sessionBus } from '../../system/keychain.js';
import { shellWord } from '../../system/safe-text.js';
import { oneByOne, type Provider, type ProviderContext } from '../provider.js';

/** The last byte of `security`'s error numbers: errSecItemNotFound, and what it says where nobody can be asked or refused. */
const MAC_MISSING = 44;
const MAC_LOCKED: readonly number[] = [36, 51, 128];

interface Item {
  readonly service: string;
  readonly account: string;
}

type Read = (item: Item, context: ProviderContext) => Promise<Buffer | undefined>;

export const keyringProvider: Provider = {
  hint: (reference, platform) => storeCommand(itemOf(reference), platform),
  refusesPin: () => 'the keychain of a person is not read under a pin',
  resolve: oneByOne(async (reference, context) => {
    const bytes = await readerFor(context.platform)(itemOf(reference), context);
    if (bytes === undefined) return undefined;
    if (bytes.length === 0) throw new SecretctlError('bad-data', 'the item is empty');
    return { kind: 'value', value: decoded(bytes) };
  }),
};

/** An account may have slashes, a service has none. */
function itemOf({ body }: Reference): Item {
  const slash = body.indexOf('/');
  return { service: body.slice(0, slash), account: body.slice(slash + 1) };
}

/** Each of them asks for the value on the terminal. */
function storeCommand({ service, account }: Item, platform: NodeJS.Platform): string {
  const [name, user] = [shellWord(service), shellWord(account)];
  if (platform === 'darwin') return `security add-generic-password -U -s ${name} -a ${user} -w`;
  if (platform === 'win32') return `cmdkey /generic:${shellWord(`${account}.${service}`)} /user:${user} /pass`;
  return `secret-tool store --label=${name} service ${name} account ${user}`;
}

function readerFor(platform: NodeJS.Platform): Read {
  if (platform === 'darwin') return readOnMac;
  return platform === 'win32' ? readByAddon : readOnLinux;
}

/** Who stores an item calls its account `account` (as secret-tool's manual does) or `username` (as the keyring libraries). */
async function readOnLinux(item: Item, context: ProviderContext): Promise<Buffer | undefined> {
  const bus = sessionBus(context.env, context.uid);
  if (bus === undefined) throw noBus();
  try {
    return (await lookUp(item, 'account', bus, context)) ?? (await lookUp(item, 'username', bus, context));
  } catch (error) {
    if (error instanceof SecretctlError && error.code === 'command-not-found') return readWithoutTool(item);
    throw error;
  }
}

async function lookUp(
  { service, account }: Item,
  attribute: string,
  bus: string,
  { runTool, signal, platform }: ProviderContext,
): Promise<Buffer | undefined> {
  const env = { DBUS_SESSION_BUS_ADDRESS: bus, LC_ALL: 'C', LANGUAGE: undefined };
  const ask = (verb: string): Promise<ToolResult> =>
    runTool({ command: 'secret-tool', args: [verb, '--', 'service', service, attribute, account], env, signal });
  const { status, stdout, stderr } = await ask('lookup');
  if (status === 0) return stdout;
  if (/^secret-tool: /m.test(stderr)) throw unreachable(stderr);
  // A locked item is answered like one that is not there. A search tells them apart, and opens no dialogue.
  const found = await ask('search');
  if (found.stdout.length > 0) throw keychainLocked(platform);
  return undefined;
}

function unreachable(stderr: string): SecretctlError {
  return /ServiceUnknown|not provided by any/.test(stderr) ? noKeychain() : noBus();
}

async function readWithoutTool(item: Item): Promise<Buffer | undefined> {
  try {
    return await readByAddon(item);
  } catch (error) {
    if (!(error instanceof SecretctlError) || error.code !== 'not-supported') throw error;
    const why = 'neither the program secret-tool nor the module @napi-rs/keyring is installed';
    throw new SecretctlError('not-supported', why, 'apt-get install libsecret-tools');
  }
}

function readByAddon({ service, account }: Item): Promise<Buffer | undefined> {
  return lazyKeychain().get(service, account);
}

async function readOnMac(
  { service, account }: Item,
  { runTool, signal, platform }: ProviderContext,
): Promise<Buffer | undefined> {
  const args = ['find-generic-password', '-s', service, '-a', account, '-w'];
  const { status, stdout } = await runTool({ command: '/usr/bin/security', args, signal });
  if (status === MAC_MISSING) return undefined;
  if (MAC_LOCKED.includes(status)) throw keychainLocked(platform);
  if (status !== 0) throw new SecretctlError('unavailable', `the program "security" ended with status ${status}`);
  // It adds a newline.
  return stdout.at(-1) === 0x0a ? stdout.subarray(0, -1) : stdout;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretctlError('bad-data', 'the item is not UTF-8');
  }
}
