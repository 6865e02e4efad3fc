// The longer suite of what is stored: a thousand kills, many writers, every bit and every length of a vault and of a sealed
// profile.

import base from './jest.config.mjs';

const { testMatch: _, ...shared } = base;

process.env['KILL_ROUNDS'] ??= '1000';

export default {
  ...shared,
  testPathIgnorePatterns: [],
  testRegex: ['test/crash/.*\\.test\\.js$', 'test/vault/crash\\.test\\.js$'],
  globalSetup: undefined,
  globalTeardown: undefined,
};
