import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createFramer, isWhole } from '../../src/relay/frames.js';

/** Every line as text; `undefined` for one that was longer than the limit. */
function frame(chunks: readonly Buffer[], maxBytes?: number): (string | undefined)[] {
  const framer = createFramer(maxBytes);
  const lines = chunks.flatMap((chunk) => framer.push(chunk));
  return [...lines, ...framer.end()].map((line) => (isWhole(line) ? line.toString('latin1') : undefined));
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const oneByOne = (buffer: Buffer): Buffer[] => Array.from(buffer, (byte) => Buffer.of(byte));

describe('framing', () => {
  test.each([
    ['nothing', '', []],
    ['one line', 'a\n', ['a\n']],
    ['several in one chunk', 'a\nb\nc\n', ['a\n', 'b\n', 'c\n']],
    ['carriage returns stay', 'a\r\nb\n', ['a\r\n', 'b\n']],
    ['blank lines stay', '\n\na\n', ['\n', '\n', 'a\n']],
    ['an unfinished last line', 'a\nb', ['a\n', 'b']],
  ])('%s', (_, input, expected) => {
    expect(frame([bytes(input)])).toEqual(expected);
    expect(frame(oneByOne(bytes(input)))).toEqual(expected);
  });

  test('any bytes, cut anywhere, come out as they went in', () => {
    const chunk = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        expect(bytes(frame(chunks).join(''))).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  test('a line over the limit is dropped, and the next one is whole', () => {
    expect(frame([bytes('12345678\nab\n')], 4)).toEqual([undefined, 'ab\n']);
    expect(frame(oneByOne(bytes('12345678\nab\n')), 4)).toEqual([undefined, 'ab\n']);
    expect(frame([bytes('12345678')], 4)).toEqual([undefined]);
  });

  test('memory stays bounded while an endless line is dropped', () => {
    const framer = createFramer(1024);
    for (let round = 0; round < 100; round++) expect(framer.push(Buffer.alloc(1024, 0x61))).toEqual([]);
    expect(framer.push(bytes('\nx\n')).map((line) => isWhole(line) && line.toString())).toEqual([false, 'x\n']);
  });
});
