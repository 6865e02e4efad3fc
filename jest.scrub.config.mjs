// The longer suite of the scrubber: every detector on every form, growth on hostile texts, samples of the evaluation sets.

import base from './jest.config.mjs';

const { testMatch: _, ...shared } = base;

export default {
  ...shared,
  testPathIgnorePatterns: [],
  testRegex: ['test/scrub/(detectors|database-detectors|growth|benign)\\.test\\.js$', 'test/eval/.*\\.test\\.js$'],
  globalSetup: undefined,
  globalTeardown: undefined,
};
