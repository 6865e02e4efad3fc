// A corpus of awkward lines, replayed whole and one byte at a time: test/vectors/scrub/lines.json. Each holds placeholders,
// which are filled here, so that no file holds anything that looks like a credential.
//
//   {value} {value:ENCODING}    the known value, as it is or in a spelling of encodings.ts     {head}    its first 14 characters
//   {…|json}                    what stands there as the inside of a JSON string               {repeat N TEXT}    TEXT, N times
//
// `bytes`: a character is a byte. `outcome`: masked, clean (not a byte changes), or withheld.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { createFindings } from '../../src/relay/findings.js';
import { serverLines } from '../../src/relay/messages.js';
import { createScrubber, knownValuesOf, type Scrubber } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { leaks } from './judge.js';
import { STRONG } from './values.js';

interface Line {
  readonly why: string;
  readonly line: string;
  readonly outcome: 'masked' | 'clean' | 'withheld';
  readonly bytes?: true;
}

const FILE = fileURLToPath(new URL('../../../test/vectors/scrub/lines.json', import.meta.url));
const lines = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Line[];

function filled({ line, bytes }: Line, value: string): Buffer {
  const text = line
    .replace(/\{(value|head)(?::([^|}]+))?(?:\|(json|raw))?\}/g, (_, what, encoding, how) => {
      const part = what === 'head' ? value.slice(0, 14) : value;
      const encoded = encoding === undefined ? part : (ENCODINGS[String(encoding)]?.encode(part) ?? '');
      return how === 'json' ? JSON.stringify(encoded).slice(1, -1) : encoded;
    })
    .replace(/\{repeat (\d+) ((?:[^{}]|\{"a":)+?|\})\}/g, (_, times, part) => String(part).repeat(Number(times)));
  return Buffer.from(text, bytes === true ? 'latin1' : 'utf8');
}

/** What a relay would let go of, to the client and aside; how many lines it drops. */
function relayed(scrubber: Scrubber, chunks: readonly Buffer[]): { out: string; aside: string; dropped: number } {
  const aside: Buffer[] = [];
  let dropped = 0;
  const by = serverLines({
    scrubber,
    findings: createFindings(),
    onNoise: (noise) => aside.push(noise),
    onDropped: () => dropped++,
    onFirstLine: () => undefined,
    maxLineBytes: 64 * 1024 * 1024,
    onAnswered: () => undefined,
    onAllAnswered: () => undefined,
    tools: undefined,
  });
  const out = Buffer.concat([...chunks.flatMap((chunk) => by.transform(chunk)), ...by.flush()]);
  return { out: out.toString('latin1'), aside: Buffer.concat(aside).toString('latin1'), dropped };
}

function streamed(scrubber: Scrubber, chunks: readonly Buffer[]): string {
  const stream = scrubber.textStream();
  return Buffer.concat([...chunks.map((chunk) => stream.push(chunk)), stream.end()]).toString('latin1');
}

const singly = (bytes: Buffer): readonly Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe.each(['punctuation', 'quotes and brackets', 'runs of quotes and backslashes', 'prefixed token'])(
  '%s',
  (kind) => {
    const value = STRONG[kind] ?? '';
    const scrubber = createScrubber(knownValuesOf('value', value));

    test.each(lines)('$why', (vector) => {
      const line = filled(vector, value);
      expect(line.toString('latin1')).not.toMatch(/\n|\{(?:value|head|repeat) ?[^"]/);
      const framed = Buffer.concat([Buffer.from('{}\n'), line, Buffer.from('\n{"end":1}\n')]);
      const whole = relayed(scrubber, [framed]);
      // Framing first: the relay's neighbours of the line come through whatever happens to it.
      expect([whole.out.startsWith('{}\n'), whole.out.endsWith('{"end":1}\n')]).toEqual([true, true]);
      expect(relayed(scrubber, singly(framed))).toEqual(whole);
      const text = streamed(scrubber, [framed]);
      expect(streamed(scrubber, singly(framed))).toBe(text);
      expect(whole.dropped).toBe(vector.outcome === 'withheld' ? 1 : 0);
      if (vector.outcome === 'clean') {
        expect(text).toBe(framed.toString('latin1'));
        expect(scrubber.message(line).bytes).toBe(line);
        return;
      }
      expect(leaks(line.toString(), value)).toBe(true);
      for (const output of [whole.out, whole.aside, text])
        expect(leaks(Buffer.from(output, 'latin1').toString(), value)).toBe(false);
      if (vector.outcome === 'masked') expectSame(line, scrubber);
    });
  },
);

/** A message stays one, and what was masked is not masked again. */
function expectSame(line: Buffer, scrubber: Scrubber): void {
  const { kind, bytes } = scrubber.message(line);
  expect(kind).toBe(isMessage(line) ? 'json' : 'text');
  if (kind === 'json') expect(isMessage(bytes)).toBe(true);
  expect(scrubber.message(bytes).bytes).toBe(bytes);
}

function isMessage(line: Buffer): boolean {
  try {
    const parsed: unknown = JSON.parse(line.toString());
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}
