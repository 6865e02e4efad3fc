// A small shop: what a model may well read, beside the settings in which people keep what it should not.

import { escapeIdentifier, escapeLiteral } from 'pg';
import { randomPassword } from './credentials.js';
import type { Postgres } from './postgres.js';

export interface Shop {
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The connection as people write it, with the password percent-encoded. */
  readonly url: string;
  /** The same in the variables of libpq. */
  readonly env: Readonly<Record<string, string>>;
}

/** Creates database and role `name`; the role may read everything, and finds its own password in the settings. */
export async function openShop(postgres: Pick<Postgres, 'host' | 'port' | 'run'>, name: string): Promise<Shop> {
  const { host, port } = postgres;
  const password = randomPassword();
  const url = `postgres://${name}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
  await postgres.run(`CREATE DATABASE ${escapeIdentifier(name)}`);
  await postgres.run(tables(), name);
  await postgres.run(settings(password, url), name);
  await postgres.run(readerRole(name, password), name);
  return {
    database: name,
    user: name,
    password,
    url,
    env: { PGHOST: host, PGPORT: String(port), PGUSER: name, PGPASSWORD: password, PGDATABASE: name },
  };
}

function tables(): string {
  return `
    CREATE TABLE customers (id int PRIMARY KEY, name text, city text, email text);
    INSERT INTO customers VALUES
      (1, 'Ada Lovelace', 'London', 'ada@example.com'),
      (2, 'Søren Kierkegaard', 'København', 'soren@example.com'),
      (3, '山田 太郎', '東京', 'taro@example.com');
    CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, item text, total numeric(8,2));
    INSERT INTO orders VALUES (1, 1, 'punch cards', 41.50), (2, 1, 'brass gears', 180.00), (3, 3, 'ink "sumi" \\ stick', 12.75);
    CREATE TABLE settings (key text PRIMARY KEY, value text);
    CREATE TABLE integrations (id int PRIMARY KEY, name text, config jsonb);`;
}

/** The password, and credentials of others, the way applications store them; made here, so that none is real. */
function settings(password: string, url: string): string {
  const payments = ['sk', 'live', 'demo'.repeat(6)].join('_');
  const hub = ['ghp', 'Demo'.repeat(9)].join('_');
  const backup = JSON.stringify({ dsn: url, password, retries: 3 });
  return `
    INSERT INTO settings VALUES
      ('shop.name', 'The Difference Engine'), ('db.password', ${escapeLiteral(password)}), ('db.url', ${escapeLiteral(url)});
    INSERT INTO integrations VALUES
      (1, 'nightly backup', ${escapeLiteral(backup)}),
      (2, 'payments', ${escapeLiteral(JSON.stringify({ key: payments }))}),
      (3, 'source code', ${escapeLiteral(JSON.stringify({ token: hub }))});`;
}

function readerRole(name: string, password: string): string {
  const role = escapeIdentifier(name);
  return `
    CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)};
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};`;
}
