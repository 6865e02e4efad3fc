// Tests run compiled, as plain ES modules: no transform stands between what is tested and what is shipped.

export default {
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.test.js'],
  // These have suites of their own: npm run test:scrub, npm run test:crash.
  testPathIgnorePatterns: [
    'test/scrub/(detectors|database-detectors|growth|benign)\\.test\\.js$',
    'test/eval/',
    'test/crash/',
  ],
  testEnvironment: 'node',
  transform: {},
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  testTimeout: 30_000,
  maxWorkers: 2,
  // What a worker keeps of a hundred files makes it slow, and once in a while its module loader never comes back.
  workerIdleMemoryLimit: '600MB',
};
