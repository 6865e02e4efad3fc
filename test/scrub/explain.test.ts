// Explanations say where and what, and never anything from which a known value could be guessed.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createExplainer, type FindingDetail } from '../../src/scrub/explain.js';
import { changedTokens } from '../../src/scrub/pointer.js';
import { createScrubber, knownValuesOf, type KnownValue } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { STRONG } from './values.js';

const secret = STRONG.punctuation ?? '';
const known = knownValuesOf('db.password', secret);
const shape = ['vQ8', 'rT2mZ', 'x5LkP9w'].join('');

function explained(line: string, values: readonly KnownValue[] = known): readonly FindingDetail[] {
  const explainer = createExplainer(values);
  const before = Buffer.from(line);
  const { bytes, kind } = createScrubber(values, { watch: explainer.watch }).message(before);
  return explainer.explain(before, bytes, kind);
}

const fingerprints = (text: string, values: readonly KnownValue[]): unknown[] =>
  explained(text, values).map(({ fingerprint }) => fingerprint);

describe('every known finding', () => {
  test.each(Object.keys(ENCODINGS))('in a string of a message, without the value: %s', (encoding) => {
    const text = `before ${ENCODINGS[encoding]?.encode(secret) ?? ''} after`;
    const details = explained(JSON.stringify({ id: 1, result: { text } }));
    expect(details).not.toEqual([]);
    for (const detail of details)
      expect(detail).toMatchObject({
        name: 'db.password',
        known: true,
        pointer: '/result/text',
        fingerprint: undefined,
      });
    const told = JSON.stringify(details);
    expect(told).not.toContain(secret.slice(0, 4));
    expect(told).not.toContain('sha256');
  });

  test('as a number, in a name, in text', () => {
    const digits = ['4711', '0815', '2342'].join('');
    const values = [{ name: 'pin', value: digits }];
    expect(explained(`{"a":[true,[],${digits}]}`, values)).toMatchObject([{ pointer: '/a/2', length: '8-15' }]);
    expect(explained(`{"${digits}":1}`, values)).toMatchObject([{ pointer: '/[REDACTED:pin]', inName: true }]);
    expect(explained(`😀 ${digits}`, values)).toMatchObject([{ pointer: undefined, column: 3 }]);
    expect(explained(JSON.stringify({ a: [1, 2], data: [7, ...Buffer.from(secret)] }))).toMatchObject([
      { name: 'db.password', form: 'decimal', pointer: '/data/1', inName: false },
    ]);
  });

  test('each of several, and each line for itself', () => {
    expect(explained(JSON.stringify([secret, { b: [`x ${secret} ${secret}`] }]))).toMatchObject([
      { pointer: '/0', column: 1 },
      { pointer: '/1/b/0', column: 3 },
      { pointer: '/1/b/0', column: 4 + secret.length },
    ]);
    const explainer = createExplainer(known);
    const scrubber = createScrubber(known, { watch: explainer.watch });
    const first = Buffer.from(`x ${secret}`);
    expect(explainer.explain(first, scrubber.text(first).bytes, 'text')).toHaveLength(1);
    const clean = Buffer.from('nothing');
    expect(explainer.explain(clean, scrubber.text(clean).bytes, 'text')).toEqual([]);
  });
});

describe('a shape', () => {
  test('has the fingerprint with which it stays', () => {
    const line = Buffer.from(JSON.stringify({ result: { text: `password=${shape}` } }));
    const [detail] = explained(line.toString(), []);
    expect(detail).toMatchObject({ known: false, name: 'password', pointer: '/result/text', column: 10 });
    const allow = new Set([detail?.fingerprint ?? '']);
    expect(createScrubber([], { allow }).message(line).bytes).toBe(line);
  });

  test('has none when it is short, a known value, a part of one, or holds one', () => {
    expect(fingerprints(`password=${shape.slice(0, 6)}`, []).filter(Boolean)).toEqual([]);
    expect(fingerprints(`password=${shape}`, [{ name: 'v', value: shape }])).toEqual([undefined]);
    expect(fingerprints(`password=${shape}`, [{ name: 'v', value: `${shape} and more`, whole: true }])).toEqual([
      undefined,
    ]);
    expect(fingerprints(`password=${shape}`, [{ name: 'v', value: shape.slice(0, 12) }])).toEqual([undefined]);
  });

  test('looking on changes nothing', () => {
    const line = Buffer.from(JSON.stringify({ text: `password=${shape} ${secret}`, id: 2 }));
    const watched = createScrubber(known, { watch: () => undefined }).message(line);
    expect(watched).toEqual(createScrubber(known).message(line));
  });
});

test('a pointer leads to what was changed, in any document', () => {
  const leaf = fc.oneof(fc.constant(secret), fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
  }));
  const scrubber = createScrubber(known, { detectors: [] });
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 2 }), (document, space) => {
      // Blanks between the tokens, too; the newlines among them never come in one line, and change nothing.
      const before = Buffer.from(JSON.stringify([document], null, space));
      const { bytes } = scrubber.message(before);
      const changed = changedTokens(before, bytes);
      const parsed: unknown = JSON.parse(bytes.toString());
      for (const { pointer, text } of changed) {
        expect(text).toBe(secret);
        expect(follow(parsed, pointer)).toBe('[REDACTED:db.password]');
      }
      expect(changed.length).toBe(count(document));
    }),
  );
});

function follow(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], document);
}

function count(node: unknown): number {
  if (node === secret) return 1;
  if (typeof node !== 'object' || node === null) return 0;
  return Object.values(node).reduce<number>((sum, item) => sum + count(item), 0);
}
