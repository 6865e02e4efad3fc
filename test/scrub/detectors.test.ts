// What every detector owes: its own examples, whatever follows them and however they arrive, and linear time.

import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { githubChecksum, hasChecksum } from '../../src/scrub/detectors/checksum.js';
import type { Detector } from '../../src/scrub/detectors/detector.js';
import type { Finder } from '../../src/scrub/detectors/find.js';
import type { Anchors, Use } from '../../src/scrub/detectors/literals.js';
import { anchorsOf } from '../../src/scrub/detectors/literals.js';
import { DETECTORS, TOKEN_DETECTORS } from '../../src/scrub/detectors/index.js';
import type { Scrubber } from '../../src/scrub/scrubber.js';
import { pack, unpack } from '../../src/scrub/detectors/packed.js';
import { createPrefilter } from '../../src/scrub/prefilter.js';
import { allowFingerprint, createScrubber } from '../../src/scrub/scrubber.js';

const all = createScrubber([]);
const finderOf = (detectors: readonly Detector[]): Finder => {
  const { finder } = createPrefilter([], [], anchorsOf(detectors));
  if (finder === undefined) throw new Error('no detectors');
  return finder;
};
const one = (detector: Detector): Scrubber => createScrubber([], { detectors: [detector] });
const rows = DETECTORS.map((detector, index) => [`${detector.name} (${index})`, detector] as const);

const text = (by: Scrubber, input: string): string => by.text(Buffer.from(input)).bytes.toString();
const json = (by: Scrubber, input: unknown): string => by.message(Buffer.from(JSON.stringify(input))).bytes.toString();
/** Examples whose credential ends the text can be followed by anything that is not of their alphabet. */
const open = (detector: Detector) => detector.examples().match.filter((example) => example.text.endsWith(example.mask));

const TERMINATORS = ['', ' ', '"', '\\"', ',', '. ', ')', '<', '|', '&', ':', '`', '}', ']', ';', "'", '\n', '\\n', '\t', '>', '*', '#', '\u00e9', '\u201d']; // prettier-ignore

