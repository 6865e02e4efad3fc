// What a provider is given, for tests: nothing but what a test sets.

import { toolRunner } from '../../src/process/tool.js';
import type { ProviderContext } from '../../src/secrets/provider.js';
import { UID } from './vault-home.js';

export function providerContext(some: Partial<ProviderContext> = {}): ProviderContext {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...some.env };
  const { platform, execPath: node } = process;
  const profileFolder = some.profileFolder ?? '/';
  return {
    vault: undefined,
    asker: undefined,
    platform,
    uid: UID,
    unseal: undefined,
    ownFiles: [],
    runTool: toolRunner({ env, platform, uid: UID, node, profileFolder, distrusted: [], packaged: true }),
    signal: AbortSignal.timeout(10_000),
    onEnd: () => undefined,
    warn: () => undefined,
    ...some,
    profileFolder,
    env,
  };
}
