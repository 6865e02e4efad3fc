import { describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import { parseProfile } from '../../src/profile/parse.js';
import { check, HEAD, placesOf, SERVER, unmark } from './marked.js';

type Row = readonly [document: string, says: RegExp];

const PACKAGE = '  package: npm:@a/b@1.2.3\n';
const INTEGRITY = `  integrity: sha512-${'A'.repeat(86)}==\n`;
const TREE = `  tree: sha256:${'0'.repeat(64)}\n`;
const inPackage = (lines: string): string => `${HEAD}server:\n${lines}`;

const PACKAGE_ROWS: readonly Row[] = [
  [inPackage(`  command: ‸node\n${PACKAGE}${INTEGRITY}${TREE}`), /not both/],
  [inPackage(`  package: ‸npm:@a/b@1.2.3\n${TREE}`), /"server.integrity" is missing.*profile pin NAME/],
  [inPackage(`  package: ‸npm:@a/b@1.2.3\n${INTEGRITY}`), /"server.tree" is missing.*profile pin NAME/],
  ...['npm:b', 'npm:b@latest', 'npm:b@^1.0.0', 'npm:b@1', 'npm:b@01.0.0'].map((spec): Row => [
    inPackage(`  package: ‸${spec}\n${INTEGRITY}${TREE}`),
    /needs its exact version.*profile pin NAME/,
  ]),
  ...['npm:../x', 'npm:@a/../b@1.0.0', 'npm:B@1.0.0', 'npm:b@1.0.0/x', 'npm:a/b', 'npm:b@file'].map((spec): Row => [
    inPackage(`  package: ‸${spec}\n${INTEGRITY}${TREE}`),
    spec === 'npm:b@file' ? /exact version/ : /no package of a registry/,
  ]),
  ...['pypi:b', 'pypi:b@latest'].map((spec): Row => [inPackage(`  package: ‸${spec}\n${TREE}`), /exact version/]),
  ...['pypi:B@1.0', 'pypi:b_c@1.0', 'pypi:b@x', 'pypi:b[extra]@1.0', 'pypi:b@1.0+x', 'pypi:-b@1'].map((spec): Row => [
    inPackage(`  package: ‸${spec}\n${TREE}`),
    /no package of a registry/,
  ]),
  [inPackage('  package: ‸pypi:b@1.0.0\n'), /"server.tree" is missing/],
  [inPackage(`  package: ‸b@1.0.0\n${INTEGRITY}${TREE}`), /with its registry/],
  [inPackage(`  package: ‸npm:b@git:x\n${INTEGRITY}${TREE}`), /no package of a registry/],
  [inPackage(`${PACKAGE}  integrity: ‸sha1-x\n${TREE}`), /no integrity as/],
  [inPackage(`${PACKAGE}${INTEGRITY}  tree: ‸sha256-x\n`), /no digest as/],
  [inPackage(`${PACKAGE}${INTEGRITY}${TREE}  bin: ‸../x\n`), /name of one of the programs/],
  [`${HEAD}${SERVER}  tree: ‸sha256:${'0'.repeat(64)}\n`, /"server.tree" belongs to "server.package"/],
];

describe('refused', () => {
  test.each(PACKAGE_ROWS)('%j', (document, says) => {
    const { bytes, places } = unmark(document);
    const checked = check(bytes.toString());
    expect(placesOf(checked)).toEqual(places);
    expect(checked.problems[0]?.message).toMatch(says);
  });
});

test('what pins a package is read', () => {
  const { profile, problems } = check(inPackage(`${PACKAGE}${INTEGRITY}${TREE}  bin: serve\n  args: [one]\n`));
  expect(problems).toEqual([]);
  expect(profile?.server.command).toBe('');
  expect(profile?.server.package).toEqual({
    spec: 'npm:@a/b@1.2.3',
    registry: 'npm',
    name: '@a/b',
    version: '1.2.3',
    integrity: `sha512-${'A'.repeat(86)}==`,
    tree: `sha256:${'0'.repeat(64)}`,
    bin: 'serve',
  });
});

test('of PyPI the tree is enough', () => {
  const { profile, problems } = check(inPackage(`  package: pypi:mcp-server-time@2025.9.25\n${TREE}`));
  expect(problems).toEqual([]);
  expect(profile?.server.package).toMatchObject({ registry: 'pypi', name: 'mcp-server-time', integrity: undefined });
});

test('a launch says how to pin what is not', () => {
  const bytes = Buffer.from(inPackage(PACKAGE));
  const source = {
    name: 'shop',
    path: '/x/shop.yaml',
    origin: 'user',
    bytes,
    workTree: undefined,
    shadowed: [],
  } as const;
  const hintOf = (): string | undefined => {
    try {
      parseProfile(source);
      return undefined;
    } catch (error) {
      return error instanceof SecretctlError ? error.hint : undefined;
    }
  };
  expect(hintOf()).toBe('secretctl profile pin NAME');
});
