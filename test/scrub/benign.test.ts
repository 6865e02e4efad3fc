// Text without a credential, of kinds that look like one: nothing of it may change.

import { expect, test } from '@jest/globals';
import { TOKEN_DETECTORS } from '../../src/scrub/detectors/index.js';
import { createScrubber } from '../../src/scrub/scrubber.js';
import { generator, randomText } from './values.js';

const everything = createScrubber([]);
/** Names made at random end in `pwd` now and then, which is for the rules about names to judge. */
const tokens = createScrubber([], { detectors: TOKEN_DETECTORS });
const next = generator(4711);
const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const pick = (alphabet: string, size: number): string => randomText(size, alphabet, 1 + next(1 << 30));
const lines = (count: number, line: () => string): string => Array.from({ length: count }, line).join('\n');
const uuid = (): string => [8, 4, 4, 4, 12].map((size) => pick(HEX, size)).join('-');
const word = (): string => pick('abcdefghijklmnopqrstuvwxyz', 2 + next(9));

const TEXTS: Readonly<Record<string, () => string>> = {
  UUIDs: () => lines(4_000, uuid),
  'git log': () =>
    lines(
      3_000,
      () => `commit ${pick(HEX, 40)}\nAuthor: ${word()} <${word()}@example.com>\n    ${word()} ${pick(HEX, 7)}`,
    ),
  digests: () =>
    lines(2_000, () => `sha256:${pick(HEX, 64)}  sha1 ${pick(HEX, 40)} md5 ${pick(HEX, 32)}  ${pick(HEX, 128)}`),
  'lock file': () =>
    lines(
      2_000,
      () =>
        `    "node_modules/${word()}": { "version": "1.${next(40)}.0", "resolved": "https://packages.example/${word()}/-/${word()}-1.0.0.tgz", "integrity": "sha512-${pick(BASE64, 86)}==" },`,
    ),
  'go.sum': () => lines(2_000, () => `github.com/${word()}/${word()} v1.${next(9)}.2 h1:${pick(BASE64, 43)}=`),
  image: () =>
    `data:image/png;base64,${Buffer.from(Array.from({ length: 600_000 }, () => next(256))).toString('base64')}`,
  'base64 of text': () => Buffer.from(lines(20_000, () => `${word()} ${word()}`)).toString('base64'),
  hexadecimal: () => pick(HEX, 200_000),
  'minified script': () =>
    Array.from(
      { length: 12_000 },
      () =>
        `function ${pick('abcdefghij_$', 2)}(${word()},t){return ${word()}.${word()}["${word()}"]||t[${next(99)}]?"${word()}-${word()}_${word()}":e&&${next(9)}e${next(9)}}`,
    ).join(';'),
  'class names': () =>
    lines(5_000, () => `.${word()}-${word()}__${word()}--${pick(`${HEX}gh`, 6)} { color: #${pick(HEX, 6)} }`),
  rows: () =>
    lines(
      5_000,
      () =>
        `| ${next(1e6)} | ${word()} ${word()} | ${word()}@example.com | 2024-0${1 + next(9)}-1${next(9)}T08:00:00Z | ${(next(9e6) / 100).toFixed(2)} |`,
    ),
  paths: () =>
    lines(
      4_000,
      () =>
        `/usr/lib/${word()}/${word()}-${word()}_${next(99)}.so.${next(9)} https://example.com/${word()}/${uuid()}?page=${next(99)}`,
    ),
};

test.each(Object.keys(TEXTS))('%s', (kind) => {
  const by = kind === 'minified script' ? tokens : everything;
  const text = TEXTS[kind]?.() ?? '';
  const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } }));
  expect(by.message(line).findings).toEqual([]);
  expect(by.message(line).bytes).toBe(line);
  expect(by.text(Buffer.from(text)).findings).toEqual([]);
});

test.each([
  '****',
  '${PASSWORD}',
  '<password>',
  'os.environ["GITHUB_TOKEN"]',
  'process.env.OPENAI_API_KEY',
  'Access denied for user (using password: YES)',
  ['ghp', 'x'.repeat(36)].join('_'),
  ['AKIAIOSFODNN7', 'EXAMPLE'].join(''),
  ['sk', 'live', '...'].join('_'),
  'token: sk-your-token-here-please-replace-it',
  'const key = process.env.STRIPE_KEY ?? "";',
  'sk-learn-contrib-and-other-long-package-names',
  'arn:aws:iam::123456789012:role/AROAJ2UCCR6DPCEXAMPLE',
])('placeholder and code: %s', (text) => {
  expect(everything.text(Buffer.from(text)).bytes.toString()).toBe(text);
});
