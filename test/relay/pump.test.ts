import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { pump } from '../../src/relay/pump.js';

const same = (chunk: Buffer): readonly Buffer[] => [chunk];

/** A sink that takes one chunk at a time and counts how many wait. */
function slowSink() {
  const received: Buffer[] = [];
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      received.push(chunk);
      setImmediate(done);
    },
  });
  return { sink, received };
}

describe('pumping', () => {
  test('everything arrives, in order, at the pace of a slow sink', async () => {
    const chunks = Array.from({ length: 500 }, (_, index) => Buffer.from(`${index};`));
    const { sink, received } = slowSink();
    let read = 0;
    let most = 0;
    const source = Readable.from(chunks, { highWaterMark: 1 });
    const how = await pump(source, sink, {
      transform: (chunk) => {
        read++;
        most = Math.max(most, read - received.length);
        return [chunk];
      },
    });
    sink.end();
    await new Promise((resolve) => sink.once('finish', resolve));
    expect(how).toBe('ended');
    expect(Buffer.concat(received)).toEqual(Buffer.concat(chunks));
    expect(most).toBeLessThan(5);
  });

  test('what is left is written at the end', async () => {
    const sink = new PassThrough();
    await pump(Readable.from([Buffer.from('a')]), sink, { transform: same, flush: () => [Buffer.from('z')] });
    expect((sink.read() as Buffer).toString()).toBe('az');
  });

  test('lines of one chunk are one write, and what came between them is another', async () => {
    const { sink, received } = slowSink();
    const chunk = Buffer.from('one\ntwo\nthree\nfour\n');
    const [one, two, four] = [chunk.subarray(0, 4), chunk.subarray(4, 8), chunk.subarray(14)];
    const parts = [one, two, chunk.subarray(8, 8), Buffer.from('3\n'), four, one, one];
    await pump(Readable.from([chunk]), sink, { transform: () => parts, untilTaken: true });
    expect(received.map(String)).toEqual(['one\ntwo\n', '3\n', 'four\n', 'one\n', 'one\n', '']);
  });

  test('untilTaken waits for a sink that is slow to take the last bytes', async () => {
    const { sink, received } = slowSink();
    const big = Buffer.alloc(300_000, 0x61);
    expect(await pump(Readable.from([big]), sink, { transform: same, untilTaken: true })).toBe('ended');
    expect(Buffer.concat(received).length).toBe(big.length);
  });

  test('a sink that does not read holds up the source only beyond the buffer, so that its end is seen', async () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined });
    const source = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1000)));
    expect(await pump(source, stuck, { transform: same, buffer: 1_000_000 })).toBe('ended');
  });

  test('a sink that is closed ends the pump', async () => {
    const sink = new PassThrough();
    const source = new PassThrough();
    const pumping = pump(source, sink, { transform: same });
    sink.destroy();
    source.write('x');
    expect(await pumping).toBe('closed');
  });

  test('a transform that throws rejects, and nothing of the chunk is written', async () => {
    const sink = new PassThrough();
    const failing = pump(Readable.from([Buffer.from('a')]), sink, {
      transform: () => {
        throw new Error('no');
      },
    });
    await expect(failing).rejects.toThrow('no');
    expect(sink.read()).toBeNull();
  });

  test('an abort stops reading and leaves no listener behind', async () => {
    const source = new PassThrough();
    const sink = new PassThrough();
    const before = [source.listenerCount('data'), source.listenerCount('end'), sink.listenerCount('drain')];
    const stop = new AbortController();
    const pumping = pump(source, sink, { transform: same, signal: stop.signal });
    stop.abort();
    expect(await pumping).toBe('stopped');
    expect([source.listenerCount('data'), source.listenerCount('end'), sink.listenerCount('drain')]).toEqual(before);
  });
});
