import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber, knownValuesOf } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { generator, randomText, STRONG } from './values.js';

const secret = STRONG.punctuation ?? '';
const scrubber = createScrubber(knownValuesOf('db.password', secret), { detectors: [] });
const MASK = '[REDACTED:db.password]';

/** What comes out for these chunks, each push on its own. */
function pushes(chunks: readonly Buffer[], by = scrubber): readonly Buffer[] {
  const stream = by.textStream();
  return [...chunks.map((chunk) => stream.push(chunk)), stream.end()];
}

function cut(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

/** Bytes of every kind in lines of every length. */
function noise(size: number, lineLength: number): Buffer {
  const next = generator(99);
  const bytes = Buffer.from(Array.from({ length: size }, () => next(256)));
  for (let at = 0; at < size; at++)
    if (bytes[at] === 0x0a || next(lineLength) === 0) bytes[at] = bytes[at] === 0x0a ? 0x20 : 0x0a;
  return bytes;
}

describe('bytes in, equal bytes out (R16)', () => {
  const text = Buffer.from('caf\u00e9 \u65e5\u672c\u8a9e \u{1f600} line\r\n\nno end \u00ff\u2028');
  test.each([1, 2, 3, 5, 7, 64])('multi-byte text in chunks of %d', (size) => {
    expect(Buffer.concat(pushes(cut(text, size)))).toEqual(text);
  });

  test.each([
    [1, 3_000, 40],
    [17, 60_000, 300],
    [4096, 400_000, 1_000_000],
    [100_000, 400_000, 1_000_000],
    [400_000, 400_000, 70_000],
  ])('arbitrary bytes in chunks of %d', (size, length, lineLength) => {
    const bytes = noise(length, lineLength);
    expect(Buffer.concat(pushes(cut(bytes, size))).equals(bytes)).toBe(true);
  });
});

describe('lines', () => {
  test('R01: a line that has ended leaves at once, whole', () => {
    const stream = scrubber.textStream();
    expect(stream.push(Buffer.from('ready\n')).toString()).toBe('ready\n');
    expect(stream.push(Buffer.from(`pw ${secret}\nnext`)).toString()).toBe(`pw ${MASK}\n`);
    expect(stream.push(Buffer.from(' line\n')).toString()).toBe('next line\n');
    expect(stream.end().toString()).toBe('');
    expect(stream.findings).toEqual([{ name: 'db.password', count: 1 }]);
  });

  test.each(Object.keys(ENCODINGS))('R15: one byte at a time: %s', (encoding) => {
    const text = `first\nbefore ${ENCODINGS[encoding]?.encode(secret) ?? ''} after\nlast`;
    const whole = Buffer.concat(pushes([Buffer.from(text)])).toString();
    const single = Buffer.concat(pushes(cut(Buffer.from(text), 1))).toString();
    expect(single).toBe(whole);
    expect(single).not.toContain(secret);
  });

  test('at every split point', () => {
    const bytes = Buffer.from(`a\n${secret} \u00e9 ${encodeURIComponent(secret)}\r\n${secret}`);
    const whole = `a\n${MASK} \u00e9 ${MASK}\r\n${MASK}`;
    for (let at = 0; at <= bytes.length; at++)
      expect(Buffer.concat(pushes([bytes.subarray(0, at), bytes.subarray(at)])).toString()).toBe(whole);
  });
});

describe('lines without an end', () => {
  test.each([1000, 65_536, 300_000])('no match is cut in two, in chunks of %d', (size) => {
    const parts: string[] = [];
    for (let index = 0; index < 40; index++) {
      const filler = index % 4 === 0 ? '.' : ' lorem ipsum';
      const encodings = Object.values(ENCODINGS).filter(({ group }) => group !== 'inside');
      const encoded = encodings[index % encodings.length]?.encode(secret).replaceAll('\n', ' ') ?? '';
      parts.push(filler.repeat(Math.floor((7001 + index * 97) / filler.length)), encoded);
    }
    const bytes = Buffer.from(parts.join(' '));
    const out = Buffer.concat(pushes(cut(bytes, size))).toString();
    const reference = scrubber.text(bytes).bytes.toString();
    expect(out).toBe(reference);
  });

  test('a value at every place around the window', () => {
    for (let lead = 30_700; lead < 32_800; lead += 7) {
      const bytes = Buffer.from(`${'x '.repeat(lead)}${secret} ${'y '.repeat(40_000)}`);
      const out = Buffer.concat(pushes(cut(bytes, 8192))).toString();
      expect(out).toContain(MASK);
      expect(out).not.toContain(secret.slice(0, 12));
      expect(out).not.toContain(secret.slice(-12));
    }
  });

  test('most of it leaves before the end, and memory stays bounded', () => {
    const stream = scrubber.textStream();
    const chunk = Buffer.alloc(1 << 20, 'abc ');
    let held = 0;
    for (let index = 0; index < 20; index++) {
      held += chunk.length - stream.push(chunk).length;
      expect(held).toBeLessThan(200_000);
    }
    expect(stream.end().length).toBe(held);
  });

  test('base64 without an end', () => {
    const run = randomText(150_000);
    const middle = Buffer.from(`k=${secret};`).toString('base64');
    const out = Buffer.concat(pushes(cut(Buffer.from(run + middle + run), 10_000))).toString();
    expect(out).toContain(MASK);
    expect(Buffer.from(out, 'base64').toString()).not.toContain(secret.slice(3, 11));
    expect(out).not.toContain(middle.slice(4, 20));
  });
});

/** One byte at a time, and a pause behind each. */
function slowly(text: string): string {
  const stream = scrubber.textStream();
  const out = [...Buffer.from(text)].flatMap((byte) => [stream.push(Buffer.of(byte)), stream.idle()]);
  return Buffer.concat([...out, stream.end()]).toString();
}

describe('pauses, after which what is settled leaves', () => {
  test.each([
    ['hex', 2, ' ', 16],
    ['hex with 0x', 2, ', 0x', 16],
    ['decimal', 0, ' ', 10],
    ['a decimal list', 0, ', ', 10],
    ['groups of hex digits', 8, ' ', 16],
  ])('a value as a list with blanks: %s', (_name, width, between, base) => {
    const bytes = [...Buffer.from(secret)].map((byte) => byte.toString(base).padStart(Math.min(width, 2), '0'));
    const listed = width === 8 ? (bytes.join('').match(/.{1,8}/g) ?? []).join(between) : bytes.join(between);
    const out = slowly(`bytes ${listed} end`);
    expect(out).toContain('REDACTED');
    // Two bytes at most leave before there is a list.
    expect(out).not.toContain(listed.slice(0, listed.indexOf(between, listed.indexOf(between) + 1) + 6));
  });

  test.each(['Port [5432]: ', 'Choose 1, 2 or 3: ', 'Delete decade? ', '99% '])('a prompt leaves: %s', (prompt) => {
    const stream = scrubber.textStream();
    expect(stream.push(Buffer.from(prompt)).toString() + stream.idle().toString()).toBe(prompt);
  });
});

test('any text in any chunks comes out as in one', () => {
  const value = fc.constantFrom(...Object.values(ENCODINGS)).map(({ encode }) => encode(secret));
  const part = fc.oneof(fc.string({ unit: 'binary' }), value, fc.constantFrom('\n', '\r\n', ' '));
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''));
        const chunks: Buffer[] = [];
        for (let at = 0, index = 0; at < bytes.length; at += sizes[index++ % sizes.length] ?? 1)
          chunks.push(bytes.subarray(at, at + (sizes[index % sizes.length] ?? 1)));
        expect(Buffer.concat(pushes(chunks))).toEqual(Buffer.concat(pushes([bytes])));
      },
    ),
  );
});
