import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkProfile } from '../../src/profile/parse.js';
import { KEYS } from '../../src/profile/schema.js';
import { root } from '../support/project.js';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(join(root, 'schemas', 'profile.schema.json'), 'utf8')) as Schema;

function* placesOf(part: Schema, path = ''): Generator<readonly [string, Schema]> {
  yield [path, part];
  for (const [key, inner] of Object.entries(part.properties ?? {})) yield* placesOf(inner, `${path}/${key}`);
}

describe('the schema', () => {
  test('has the keys that suggestions are made from', () => {
    const keys = [...placesOf(schema)].filter(([, { properties }]) => properties !== undefined);
    expect(Object.fromEntries(keys.map(([path, { properties }]) => [path, Object.keys(properties ?? {})]))).toEqual(
      KEYS,
    );
  });

  test('describes everything: editors show it', () => {
    expect([...placesOf(schema)].filter(([, part]) => part.description === undefined)).toEqual([]);
  });

  test('is compiled to code that loads nothing', () => {
    const code = readFileSync(join(root, 'src', 'profile', 'schema-validator.generated.ts'), 'utf8');
    expect(code).not.toMatch(/\brequire\(|\bimport\b|\beval\b|new Function/);
  });
});

describe('packaged profiles', () => {
  const folder = join(root, 'profiles');
  const files = readdirSync(folder);

  test('are profiles, all of them', () => expect(files.filter((file) => !file.endsWith('.yaml'))).toEqual([]));

  test.each(files)('%s is without problems and remarks', (file) => {
    const { problems, notes, profile } = checkProfile(readFileSync(join(folder, file)), file.replace('.yaml', ''));
    expect([...problems, ...notes]).toEqual([]);
    expect(profile?.description).toBeDefined();
  });

  test.each(files)('%s tells editors its schema', (file) => {
    expect(readFileSync(join(folder, file), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schemas\/profile\.schema\.json\n/,
    );
  });
});

test('the built-in postgres', () => {
  const { profile } = checkProfile(readFileSync(join(root, 'profiles', 'postgres.yaml')), 'postgres');
  expect(profile?.server).toEqual({
    command: 'npx',
    package: undefined,
    args: [[{ text: '-y' }], [{ text: '@modelcontextprotocol/server-postgres@0.6.2' }], [{ text: 'postgres:///' }]],
    cwd: 'neutral',
    startupTimeoutMs: 60_000,
    maxLineBytes: 67_108_864,
  });
  expect([...(profile?.secrets ?? [])]).toEqual([
    [
      'db',
      {
        kind: 'reference',
        reference: { text: 'secret://db/postgres/default', scheme: 'secret', body: 'db/postgres/default' },
      },
    ],
  ]);
  const fields = { PGHOST: 'host', PGPORT: 'port', PGUSER: 'user', PGPASSWORD: 'password', PGDATABASE: 'database' };
  expect(Object.fromEntries(profile?.env ?? [])).toEqual(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, [{ secret: 'db', field, filters: [] }]])),
  );
});
