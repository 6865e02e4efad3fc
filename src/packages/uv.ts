// uv, and what its words for failures mean.

import type { Fetching } from './ecosystem.js';
import { type Fetcher, runFetcher } from './fetcher.js';

const FLAGS = ['--quiet', '--no-progress', '--no-python-downloads'];

const SAYS: readonly (readonly [RegExp, 'bad-data' | 'unavailable', string])[] = [
  [/Hash mismatch/i, 'bad-data', 'what the registry delivers is not what was pinned'],
  [
    /no wheels|no usable wheels|building from source is disabled|no-build/i,
    'bad-data',
    'a part of it has to be built, and nothing of it may run before it is started',
  ],
  [
    /Failed to fetch|error sending request|Connect|timed out|certificate/i,
    'unavailable',
    'the registry cannot be reached',
  ],
  [
    /No solution found|not found in the package registry/i,
    'unavailable',
    'the registry has no such version for this Python',
  ],
  [/No interpreter found|No virtual environment/i, 'unavailable', 'no Python was found'],
];

const UV: Fetcher = {
  command: 'uv',
  missing: 'install uv: it fetches packages of PyPI',
  registryVariable: 'UV_DEFAULT_INDEX',
  explain(stderr) {
    const [, code, message] = SAYS.find(([words]) => words.test(stderr)) ?? [];
    return { code: code ?? 'unavailable', message: message ?? 'uv gave up' };
  },
};

export function runUv(args: readonly string[], fetching: Fetching): Promise<void> {
  return runFetcher(UV, [...args, ...FLAGS], fetching);
}
