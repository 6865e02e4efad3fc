import { describe, expect, test } from '@jest/globals';
import { childEnvironment } from '../../src/process/environment.js';

const base = {
  platform: 'linux' as const,
  accountHome: '/home/ada',
  path: '/usr/bin',
  entries: new Map<string, string>(),
};

describe('the environment of the child', () => {
  test('is exactly the allow-list and what the profile names', () => {
    const env = {
      HOME: '/tmp/evil',
      PATH: '/tmp/evil/bin',
      USER: 'ada',
      LOGNAME: 'ada',
      SHELL: '/bin/bash',
      TERM: 'xterm',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      TZ: 'Europe/Berlin',
      LC_ALL: 'de_DE.UTF-8',
      SECRETCTL_HOME: '/x',
      SECRETCTL_TRUST: 'sha256:0',
      NODE_OPTIONS: '--require=/tmp/evil.js',
      LD_PRELOAD: '/tmp/e.so',
      npm_config_registry: 'http://evil',
      AWS_PROFILE: 'prod',
      OP_SERVICE_ACCOUNT_TOKEN: 'x',
      XDG_CONFIG_HOME: '/x',
    };
    const entries = new Map([
      ['PGPASSWORD', 'p w'],
      ['TERM', 'dumb'],
    ]);
    expect(childEnvironment({ ...base, env, entries })).toEqual({
      HOME: '/home/ada',
      PATH: '/usr/bin',
      USER: 'ada',
      LOGNAME: 'ada',
      SHELL: '/bin/bash',
      TERM: 'dumb',
      TMPDIR: '/tmp',
      LANG: 'C.UTF-8',
      TZ: 'Europe/Berlin',
      LC_ALL: 'de_DE.UTF-8',
      PGPASSWORD: 'p w',
    });
  });

  test.each([
    ['LC_ALL', '/tmp/evil/locale'],
    ['TZ', ':/tmp/evil'],
    ['TZ', '../../tmp/evil'],
    ['LANG', 'a b'],
    ['TERM', '() { :; }; evil'],
  ])('%s=%s does not pass', (name, value) => {
    expect(childEnvironment({ ...base, env: { [name]: value } })).toEqual({ HOME: '/home/ada', PATH: '/usr/bin' });
  });

  test('on Windows it is the list of the SDK, with USERPROFILE from the account', () => {
    const env = { SYSTEMROOT: 'C:\\Windows', USERPROFILE: 'C:\\evil', PATHEXT: '.EXE', NODE_OPTIONS: 'x' };
    const input = { ...base, platform: 'win32' as const, accountHome: 'C:\\Users\\ada', path: 'C:\\bin', env };
    expect(childEnvironment(input)).toEqual({
      SYSTEMROOT: 'C:\\Windows',
      PATHEXT: '.EXE',
      USERPROFILE: 'C:\\Users\\ada',
      PATH: 'C:\\bin',
    });
  });
});
