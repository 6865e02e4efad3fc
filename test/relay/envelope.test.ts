import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { envelopesOf } from '../../src/relay/envelope.js';
import type { Line } from '../../src/relay/frames.js';

const LONG = 'x'.repeat(10_000);
const of = (text: string): unknown => envelopesOf(Buffer.from(text));
/** As a framer leaves a line that was too long. */
const ofEnds = (text: string): unknown => {
  const bytes = Buffer.from(text);
  const line: Line = { head: bytes.subarray(0, 4096), tail: bytes.subarray(-4096) };
  return envelopesOf(line);
};

const REQUEST = ['jsonrpc', 'id', 'method', 'params', 'extra'];
const RESPONSE = ['jsonrpc', 'id', 'result', 'error', 'extra'];
const orderOf = (keys: string[]): fc.Arbitrary<string[]> => fc.shuffledSubarray(keys);

describe('who a message is for', () => {
  test.each([
    ['{"jsonrpc":"2.0","id":1,"result":{"a":1}}', { kind: 'response', id: '1' }],
    ['{"result":{"id":5,"x":",\\"id\\":6}"},"jsonrpc":"2.0","id":"a\\u00e9"}', { kind: 'response', id: '"a\\u00e9"' }],
    ['{"result":{},"id":7,"jsonrpc":"2.0"} \r\n', { kind: 'response', id: '7' }],
    ['{"result":null,"id":12345678901234567890}', { kind: 'response', id: '12345678901234567890' }],
    ['{"id":-1.5e3,"error":{"code":1,"message":"m"}}', { kind: 'response', id: '-1.5e3' }],
    ['{"id":null,"error":{}}', { kind: 'response' }],
    [
      '{"method":"tools/call","params":{"id":2},"jsonrpc":"2.0","id":3}',
      { kind: 'request', method: 'tools/call', id: '3' },
    ],
    ['{"params":{"id":2},"id":3,"method":"ping"}', { kind: 'request', method: 'ping', id: '3' }],
    ['{"\\u006dethod":"p\\u0069ng","\\u0069d":4}', { kind: 'request', method: 'ping', id: '4' }],
    ['{"method":"notifications/initialized"}', { kind: 'notification', method: 'notifications/initialized' }],
    [
      '{"method":"notifications/cancelled","params":{"requestId":9}}',
      { kind: 'notification', method: 'notifications/cancelled', cancels: '9' },
    ],
    ['\ufeff{"id":1,"result":{}}', { kind: 'response', id: '1' }],
  ])('%s', (text, expected) => {
    expect(of(text)).toEqual([expected]);
  });

  test.each(['', 'banner', '"id"', '{', '{"id":1', '{"id":"a\\x","method":"m"}', '[1,2', '{"id":{"a":1}'])(
    'nobody: %s',
    (text) => {
      expect(of(text)).toEqual([]);
    },
  );

  test('each message of a batch', () => {
    expect(of('[{"id":1,"method":"a"},{"method":"b"},{"id":2,"result":0}]')).toEqual([
      { kind: 'request', method: 'a', id: '1' },
      { kind: 'notification', method: 'b' },
      { kind: 'response', id: '2' },
    ]);
  });

  test.each([
    [`{"jsonrpc":"2.0","id":1,"result":{"text":"${LONG}"}}`, { kind: 'response', id: '1' }],
    [`{"result":{"text":"${LONG}"},"jsonrpc":"2.0","id":"abc"}`, { kind: 'response', id: '"abc"' }],
    [`{"method":"m","params":{"text":"${LONG}"},"jsonrpc":"2.0","id":8}`, { kind: 'request', method: 'm', id: '8' }],
  ])('from the ends of a long line alone (%#)', (text, expected) => {
    expect(ofEnds(text)).toEqual([expected]);
  });

  test('the ends of a string that goes through the whole line say nothing', () => {
    expect(ofEnds(`{"text":"${LONG}","id":1}`)).toEqual([]);
    expect(ofEnds(`[{"id":1,"result":"${LONG}"}]`)).toEqual([]);
  });

  test('the same as reading everything, for any order of the members', () => {
    const members = fc.record(
      {
        jsonrpc: fc.constant('2.0'),
        id: fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
        method: fc.string(),
        params: fc.object(),
        result: fc.oneof(fc.object(), fc.constant(null), fc.string()),
        error: fc.object(),
        extra: fc.anything({ values: [fc.string(), fc.integer()] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(orderOf(REQUEST), orderOf(RESPONSE)), members, (order, all) => {
        const message = Object.fromEntries(
          order.flatMap((key) => (key in all ? [[key, all[key as keyof typeof all]]] : [])),
        ) as { id?: unknown; method?: string };
        const text = JSON.stringify(message);
        const read = JSON.parse(text) as typeof message;
        const id = read.id === undefined || read.id === null ? undefined : JSON.stringify(read.id);
        const kind = read.method === undefined ? 'response' : id === undefined ? 'notification' : 'request';
        expect(of(text)).toEqual([
          { kind, ...(read.method !== undefined && { method: read.method }), ...(id !== undefined && { id }) },
        ]);
      }),
    );
  });
});