describe('every detector finds its examples', () => {
  test.each(rows)('%s: whole, in JSON, in JSON in JSON, and one byte at a time', (_, detector) => {
    expect(detector.examples().match.length).toBeGreaterThan(0);
    for (const example of detector.examples().match) {
      for (const by of [one(detector), all]) {
        expect(text(by, example.text)).not.toContain(example.mask);
        expect(json(by, { a: example.text })).not.toContain(JSON.stringify(example.mask).slice(1, -1));
        // Some forms count at the beginning or the end of a line only.
        if (!TOKEN_DETECTORS.includes(detector)) continue;
        expect(json(by, { a: `x ${example.text} y` })).not.toContain(example.mask);
        expect(json(by, [JSON.stringify({ a: example.text })])).not.toContain(example.mask);
      }
      // A stream is scrubbed by the line.
      if (example.text.includes('\n')) continue;
      const stream = one(detector).textStream();
      const out = [...Buffer.from(`a\n${example.text}\nb`)].map((byte) => stream.push(Buffer.from([byte])));
      expect(Buffer.concat([...out, stream.end()]).toString()).not.toContain(example.mask);
    }
  });

  test.each(rows)('%s: and takes nothing but the credential', (_, detector) => {
    for (const { text: whole, mask } of detector.examples().match) {
      const before = whole.slice(0, whole.indexOf(mask));
      const after = whole.slice(whole.indexOf(mask) + mask.length);
      const out = text(one(detector), whole);
      expect([out.startsWith(before), out.endsWith(after)]).toEqual([true, true]);
      expect(out.slice(before.length, out.length - after.length)).toMatch(/^(?:\[REDACTED:[a-z0-9-]+\]|REDACTED)$/);
    }
  });

  test.each(rows)('%s: leaves alone what it says is clean, and its own masks', (_, detector) => {
    const by = one(detector);
    for (const clean of detector.examples().clean) expect([clean, text(by, clean)]).toEqual([clean, clean]);
    for (const example of detector.examples().match) {
      const once = text(all, example.text);
      expect(text(all, once)).toBe(once);
      const message = Buffer.from(json(all, { a: example.text, [example.text]: 1 }));
      expect(all.message(message).bytes).toBe(message);
    }
  });

  test.each(rows)('%s: says where its facts come from, and has anchors that can be looked for', (_, detector) => {
    expect(detector.source.length).toBeGreaterThan(8);
    expect(detector.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    for (const anchor of detector.anchors) {
      // A sign alone is looked for before a run only.
      expect(anchor).toMatch(
        detector.follows === undefined && detector.within === undefined ? /^[ -~]{3,}$/ : /^(?:[*:]|[ -~]{3,})$/,
      );
      if (detector.anyCase === true) expect(anchor).toBe(anchor.toLowerCase());
    }
  });
});

describe('tokens end where their alphabet ends', () => {
  test.each(TOKEN_DETECTORS.map((detector, index) => [`${detector.name} (${index})`, detector] as const))(
    '%s: whatever follows',
    (_, detector) => {
      const left = open(detector).flatMap(({ text: whole, mask }) =>
        TERMINATORS.filter((end) =>
          text(one(detector), `t=${whole}${end}z`.replace(/z$/, end === '' ? '' : 'z')).includes(mask),
        ),
      );
      expect(left).toEqual([]);
    },
  );
});

describe('wrapped tokens', () => {
  const wrappings: Readonly<Record<string, (token: string) => string>> = {
    base64: (token) => Buffer.from(token).toString('base64'),
    'base64 behind one byte': (token) => Buffer.from(` ${token}`).toString('base64'),
    'base64 behind two': (token) => Buffer.from(`: ${token} and more text`).toString('base64'),
    base64url: (token) => Buffer.from(`{"a":"${token}"}`).toString('base64url'),
    'base64 of base64': (token) => Buffer.from(Buffer.from(token).toString('base64')).toString('base64'),
    hex: (token) => Buffer.from(token).toString('hex'),
    'hex, upper case': (token) => Buffer.from(token).toString('hex').toUpperCase(),
    percent: (token) => encodeURIComponent(token),
    'percent, all of it': (token) =>
      [...Buffer.from(token)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    'percent, twice': (token) => encodeURIComponent(encodeURIComponent(token)),
    'unit escapes': (token) =>
      token.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    'byte escapes': (token) => token.replace(/[^]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16)}`),
    'JSON in JSON in JSON': (token) => JSON.stringify(JSON.stringify(JSON.stringify({ a: token }))),
    'no width inside': (token) => `${token.slice(0, 3)}\u200b${token.slice(3)}`,
  };
  test.each(Object.entries(wrappings))('%s', (of, wrap) => {
    const tokens = TOKEN_DETECTORS;
    const missed = tokens.filter((detector) =>
      detector.examples().match.some(({ text: token }) => {
        const written = wrap(token);
        return [text(all, `a ${written} b`), json(all, { a: `a ${written} b` }), json(all, { a: written })].some(
          (out) => out.includes(JSON.stringify(written).slice(1, -1)),
        );
      }),
    );
    // Of base64 in base64 only the beginning is looked for.
    expect(missed.length / tokens.length).toBeLessThan(of === 'base64 of base64' ? 0.2 : 0.05);
  });

  test('a field of base64 stays one', () => {
    const [example] = TOKEN_DETECTORS[0]?.examples().match ?? [];
    const blob = Buffer.from(`${'line of text\n'.repeat(500)}${example?.text}\n${'more text\n'.repeat(500)}`);
    const out = JSON.parse(json(all, { blob: blob.toString('base64') })) as { blob: string };
    expect(Buffer.from(out.blob, 'base64').toString('base64')).toBe(out.blob);
    expect(Buffer.from(out.blob, 'base64').toString()).toMatch(
      /^line of text\n[^]*\[REDACTED:github-token\][^]*more text\n$/,
    );
  });
});

describe('the checksum of GitHub', () => {
  test.each([
    ['A'.repeat(30), '0uCPlr'],
    ['0'.repeat(30), '2C8GjS'],
    ['secretctl0'.repeat(3), '1vzdtc'],
  ])('%s', (body, sum) => {
    expect(githubChecksum(body)).toBe(sum);
    expect(hasChecksum(body + sum)).toBe(true);
    expect(hasChecksum(`${body}${sum.slice(0, 5)}_`)).toBe(false);
  });
});

describe('known values beside shapes', () => {
  const token = TOKEN_DETECTORS[0]?.examples().match[0]?.text ?? '';
  test('the name of a known value wins', () => {
    expect(text(createScrubber([{ name: 'gh', value: token }]), `a ${token} b`)).toBe('a [REDACTED:gh] b');
    expect(text(createScrubber([{ name: 'gh', value: token.slice(8) }]), `a ${token} b`)).toBe('a [REDACTED:gh] b');
  });

  test('a shape in an id, a method or what the client sends back passes; a known value stops the line or goes', () => {
    const known = createScrubber([{ name: 'gh', value: token }]);
    const message = { jsonrpc: '2.0', id: token, result: {} };
    expect(json(all, message)).toBe(JSON.stringify(message));
    expect(() => json(known, message)).toThrow();
    const page = { jsonrpc: '2.0', id: 1, result: { nextCursor: token, resources: [{ uri: token }] } };
    expect(json(all, page)).toBe(JSON.stringify(page));
    expect(json(known, page)).not.toContain(token);
    const table = { jsonrpc: '2.0', id: 1, result: { structuredContent: { uri: token } } };
    expect(json(all, table)).not.toContain(token);
  });
});

const usesIn = ({ literals, literalUses, prefixes, prefixUses, names, nameUses }: Anchors): (readonly Use[])[] => [
  ...literals.map((_, index) => literalUses(index)),
  ...prefixes.map((_, index) => prefixUses(index)),
  ...names.map((_, index) => nameUses(index)),
];

test('the anchors that the bundle has packed are those of the detectors', () => {
  const anchors = anchorsOf(DETECTORS);
  const [packed, asked] = [pack(anchors, DETECTORS), jest.fn(() => DETECTORS)];
  const unpacked = unpack(packed, asked);
  expect(unpacked.literals).toEqual(anchors.literals);
  expect(unpacked.prefixes).toEqual(anchors.prefixes);
  expect(unpacked.names).toEqual(anchors.names);
  expect(asked).not.toHaveBeenCalled();
  expect(usesIn(unpacked)).toEqual(usesIn(anchors));
  expect(() => usesIn(unpack(packed, () => DETECTORS.slice(1)))).toThrow('other detectors');
});

/** Headers of tables inside what may be rows of others. */
const TABLES = ['{"columns":["password"],', '[["password"],', '"columns":["password"],"rows":[["', '"columns":["password"],"rows":[[{', "(a,password) values ('", '| password |\n|---|\n', 'user,password\n', 'password,user\nuser,password\n', 'COPY (a,password) from stdin\n']; // prettier-ignore

describe('time grows with the text and not faster', () => {
  const finder = finderOf(DETECTORS);
  test('every anchor is looked for', () => {
    const sought = new Set(usesIn(anchorsOf(DETECTORS)).flatMap((uses) => uses.map(({ anchor }) => anchor)));
    expect(DETECTORS.flatMap((detector) => detector.anchors).filter((anchor) => !sought.has(anchor))).toEqual([]);
  });
  const anchors = DETECTORS.flatMap((detector) => detector.anchors.slice(0, 1));
  const pumps = [...new Set([...anchors, 'a', '\\', '%41', '%25', 'a.b-c_', 'eyJaaaa.', 'key_', 'QUJD', '61', "'", '@', '$', '"password":"', 'password ', `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}`, '&amp;', 'sk-a1', 'eyJhbGciOiJIUzI1NiJ9.', ...TABLES])]; // prettier-ignore
  /** The best of three, in milliseconds. */
  const best = (input: string): number => Math.min(...[1, 2, 3].map(() => timeOf(input)));
  const timeOf = (input: string): number => {
    const start = process.hrtime.bigint();
    finder.detect(input);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  test('for every anchor, repeated', () => {
    const slow = pumps.filter((pump) => {
      const once = pump.repeat(Math.ceil(10_000 / pump.length));
      // Below five milliseconds the clock measures the machine.
      const limit = Math.max(5, timeOf(once)) * 8;
      return timeOf(once.repeat(4)) > limit && best(once.repeat(4)) > Math.max(5, best(once)) * 8;
    });
    expect(slow).toEqual([]);
  });
});

describe('what the user allows', () => {
  const token = TOKEN_DETECTORS[0]?.examples().match[0]?.text ?? '';
  const fingerprint = allowFingerprint(token) ?? '';
  test('stays, also when it is wrapped, unless it is a known value', () => {
    const by = createScrubber([], { allow: new Set([fingerprint]) });
    for (const written of [token, Buffer.from(token).toString('base64'), encodeURIComponent(token)])
      expect(text(by, `a ${written} b`)).toBe(`a ${written} b`);
    const known = createScrubber([{ name: 'gh', value: token }], { allow: new Set([fingerprint]) });
    expect(text(known, token)).toBe('[REDACTED:gh]');
  });
  test('has no fingerprint when it could be guessed', () => {
    expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(allowFingerprint('hunter2')).toBeUndefined();
  });
});

describe('the prefilter', () => {
  const finder = finderOf(DETECTORS);
  const tokens = DETECTORS.flatMap((detector) => detector.examples().match.map((example) => example.text));
  const spellings: readonly ((token: string) => string)[] = [
    (token) => token,
    (token) => Buffer.from(token).toString('base64'),
    (token) => Buffer.from(`  ${token}`).toString('base64'),
    (token) => Buffer.from(token).toString('hex'),
    (token) => encodeURIComponent(token),
    (token) => JSON.stringify({ token }),
    (token) => JSON.stringify(JSON.stringify([token])),
    (token) => token.replaceAll('/', '\\/'),
  ];
  const { prefilter } = createPrefilter([], [], anchorsOf(DETECTORS));

  test('sees every example in every spelling, in a message and in text', () => {
    const missed: string[] = [];
    const look = (spelled: string): void => {
      if (!prefilter.line(Buffer.from(spelled))) missed.push(spelled);
    };
    for (const string of tokens.flatMap((token) => spellings.map((spell) => ` ${spell(token)} `))) {
      if (finder.detect(string).length === 0) continue;
      const message = JSON.stringify({ a: string });
      look(string);
      look(message);
      look(message.replaceAll('/', '\\/'));
    }
    expect(missed).toEqual([]);
  });

  test('fires wherever a detector would', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...tokens),
        fc.constantFrom(...spellings),
        fc.string(),
        fc.string(),
        fc.boolean(),
        (token, spell, before, after, slashes) => {
          const string = `${before} ${spell(token)} ${after}`;
          fc.pre(finder.detect(string).length > 0);
          const raw = JSON.stringify({ a: string });
          const line = slashes ? raw.replaceAll('/', '\\/') : raw;
          expect([line, prefilter.line(Buffer.from(line))]).toEqual([line, true]);
          expect([string, prefilter.line(Buffer.from(string))]).toEqual([string, true]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
