import { expect, test } from '@jest/globals';
import { packagesFolder } from '../../src/system/places.js';

const account = (): string => '/home/ada';

test('no variable moves the packages alone: what lies there runs with credentials', () => {
  const env = { HOME: '/evil', XDG_CACHE_HOME: '/evil/cache', SECRETCTL_KEY_FILE: '/evil/key' };
  expect(packagesFolder(env, account, 'linux')).toBe('/home/ada/.cache/secretctl/pkg');
  expect(packagesFolder(env, account, 'darwin')).toBe('/home/ada/Library/Caches/secretctl/pkg');
});

test('they go with the whole home, which has a vault and approvals of its own', () => {
  expect(packagesFolder({ SECRETCTL_HOME: '/srv/ci' }, account, 'linux')).toBe('/srv/ci/cache/pkg');
  expect(() => packagesFolder({ SECRETCTL_HOME: 'here' }, account, 'linux')).toThrow('not an absolute path');
});
