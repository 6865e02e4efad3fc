import { expect, test } from '@jest/globals';
import { createPending } from '../../src/relay/pending.js';

const line = (message: unknown): Buffer => Buffer.from(`${JSON.stringify(message)}\n`);

test('what was asked and not answered, in order, with the ids as they came', () => {
  const pending = createPending();
  pending.asked(line({ method: 'notifications/initialized' }));
  expect(pending.hasAsked).toBe(false);
  for (const byte of Buffer.from('{"id":9007199254740993,"method":"a"}\n{"method":"b","id":"x\\u0041"}\n'))
    pending.asked(Buffer.of(byte));
  pending.asked(Buffer.concat([line({ id: 1, method: 'c' }), line([{ id: 2, method: 'd' }, { method: 'n' }])]));
  pending.asked(line({ id: 3, method: 'e' }));
  pending.asked(line({ method: 'notifications/cancelled', params: { requestId: 3 } }));
  pending.answered(line({ result: {}, id: 1 }));
  // A request of the server has an id of its own.
  pending.answered(line({ method: 'roots/list', id: 2 }));
  expect(pending.take()).toEqual(['9007199254740993', '"x\\u0041"', '2']);
  expect(pending.take()).toEqual([]);
  expect(pending.hasAsked).toBe(true);
});

test('a server that rounds a number or spells an id in its own way has answered', () => {
  const pending = createPending();
  pending.asked(
    Buffer.from('{"id":9007199254740993,"method":"a"}\n{"method":"b","id":"x\\u0041"}\n{"id":1.0,"method":"c"}\n'),
  );
  pending.answered(Buffer.from('{"id":9007199254740992,"result":{}}'));
  pending.answered(Buffer.from('[{"id":"xA","result":{}},{"id":1,"result":{}}]'));
  expect(pending.take()).toEqual([]);
});

test('a request of many megabytes, and one without a newline', () => {
  const pending = createPending();
  const params = { text: 'x'.repeat(3_000_000) };
  pending.asked(line({ jsonrpc: '2.0', method: 'a', params, id: 1 }));
  pending.asked(Buffer.from('{"id":2,"method":"b"}'));
  expect(pending.take()).toEqual(['1', '2']);
});

test('lines that leave together answer each its own request, and notifications among them none', () => {
  const pending = createPending();
  pending.asked(Buffer.from('{"id":1,"method":"a"}\n{"id":"two","method":"b"}\n{"id":3,"method":"c"}\n'));
  const texts = [
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}',
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '{"jsonrpc":"2.0","method":"roots/list","id":3}',
    '{"jsonrpc":"2.0"}',
    '{"result":{},"id":"two"}',
  ];
  const lines = Buffer.from(texts.map((text) => `${text}\n`).join(''));
  const ends = texts.map((_, index) => Buffer.byteLength(texts.slice(0, index + 1).join('\n')));
  pending.allAnswered(lines, ends);
  expect(pending.take()).toEqual(['3']);
});
