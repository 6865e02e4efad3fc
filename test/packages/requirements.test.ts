import { describe, expect, test } from '@jest/globals';
import { parseRequirements } from '../../src/packages/requirements.js';

const [ONE, TWO] = ['1', '2'].map((digit) => `--hash=sha256:${digit.repeat(64)}`) as [string, string];
const LOCK = `# by uv\na-b==1.0.post1 ; python_version < '3.12' \\\n    ${TWO} \\\n    ${ONE}\nc==2 \\\n    ${ONE}\n`;

test('names, versions and digests, whatever the line ends, the order of digests and the comments', () => {
  const read = parseRequirements(LOCK, 'x');
  expect([...read.versions]).toEqual([
    ['a-b', '1.0.post1'],
    ['c', '2'],
  ]);
  const other = LOCK.replace('# by uv\n', '').replace(`${TWO} \\\n    ${ONE}`, `${ONE} \\\n    ${TWO}`);
  for (const same of [other, LOCK.replaceAll('\n', '\r\n'), read.text])
    expect(parseRequirements(same, 'x').tree).toBe(read.tree);
});

test.each([
  ['a version', LOCK.replace('c==2', 'c==3')],
  ['a marker', LOCK.replace('3.12', '3.13')],
  ['a digest', LOCK.replaceAll('1111', '3111')],
])('another %s is another tree', (_, text) => {
  expect(parseRequirements(text, 'x').tree).not.toBe(parseRequirements(LOCK, 'x').tree);
});

describe('refused: what pins nothing, or says where from', () => {
  test.each([
    `--index-url https://evil.example/simple\n${LOCK}`,
    `c==2\n`,
    `c>=2 \\\n    ${ONE}\n`,
    `c @ https://evil.example/c.whl \\\n    ${ONE}\n`,
    `-e .\n`,
    `-r other.txt\n`,
    `c==2 ; python_version < '3' --index-url=x \\\n    ${ONE} --index-url=x\n`,
  ])('%j', (text) => expect(() => parseRequirements(text, 'x')).toThrow('x has a line that pins nothing'));
});
