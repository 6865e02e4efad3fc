// The database of the other tests is a real one: it checks passwords, and listens to this machine only.

import { expect, test } from '@jest/globals';
import { addressOf, runSql } from '../support/postgres.js';
import { sharedPostgres } from '../support/shared-postgres.js';
import { openShop } from '../support/shop.js';

const postgres = sharedPostgres();

test('a role logs in with its password, and with no other', async () => {
  const shop = await openShop(postgres, 'passwords');
  const address = addressOf(shop.url);
  await expect(runSql(address, 'SELECT current_user AS me')).resolves.toEqual([{ me: 'passwords' }]);
  await expect(runSql({ ...address, password: 'another' }, 'SELECT 1')).rejects.toThrow(
    'password authentication failed',
  );
});

test('passwords are SCRAM verifiers', async () => {
  const rows = await postgres.run("SELECT left(rolpassword, 14) AS kind FROM pg_authid WHERE rolname = 'postgres'");
  expect(rows).toEqual([{ kind: 'SCRAM-SHA-256$' }]);
});

test('nothing but the loopback interface is listened on', async () => {
  expect(await postgres.run('SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await postgres.run('SHOW unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
});
